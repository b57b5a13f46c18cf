/** One attention head over two tokens, worked out by hand. */
import test from 'ava';
import { floatArithmetic } from '../../../src/numerics/execute/float-arithmetic.ts';
import { matrix } from '../../../src/numerics/execute/matrix.ts';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import { softmax } from '../../../src/workload/functions/softmax.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import type { DynamicOp } from '../../../src/workload/op.ts';
import { tinyVit } from './tiny.ts';

type Shape = Pick<DynamicOp, 'batch' | 'm' | 'k' | 'n' | 'transposed'>;
const place = {
  id: 'x',
  stage: 'qk',
  encoder: 0,
  deps: [],
  weightId: 'x',
  stationary: 'b',
  streamed: 'a',
} as const;
const op = (shape: Shape): DynamicOp => ({ kind: 'dynamic', ...place, ...shape });

const context = { input: { image: new Float32Array() }, image: 0 };
const graph = buildGraph(tinyVit());
const float = floatArithmetic(randomWeights(graph, 0));

test('attention of two tokens', async t => {
  // One head of width 4, so the scale is 1/2.
  // q = [1 0 1 0; 0 2 0 0], k = [2 0 2 0; 0 1 0 1], v = [4; 8] in its first column, 1 elsewhere.
  const q = matrix(2, 4, Float32Array.of(1, 0, 1, 0, 0, 2, 0, 0));
  const k = matrix(2, 4, Float32Array.of(2, 0, 2, 0, 0, 1, 0, 1));
  const v = matrix(2, 4, Float32Array.of(4, 1, 1, 1, 8, 1, 1, 1));
  // q k^T = [1*2 + 1*2, 0; 0, 2*1] = [4 0; 0 2].
  const qk = float.dynamic(op({ batch: 1, m: 2, k: 4, n: 2, transposed: true }));
  const scores = await qk([q, k], context);
  t.deepEqual([...scores.data], [4, 0, 0, 2]);
  // softmax of [2 0] = [e^2 1] / (e^2 + 1) = [0.880797 0.119203]; of [0 1] = [1 e] / (1 + e) = [0.268941 0.731059].
  const map = softmax(scores, 1, 0.5);
  const wanted = [0.880797, 0.119203, 0.268941, 0.731059];
  for (const [i, p] of wanted.entries()) t.true(Math.abs(map.data[i] - p) < 1e-6);
  // First column: 0.880797 * 4 + 0.119203 * 8 = 4.476812 and 0.268941 * 4 + 0.731059 * 8 = 6.924234; elsewhere 1.
  const sv = float.dynamic(op({ batch: 1, m: 2, k: 2, n: 4, transposed: false }));
  const out = await sv([map, v], context);
  const values = [4.476812, 1, 1, 1, 6.924234, 1, 1, 1];
  for (const [i, value] of values.entries()) t.true(Math.abs(out.data[i] - value) < 2e-6);
});

test('heads stand side by side and do not mix', async t => {
  // Two heads of width 1, two tokens: head h of q k^T is the outer product of column h of q and of k.
  const q = matrix(2, 2, Float32Array.of(1, 10, 2, 20));
  const k = matrix(2, 2, Float32Array.of(3, 5, 4, 7));
  const unit = float.dynamic(op({ batch: 2, m: 2, k: 1, n: 2, transposed: true }));
  const scores = await unit([q, k], context);
  // Row of token 0: head 0 [1*3 1*4], head 1 [10*5 10*7].
  t.deepEqual([...scores.data], [3, 4, 50, 70, 6, 8, 100, 140]);
});
