/** A Hugging Face config.json makes the model that transformers would build, or is refused. */
import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { ACTIVATIONS, type Activation } from '../../../src/workload/encoder-shape.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { modelFromConfigJson } from '../../../src/workload/import/config-json.ts';
import { modelSummary } from '../../../src/workload/summary.ts';

// As google/vit-base-patch16-224 has it, its 1000 labels shortened to 3.
const vit = {
  _name_or_path: 'google/vit-base-patch16-224',
  architectures: ['ViTForImageClassification'],
  attention_probs_dropout_prob: 0.0,
  hidden_act: 'gelu',
  hidden_dropout_prob: 0.0,
  hidden_size: 768,
  id2label: { 0: 'tench', 1: 'goldfish', 2: 'great white shark' },
  image_size: 224,
  initializer_range: 0.02,
  intermediate_size: 3072,
  layer_norm_eps: 1e-12,
  model_type: 'vit',
  num_attention_heads: 12,
  num_channels: 3,
  num_hidden_layers: 12,
  patch_size: 16,
  qkv_bias: true,
  transformers_version: '4.13.0.dev0',
};

// As google-bert/bert-base-uncased has it.
const bert = {
  architectures: ['BertForMaskedLM'],
  attention_probs_dropout_prob: 0.1,
  gradient_checkpointing: false,
  hidden_act: 'gelu',
  hidden_dropout_prob: 0.1,
  hidden_size: 768,
  initializer_range: 0.02,
  intermediate_size: 3072,
  layer_norm_eps: 1e-12,
  max_position_embeddings: 512,
  model_type: 'bert',
  num_attention_heads: 12,
  num_hidden_layers: 12,
  pad_token_id: 0,
  position_embedding_type: 'absolute',
  type_vocab_size: 2,
  use_cache: true,
  vocab_size: 30522,
};

test('ViT-Base', t => {
  t.like(modelFromConfigJson(JSON.stringify(vit)), {
    name: 'vit-base-patch16-224',
    family: 'vit',
    encoders: 12,
    dim: 768,
    heads: 12,
    hidden: 3072,
    qkvBias: true,
    activation: 'gelu',
    normEps: 1e-12,
    imageSize: 224,
    patchSize: 16,
    inChannels: 3,
    classes: 3,
    distilled: false,
    tokens: 197,
  });
});

test('ViT-Base with 1000 labels has 86,567,656 parameters', t => {
  const { id2label, ...rest } = vit;
  t.is(Object.keys(id2label).length, 3);
  t.is(modelSummary(modelFromConfigJson({ ...rest, num_labels: 1000 })).params, 86_567_656);
});

test('fields that are left out have the defaults of transformers', t => {
  t.like(modelFromConfigJson({ model_type: 'vit', architectures: ['ViTForImageClassification'] }), {
    name: 'vit',
    dim: 768,
    encoders: 12,
    hidden: 3072,
    normEps: 1e-12,
    patchSize: 16,
    classes: 2,
  });
});

test('DeiT always has a distillation token; a second head only with a teacher', t => {
  const deit = {
    ...vit,
    model_type: 'deit',
    hidden_size: 192,
    num_attention_heads: 3,
    intermediate_size: 768,
  };
  const one = modelFromConfigJson({ ...deit, architectures: ['DeiTForImageClassification'] });
  t.like(one, { distilled: true, distilledHead: false, tokens: 198 });
  t.is(buildGraph(one).ops.at(-1)!.id, 'head');
  const two = modelFromConfigJson({ ...deit, architectures: ['DeiTForImageClassificationWithTeacher'] });
  t.like(two, { distilled: true, distilledHead: true });
  t.is(modelSummary(two).params - modelSummary(one).params, 192 * 3 + 3);
});

test('BERT-Base: the output is the sequence', t => {
  const model = modelFromConfigJson(bert, { name: 'bert-base' });
  t.like(model, {
    name: 'bert-base',
    family: 'bert',
    tokens: 128,
    maxTokens: 512,
    vocabulary: 30522,
    types: 2,
  });
  t.like(model, { pooler: 'none', normEps: 1e-12 });
  t.is(modelSummary(modelFromConfigJson({ ...bert, architectures: ['BertModel'] })).params, 109_482_240);
});

test('BERT for classification runs the pooler and a classifier on it', t => {
  const model = modelFromConfigJson({
    ...bert,
    architectures: ['BertForSequenceClassification'],
    id2label: { 0: 'a', 1: 'b', 2: 'c' },
  });
  t.like(model, { pooler: 'run', classes: 3 });
  const last = buildGraph(model).ops.slice(-3);
  t.deepEqual(
    last.map(op => op.id),
    ['pooler', 'pooler.tanh', 'classifier'],
  );
  t.is(modelSummary(model).params, 109_482_240 + 3 * 768 + 3);
  t.is(modelSummary(model).macs.head, 768 * 768 + 768 * 3);
});

test('a short BERT runs at its longest sequence unless told otherwise', t => {
  const short = { ...bert, max_position_embeddings: 64 };
  t.is(modelFromConfigJson(short).tokens, 64);
  t.is(modelFromConfigJson(short, { tokens: 32 }).tokens, 32);
  t.throws(() => modelFromConfigJson(short, { tokens: 65 }), { message: /65 tokens are more than the 64/ });
});

const activations: [string, string][] = [
  ['gelu', 'gelu'],
  ['gelu_python', 'gelu'],
  ['gelu_new', 'gelu-tanh'],
  ['gelu_fast', 'gelu-tanh'],
  ['gelu_pytorch_tanh', 'gelu-tanh'],
  ['relu', 'relu'],
  ['quick_gelu', 'quick-gelu'],
  ['silu', 'silu'],
];

for (const [act, activation] of activations)
  test(`hidden_act ${act} is our ${activation}`, t => {
    const model = modelFromConfigJson({ ...vit, hidden_act: act });
    t.like(model, { activation });
    const { fn, options } = ACTIVATIONS[activation as Activation];
    const op = buildGraph(model).ops.find(o => o.id === `e0.${fn}`);
    t.like(op, { kind: 'vector', fn, ...options });
  });

test('a square image may be given by both sides', t => {
  t.like(modelFromConfigJson({ ...vit, image_size: [384, 384], patch_size: [32, 32] }), { tokens: 145 });
});

test('an oblong image is height, then width', t => {
  const model = modelFromConfigJson({ ...vit, image_size: [224, 96] });
  t.like(model, { image: { height: 224, width: 96 }, tokens: 14 * 6 + 1 });
});

test('fields that change nothing are known, and others are refused by name', t => {
  const calm = { torch_dtype: 'float32', temperature: 2, label2id: {}, encoder_stride: 16 };
  t.notThrows(() => modelFromConfigJson({ ...vit, ...calm }));
  t.throws(() => modelFromConfigJson({ ...vit, hidden_sise: 4 }, { file: 'c.json' }), {
    message:
      'c.json: hidden_sise: not known for model type vit (did you mean hidden_size?); if it changes nothing of the result, take it out of the file',
  });
  t.throws(() => modelFromConfigJson({ ...bert, layerscale_value: 1 }), {
    message: /layerscale_value: not known/,
  });
});

test('a path becomes a legal name', t => {
  const name = (path: string) => modelFromConfigJson({ ...vit, _name_or_path: path }).name;
  t.is(name('./My Models/ViT_Tiny (v2)'), 'vit-tiny-v2-');
  t.is(name('/tmp/run/'), 'vit');
  t.is(name('__x'), 'vit');
});

const refused: [string, unknown, RegExp][] = [
  ['no JSON', '{', /not JSON/],
  ['an array', '[]', /expected a JSON object/],
  ['null', 'null', /expected a JSON object/],
  ['no model type', {}, /model_type: '' is not supported; known: vit, deit, bert/],
  ['another model type', { ...vit, model_type: 'swin' }, /model_type: 'swin' is not supported/],
  ['a slip in the model type', { ...vit, model_type: 'birt' }, /did you mean bert\?/],
  [
    'another activation',
    { ...vit, hidden_act: 'relu6' },
    /hidden_act: 'relu6' is not supported; known: gelu/,
  ],
  ['an activation that is a property name', { ...vit, hidden_act: 'toString' }, /toString' is not supported/],
  [
    'relative positions',
    { ...bert, position_embedding_type: 'relative_key' },
    /'relative_key' is not supported, only 'absolute'/,
  ],
  ['a decoder', { ...bert, is_decoder: true }, /is_decoder: true is not supported/],
  ['cross attention', { ...bert, add_cross_attention: true }, /add_cross_attention/],
  ['pruned heads', { ...bert, pruned_heads: { 0: [1] } }, /pruned heads are not supported/],
  ['a quantised checkpoint', { ...vit, quantization_config: { bits: 4 } }, /quantization_config/],
  [
    'a class that computes something else',
    { ...bert, architectures: ['BertLMHeadModel'] },
    /architectures: 'BertLMHeadModel' is not/,
  ],
  [
    'text for a number',
    { ...vit, hidden_size: '768' },
    /hidden_size: expected a whole number of at least 1, got "768"/,
  ],
  ['no layers', { ...vit, num_hidden_layers: 0 }, /num_hidden_layers: expected a whole number/],
  ['a negative epsilon', { ...vit, layer_norm_eps: -1 }, /layer_norm_eps: expected a number above 0/],
  ['a number for true', { ...vit, qkv_bias: 1 }, /qkv_bias: expected true or false/],
  [
    'three sides',
    { ...vit, image_size: [1, 1, 1] },
    /image_size: expected a whole number, or two, got \[1,1,1\]/,
  ],
  ['labels that are a list', { ...vit, id2label: ['a'] }, /id2label: expected an object/],
  [
    'architectures that are no list',
    { ...vit, architectures: 'ViTModel' },
    /architectures: expected a list of strings/,
  ],
  [
    'heads that do not divide the width',
    { ...vit, num_attention_heads: 7 },
    /does not make a model: heads: 7 heads/,
  ],
  ['a patch that does not divide the image', { ...vit, patch_size: 15 }, /15 pixels do not divide/],
];

for (const [what, config, message] of refused)
  test(`config.json refused: ${what}`, t => {
    const error = t.throws(() => modelFromConfigJson(config, { file: 'c.json' }), {
      instanceOf: TrexError,
      message,
    });
    t.is(error.exitCode, 3);
    t.true(error.message.startsWith('c.json: '));
  });

test('false, null and empty values of refused options are no options', t => {
  const calm = {
    ...bert,
    is_decoder: false,
    pruned_heads: {},
    quantization_config: null,
    architectures: null,
  };
  t.like(modelFromConfigJson(calm), { family: 'bert', pooler: 'stored' });
});
