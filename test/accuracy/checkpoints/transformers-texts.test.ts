/** transformers' text networks, whole: weights and config.json in, what their own forward passes give out, within float32. */
import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { writeNpy } from '../../../src/workload/import/npy-writer.ts';
import { type Rows, relativeError } from '../../numerics/execute/oracle.ts';
import { activations, Checkpoint, inferText, layer, type Run, type Shapes } from './checkpoint.ts';
import { pooledLogits, textForward, textShapes, VOCABULARY, wordLogits } from './transformers-texts.ts';

const TOLERANCE = 1e-5;
/** One token is RoBERTa's padding, within the text. */
const WORDS = [3, 7, 1, 19, 0, 12];

const stack = { hidden_size: 12, num_attention_heads: 3, num_hidden_layers: 2, intermediate_size: 16 };
const bert = { model_type: 'bert', ...stack, max_position_embeddings: 10, vocab_size: VOCABULARY };
const roberta = { ...bert, model_type: 'roberta', max_position_embeddings: 12, layer_norm_eps: 1e-5 };
const distil = {
  model_type: 'distilbert',
  dim: 12,
  n_heads: 3,
  n_layers: 2,
  hidden_dim: 16,
  vocab_size: VOCABULARY,
  max_position_embeddings: 10,
  sinusoidal_pos_embds: false,
  tie_weights_: true,
};

const bertShapes = (...heads: Shapes[]) => textShapes({ prefix: 'bert.', positions: 10 }, ...heads);
const robertaShapes = (...heads: Shapes[]) => textShapes({ prefix: 'roberta.', positions: 12 }, ...heads);
const distilShapes = (...heads: Shapes[]) =>
  textShapes({ prefix: 'distilbert.', positions: 10, distil: true }, ...heads);

const hiddenOfBert = (c: Checkpoint, act = 'gelu'): Rows => textForward(c, WORDS, { prefix: 'bert.', act });
const ofRoberta = { prefix: 'roberta.', padding: 1, eps: 1e-5 };
const hiddenOfRoberta = (c: Checkpoint): Rows => textForward(c, WORDS, ofRoberta);
const hiddenOfDistil = (c: Checkpoint): Rows =>
  textForward(c, WORDS, { prefix: 'distilbert.', distil: true });

const bertPooler = layer('bert.pooler.dense', 12, 12);
const bertWords: Shapes = [
  ['cls.predictions.bias', VOCABULARY],
  ...layer('cls.predictions.transform.dense', 12, 12),
  ...layer('cls.predictions.transform.LayerNorm', 12),
];
const pair = layer('cls.seq_relationship', 2, 12);
const names = {
  dense: 'cls.predictions.transform.dense',
  norm: 'cls.predictions.transform.LayerNorm',
  weight: 'bert.embeddings.word_embeddings.weight',
  bias: 'cls.predictions.bias',
};

interface Case {
  readonly shapes: Shapes;
  readonly want: (c: Checkpoint) => Rows;
  readonly run: Run;
}

const cases: Readonly<Record<string, Case>> = {
  'BERT for sequence classification, without architectures': {
    shapes: bertShapes(bertPooler, layer('classifier', 3, 12)),
    want: c => pooledLogits(c, hiddenOfBert(c), 'bert.pooler.dense', 'classifier'),
    run: { config: bert },
  },
  'BERT for token classification, without architectures': {
    shapes: bertShapes(layer('classifier', 3, 12)),
    want: c => c.linear(hiddenOfBert(c), 'classifier'),
    run: { config: bert },
  },
  'BERT for token classification beside a pooler that it does not run': {
    shapes: bertShapes(bertPooler, layer('classifier', 3, 12)),
    want: c => c.linear(hiddenOfBert(c), 'classifier'),
    run: { config: { ...bert, architectures: ['BertForTokenClassification'] } },
  },
  'BERT for questions: start and end of a span': {
    shapes: bertShapes(layer('qa_outputs', 2, 12)),
    want: c => c.linear(hiddenOfBert(c), 'qa_outputs'),
    run: { config: { ...bert, architectures: ['BertForQuestionAnswering'] } },
  },
  'BERT for pairs of sentences': {
    shapes: bertShapes(bertPooler, pair),
    want: c => pooledLogits(c, hiddenOfBert(c), 'bert.pooler.dense', 'cls.seq_relationship'),
    run: { config: { ...bert, architectures: ['BertForNextSentencePrediction'] } },
  },
  'BERT as a masked language model': {
    shapes: bertShapes(bertWords),
    want: c => wordLogits(c, hiddenOfBert(c), names),
    run: { config: { ...bert, architectures: ['BertForMaskedLM'] } },
  },
  'BERT as a masked language model with relu, all its heads stored': {
    shapes: bertShapes(bertPooler, bertWords, pair),
    want: c => wordLogits(c, hiddenOfBert(c, 'relu'), names, 'relu'),
    run: {
      config: { ...bert, hidden_act: 'relu', architectures: ['BertForPreTraining'] },
      options: { ignoreTensors: 'cls.seq_relationship.*' },
    },
  },
  'BERT with a matrix of words of its own': {
    shapes: bertShapes(bertWords, [['cls.predictions.decoder.weight', VOCABULARY, 12]]),
    want: c => wordLogits(c, hiddenOfBert(c), { ...names, weight: 'cls.predictions.decoder.weight' }),
    run: { config: { ...bert, tie_word_embeddings: false } },
  },
  'a bare BERT gives its hidden states': {
    shapes: textShapes({ prefix: '', positions: 10 }, layer('pooler.dense', 12, 12)),
    want: c => textForward(c, WORDS, { prefix: '' }),
    run: { config: { ...bert, architectures: ['BertModel'] } },
  },
  'BERT whose head is left out': {
    shapes: bertShapes(bertPooler, layer('classifier', 3, 12)),
    want: c => hiddenOfBert(c),
    run: {
      config: { ...bert, architectures: ['BertForSequenceClassification'] },
      options: { ignoreTensors: 'classifier.*' },
    },
  },
  'RoBERTa without prefix': {
    shapes: textShapes({ prefix: '', positions: 12 }, layer('pooler.dense', 12, 12)),
    want: c => textForward(c, WORDS, { ...ofRoberta, prefix: '' }),
    run: { config: { ...roberta, architectures: ['RobertaModel'], type_vocab_size: 2, pad_token_id: 1 } },
  },
  'RoBERTa for sequence classification': {
    shapes: robertaShapes(layer('classifier.dense', 12, 12), layer('classifier.out_proj', 3, 12)),
    want: c => pooledLogits(c, hiddenOfRoberta(c), 'classifier.dense', 'classifier.out_proj'),
    run: { config: roberta },
  },
  'XLM-RoBERTa for token classification, a pooler beside it': {
    shapes: robertaShapes(layer('roberta.pooler.dense', 12, 12), layer('classifier', 3, 12)),
    want: c => c.linear(hiddenOfRoberta(c), 'classifier'),
    run: { config: { ...roberta, model_type: 'xlm-roberta' } },
  },
  'CamemBERT as a masked language model': {
    shapes: robertaShapes(layer('lm_head.dense', 12, 12), layer('lm_head.layer_norm', 12), [
      ['lm_head.bias', VOCABULARY],
    ]),
    want: c => {
      const own = { dense: 'lm_head.dense', norm: 'lm_head.layer_norm', bias: 'lm_head.bias', eps: 1e-5 };
      return wordLogits(c, hiddenOfRoberta(c), {
        ...own,
        weight: 'roberta.embeddings.word_embeddings.weight',
      });
    },
    run: { config: { ...roberta, model_type: 'camembert', architectures: ['CamembertForMaskedLM'] } },
  },
  'DistilBERT for sequence classification': {
    shapes: distilShapes(layer('pre_classifier', 12, 12), layer('classifier', 3, 12)),
    want: c => pooledLogits(c, hiddenOfDistil(c), 'pre_classifier', 'classifier', activations.relu),
    run: { config: { ...distil, architectures: ['DistilBertForSequenceClassification'] } },
  },
  'DistilBERT for questions': {
    shapes: distilShapes(layer('qa_outputs', 2, 12)),
    want: c => c.linear(hiddenOfDistil(c), 'qa_outputs'),
    run: { config: distil },
  },
  'DistilBERT as a masked language model': {
    shapes: distilShapes(layer('vocab_transform', 12, 12), layer('vocab_layer_norm', 12), [
      ['vocab_projector.bias', VOCABULARY],
    ]),
    want: c => {
      const own = { dense: 'vocab_transform', norm: 'vocab_layer_norm', bias: 'vocab_projector.bias' };
      const weight = 'distilbert.embeddings.word_embeddings.weight';
      return wordLogits(c, hiddenOfDistil(c), { ...own, weight });
    },
    run: { config: distil },
  },
  'a bare DistilBERT': {
    shapes: textShapes({ prefix: '', positions: 10, distil: true }),
    want: c => textForward(c, WORDS, { prefix: '', distil: true }),
    run: { config: { ...distil, architectures: ['DistilBertModel'] } },
  },
};

for (const [name, { shapes, want, run }] of Object.entries(cases))
  test(`transformers: ${name}`, async t => {
    const checkpoint = new Checkpoint(4, shapes);
    const rows = want(checkpoint);
    const { logits, shape } = await inferText(checkpoint, WORDS, run);
    const got = rows.map((row, i) => [...logits.slice(i * row.length, (i + 1) * row.length)]);
    t.deepEqual(shape, rows.length === 1 ? [1, rows[0].length] : [1, rows.length, rows[0].length]);
    t.true(relativeError(got, rows) < TOLERANCE, `${got[0]} for ${rows[0]}`);
  });

const classified = bertShapes(bertPooler, layer('classifier', 3, 12));
const refused: Readonly<Record<string, [Shapes, Run, RegExp]>> = {
  'two heads of which nobody names one': [
    bertShapes(bertPooler, bertWords, pair),
    { config: bert },
    /two heads: cls\.predictions\.transform\.dense\.weight and cls\.seq_relationship\.weight; leave one out: --ignore-tensors 'cls\.seq_relationship\.\*'/,
  ],
  'two heads of which one is named': [
    bertShapes(bertPooler, bertWords, pair),
    { config: { ...bert, architectures: ['BertForMaskedLM'] } },
    /no part of bert reads cls\.seq_relationship\.weight, cls\.seq_relationship\.bias/,
  ],
  'a class that computes something else': [
    classified,
    { config: { ...bert, architectures: ['BertLMHeadModel'] } },
    /'BertLMHeadModel' is not supported; known: BertForSequenceClassification/,
  ],
  'two matrices of words that are said to be one': [
    bertShapes(bertWords, [['cls.predictions.decoder.weight', VOCABULARY, 12]]),
    { config: bert },
    /cls\.predictions\.decoder\.weight and bert\.embeddings\.word_embeddings\.weight are one parameter, but their values differ/,
  ],
  'RoBERTa’s names beside BERT’s configuration': [
    robertaShapes(),
    { config: bert },
    /position_embeddings\.weight: expected \[10, 12\], got \[12, 12\]/,
  ],
  'a head for words with another activation than RoBERTa’s': [
    robertaShapes(layer('lm_head.dense', 12, 12), layer('lm_head.layer_norm', 12), [
      ['lm_head.bias', VOCABULARY],
    ]),
    { config: { ...roberta, hidden_act: 'relu' } },
    /hidden_act: 'relu' beside a head for words/,
  ],
  'a text network at an image size': [
    classified,
    { config: bert, options: { imageSize: '8' } },
    /image size 8: bert has texts, no image/,
  ],
};

for (const [name, [shapes, run, message]] of Object.entries(refused))
  test(`refused: ${name}`, async t => {
    const checkpoint = new Checkpoint(4, shapes);
    await t.throwsAsync(inferText(checkpoint, WORDS, run), { instanceOf: TrexError, message });
  });

test('what safetensors stores once is found under its other name', async t => {
  const checkpoint = new Checkpoint(4, bertShapes(bertWords));
  const rows = wordLogits(checkpoint, hiddenOfBert(checkpoint), names);
  const alias = {
    'cls.predictions.decoder.weight': names.weight,
    'cls.predictions.decoder.bias': names.bias,
  };
  const { logits } = await inferText(checkpoint, WORDS, {
    config: bert,
    metadata: { format: 'pt', ...alias },
  });
  const got = rows.map((row, i) => [...logits.slice(i * row.length, (i + 1) * row.length)]);
  t.true(relativeError(got, rows) < TOLERANCE);
  // The table alone is left under the name of the decoder.
  const other = checkpoint.renamed(n => (n === names.weight ? 'cls.predictions.decoder.weight' : n));
  const metadata = { [names.weight]: 'cls.predictions.decoder.weight' };
  t.deepEqual((await inferText(other, WORDS, { config: bert, metadata })).logits, logits);
});

test('segment types are whole numbers that the network has', async t => {
  const checkpoint = new Checkpoint(4, bertShapes());
  const withTypes = (types: number[], config: object = bert, c = checkpoint) => {
    const files = { 'types.npy': writeNpy(Float32Array.from(types), [1, types.length]) };
    return inferText(c, WORDS, { config, files, options: { types: 'types.npy' } });
  };
  const types = [0, 0, 1, 1, 0, 1];
  const want = textForward(checkpoint, WORDS, { prefix: 'bert.', types });
  const { logits } = await withTypes(types);
  const got = want.map((_, i) => [...logits.slice(i * 12, (i + 1) * 12)]);
  t.true(relativeError(got, want) < TOLERANCE);
  await t.throwsAsync(withTypes([0, 0.5, 1, 1, 0, 1]), {
    message: 'types.npy: element 1 is 0.5; bert has segment types 0 to 1',
  });
  await t.throwsAsync(withTypes([0, 0, 2, 1, 0, 1]), {
    message: /element 2 is 2; bert has segment types 0 to 1/,
  });
  const without = new Checkpoint(4, distilShapes());
  await t.throwsAsync(withTypes(types, distil, without), { message: /distilbert has no segment types/ });
});
