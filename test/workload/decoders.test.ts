/** Decoders: parameters of the published checkpoints, MACs of a prompt and of one token by their formulas, and what they refuse. */
import test from 'ava';
import { buildGraph } from '../../src/workload/graph.ts';
import { modelFromConfigJson } from '../../src/workload/import/config-json.ts';
import type { DynamicOp } from '../../src/workload/op.ts';
import { frequencies } from '../../src/workload/rotary.ts';
import { modelSummary } from '../../src/workload/summary.ts';
import { loadModel, modelText, parseModel } from './load.ts';

// Sums of the shapes of the published checkpoints' tensors.
const PARAMETERS = {
  'gpt2-small': 124_439_808,
  'gpt2-medium': 354_823_168,
  'gpt2-xl': 1_557_611_200,
  'opt-125m': 125_239_296,
  'llama-3.2-1b': 1_235_814_400,
  'qwen3-0.6b': 596_049_920,
};

interface Sizes {
  readonly layers: number;
  readonly d: number;
  /** Width of all heads, and of those of keys. */
  readonly heads: number;
  readonly keys: number;
  /** Of the MLP, all its matrices a column of d. */
  readonly mlp: number;
  readonly vocabulary: number;
}

const SIZES: Readonly<Record<keyof typeof PARAMETERS, Sizes>> = {
  'gpt2-small': { layers: 12, d: 768, heads: 768, keys: 768, mlp: 2 * 3072, vocabulary: 50_257 },
  'gpt2-medium': { layers: 24, d: 1024, heads: 1024, keys: 1024, mlp: 2 * 4096, vocabulary: 50_257 },
  'gpt2-xl': { layers: 48, d: 1600, heads: 1600, keys: 1600, mlp: 2 * 6400, vocabulary: 50_257 },
  'opt-125m': { layers: 12, d: 768, heads: 768, keys: 768, mlp: 2 * 3072, vocabulary: 50_272 },
  'llama-3.2-1b': { layers: 16, d: 2048, heads: 2048, keys: 512, mlp: 3 * 8192, vocabulary: 128_256 },
  'qwen3-0.6b': { layers: 28, d: 1024, heads: 2048, keys: 1024, mlp: 3 * 3072, vocabulary: 151_936 },
};

for (const name of Object.keys(PARAMETERS) as (keyof typeof PARAMETERS)[])
  test(`${name} has the parameters of its checkpoint, and the MACs of a prompt and of a token by formula`, t => {
    const model = loadModel(name);
    const { layers, d, heads, keys, mlp, vocabulary } = SIZES[name];
    const perToken = layers * (2 * d * heads + 2 * d * keys + mlp * d);
    const head = d * vocabulary;
    const prompt = modelSummary(model, { tokens: 64 });
    t.is(prompt.params, PARAMETERS[name]);
    t.is(prompt.macs.static, 64 * perToken);
    t.is(prompt.macs.dynamic, layers * heads * 64 * 65);
    t.is(prompt.macs.head, head);
    // Token 100 of a text: 99 stand in the cache.
    const token = modelSummary(model, { tokens: 1, past: 99 });
    t.is(token.params, PARAMETERS[name]);
    t.deepEqual(
      [token.macs.static, token.macs.dynamic, token.macs.head],
      [perToken, layers * 2 * 100 * heads, head],
    );
    t.is(modelSummary(model, { tokens: 64, logits: 'all' }).macs.head, 64 * head);
  });

test('a step writes the keys and values of its own tokens alone, once for heads that share them', t => {
  const { ops } = buildGraph(loadModel('llama-3.2-1b'), { tokens: 3, past: 10 });
  const dynamic = ops.filter((op): op is DynamicOp => op.kind === 'dynamic' && op.encoder === 0);
  t.deepEqual(
    dynamic.map(({ id, batch, m, k, n, cached, stationary }) => [id, batch, m, k, n, cached, stationary]),
    [
      ['e0.qk', 8, 12, 64, 13, 10, 'e0.kRotary'],
      ['e0.sv', 8, 12, 13, 64, 10, 'e0.v'],
    ],
  );
  const rows = ops.find(op => op.id === 'e0.v');
  t.true(rows?.kind === 'static' && rows.rows === 3 && rows.out === 8 * 64);
});

test('a sliding window keeps no more keys than its tokens will look at', t => {
  const model = parseModel(`${modelText('gpt2-small')}attention: { kind: causal, span: 4 }\n`, 'gpt2');
  const { ops } = buildGraph(model, { tokens: 2, past: 100 });
  const qk = ops.find((op): op is DynamicOp => op.id === 'e0.qk');
  t.deepEqual([qk?.cached, qk?.n, qk?.entries], [3, 5, 12 * 8]);
});

test('positions beyond the longest text are refused, in a prompt and behind one', t => {
  const model = loadModel('gpt2-small');
  t.throws(() => buildGraph(model, { tokens: 1025 }), {
    message: 'tokens 1025: gpt2-small has position embeddings for 1024 at most',
  });
  t.throws(() => buildGraph(model, { tokens: 1, past: 1024 }), {
    message: '1024 tokens and 1 more: gpt2-small has positions for 1024 at most',
  });
  t.throws(() => buildGraph(loadModel('deit-s'), { past: 4 }), {
    message: 'deit-s is of family vit: only a decoder writes a text token by token',
  });
});

test('a decoder whose tokens see later ones, or whose heads do not fit, is refused by name', t => {
  const base = modelText('gpt2-small');
  const refused = (more: string, message: RegExp) =>
    t.throws(() => parseModel(`${base}${more}\n`, 'x'), { message });
  refused('attention: { kind: softmax }', /a decoder sees no later token: causal or none/);
  refused('attention: { kind: causal, kvHeads: 5 }', /5 heads of keys do not divide 12 heads of queries/);
  refused('attention: { kind: causal, headDim: 63, rotary: {} }', /rotary positions turn pairs/);
  refused('experts: { count: 2, top: 3 }', /a token cannot go to 3 of 2 experts/);
});

/** transformers' _compute_yarn_parameters in PyTorch, float64. */
test('frequencies of YaRN lie between those of short texts and of long ones', t => {
  const known = [1, 0.316227766, 0.1, 0.025693506, 0.00625, 0.0013834965, 0.00025, 0.00007905694];
  const { rotary } = attentionOf({
    model_type: 'llama',
    max_position_embeddings: 16384,
    rope_scaling: { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 4096 },
  });
  const found = frequencies(rotary!, 8);
  t.true(known.every((value, i) => Math.abs(found[i] / value - 1) < 1e-6));
  t.true(rotary?.scaling?.kind === 'yarn' && Math.abs(rotary.scaling.gain - 1.138629436) < 1e-9);
});

function attentionOf(config: object) {
  const model = modelFromConfigJson(config);
  if (model.family !== 'decoder' || model.attention.kind !== 'causal') throw new Error('no decoder');
  return model.attention;
}
