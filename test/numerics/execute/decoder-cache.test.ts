/** A decoder's cache: token by token the same logits as all at once, in every arithmetic; cells that are written once; keys and values in fewer bits. */
import test from 'ava';
import { calibrate } from '../../../src/numerics/execute/calibrate.ts';
import type { CrossbarDevice } from '../../../src/numerics/execute/crossbar-device.ts';
import { KvCache } from '../../../src/numerics/execute/kv-cache.ts';
import { type NetworkOptions, prepare } from '../../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import { minMax } from '../../../src/numerics/quantize/min-max.ts';
import {
  type Quantisation,
  stationaryCodes,
  stationaryQuantizer,
} from '../../../src/numerics/quantize/quantisation.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import type { ModelConfig } from '../../../src/workload/model.ts';
import { anyIds } from './tiny.ts';
import { tinyDecoder } from './tiny-decoder.ts';

const noisy: CrossbarDevice = {
  arrayRows: 8,
  arrayCols: 16,
  cellBits: 2,
  encoding: 'differential',
  adc: { bits: 6, levelsPerLsb: 'lossless' },
  noise: { write: { kind: 'multiplicative', sigma: 0.1 } },
};

const TOKENS = 11;

async function bothWays(model: ModelConfig, options: NetworkOptions) {
  const whole = buildGraph(model, { tokens: TOKENS, logits: 'all' });
  const weights = randomWeights(whole, 3);
  const words = anyIds(TOKENS, 19, 5);
  const calibration = await calibrate(prepare(whole, weights), [{ words }], minMax);
  const quantisation: Quantisation = { calibration, ...options.quantisation };
  const own = { ...options, quantisation };
  const { logits } = await prepare(whole, weights, own).run({ words });
  const cache = new KvCache();
  const rows: number[] = [];
  for (let past = 0, tokens = 4; past < TOKENS; past += tokens, tokens = 1) {
    const graph = buildGraph(model, { tokens, past, logits: 'all' });
    const step = await prepare(graph, weights, own).run(
      { words: words.slice(past, past + tokens) },
      { cache },
    );
    rows.push(...step.logits.data);
  }
  return { whole: [...logits.data], rows };
}

for (const [what, more] of [
  ['rotary positions and shared keys', {}],
  ['a window', { attention: { kind: 'causal', span: 3, rotary: {} } }],
  [
    'learned positions and experts',
    { positions: 'learned', positionOffset: 2, attention: undefined, experts: { count: 3, top: 2 } },
  ],
] as const)
  test(`a decoder with ${what} gives the same logits token by token, to the bit`, async t => {
    const { whole, rows } = await bothWays(tinyDecoder(more), {});
    t.is(rows.length, TOKENS * 19);
    t.deepEqual(rows, whole);
  });

test('integers and cells with errors of writing give the same logits token by token', async t => {
  const model = tinyDecoder();
  const int8 = await bothWays(model, { compute: 'int8' });
  t.deepEqual(int8.rows, int8.whole);
  const analog = { backend: referenceBackend(), seed: 1, static: noisy };
  const cells = await bothWays(model, { compute: 'analog', analog });
  t.deepEqual(cells.rows, cells.whole);
  t.notDeepEqual(cells.rows, int8.rows);
});

test('keys and values have bits of their own, are clipped, and small ones are pruned', t => {
  const ranges = { a: { min: -8, max: 4 }, b: { min: -8, max: 4 } };
  const q: Quantisation = {
    calibration: { inputs: {}, stationary: ranges },
    cache: { keyBits: 4, valueBits: 3, clip: 0.5, prune: 0.5 },
  };
  const k = { id: 'a', transposed: true, cached: 0 };
  const v = { id: 'b', transposed: false, cached: 0 };
  t.is(stationaryQuantizer(q, k).high * stationaryQuantizer(q, k).scale, 4);
  t.deepEqual([stationaryQuantizer(q, k).bits, stationaryQuantizer(q, v).bits], [4, 3]);
  t.deepEqual(
    [...stationaryCodes(q, v, Float32Array.of(-8, -1.9, 1.9, 2.1, 3.9), stationaryQuantizer(q, v))],
    [-3, 0, 0, 2, 3],
  );
  // What is no cache is as it was.
  t.is(stationaryQuantizer(q, { id: 'a', transposed: true }).bits, 8);
});
