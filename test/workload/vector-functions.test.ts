/** What functions declare, and what becomes of one that nobody declares. */
import test from 'ava';
import { TrexError } from '../../src/base/errors.ts';
import { countedOps } from '../../src/map/counted-ops.ts';
import { vectorWork } from '../../src/map/steps.ts';
import { prepare } from '../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../src/numerics/execute/random-weights.ts';
import { plainLayer } from '../../src/train/network/functions.ts';
import type { Value, Wiring } from '../../src/train/network/layer.ts';
import { GraphBuilder } from '../../src/workload/builder.ts';
import { FUNCTIONS } from '../../src/workload/functions/all.ts';
import { buildGraph, type Graph } from '../../src/workload/graph.ts';
import type { VectorOp } from '../../src/workload/op.ts';
import { parameters } from '../../src/workload/parameters.ts';
import type { VectorFunction } from '../../src/workload/vector-function.ts';
import { type FunctionName, functionOf } from '../../src/workload/vector-functions.ts';
import { chip } from '../helpers/chips.ts';
import { tinyVit } from '../numerics/execute/tiny.ts';
import { engineOn } from '../train/runs.ts';
import { cube } from './cube.ts';

const op: VectorOp = {
  kind: 'vector',
  id: 'e0.cube',
  stage: 'softmax',
  encoder: 0,
  deps: [{ op: 'e0.qk', mode: 'row' }],
  rows: 2,
  rowLength: 2,
  batch: 1,
  parameters: 0,
  reduce: 'none',
  outRows: 2,
  // @ts-expect-error: no file of functions/ declares a cube
  fn: 'cube',
};

/** A network whose attention map is a function that no file declares. */
const undeclared = (): Graph => {
  const graph = buildGraph(tinyVit());
  const ops = graph.ops.map(o => (o.kind === 'vector' && o.id === 'e0.softmax' ? { ...o, fn: op.fn } : o));
  return { ...graph, ops };
};

test('a function that no file declares is refused by name: by the schedule, the executor, the trainer', async t => {
  const graph = undeclared();
  const refused = { instanceOf: TrexError, message: /function of e0\.softmax.*cube/ };
  t.throws(() => countedOps(graph, chip('trex')), refused);
  t.throws(() => prepare(graph, randomWeights(graph, 1)), refused);
  await t.throwsAsync(engineOn(graph, randomWeights(graph, 1), { batch: 2 }), refused);
  const learning = graph.ops.map(o => (o.id === 'e0.softmax' ? { ...o, parameters: 4 } : o));
  t.throws(() => parameters({ ...graph, ops: learning } as Graph), refused);
});

test('an option that a function does not read is refused by name, where it is given', t => {
  const add = (fn: FunctionName, options: Partial<Pick<VectorOp, 'scale' | 'offset'>>) => () =>
    new GraphBuilder().vector(op, fn, ['e0.qk'], { rows: 2, rowLength: 2, ...options });
  t.throws(add('relu', { scale: 0.5 }), { message: 'e0.cube: relu does not read scale' });
  t.throws(add('softmax', { scale: 0.5, offset: 1 }), { message: 'e0.cube: softmax does not read offset' });
  t.notThrows(add('softmax', { scale: 0.5 }));
  t.notThrows(add('sigmoid', { scale: 0.5, offset: 1 }));
});

test('a table that answers for every function does not compile without one of them', t => {
  const { sigmoid: _, ...others } = Object.fromEntries(FUNCTIONS.map(f => [f.name, 1])) as Record<
    FunctionName,
    number
  >;
  // @ts-expect-error: sigmoid is missing
  const table: Record<FunctionName, number> = others;
  t.false('sigmoid' in table);
  // @ts-expect-error: a function without cost is none
  const free: VectorFunction = { ...cube, cost: undefined };
  t.falsy(free.cost);
});

test('one declaration is what a unit is charged, what is computed, and what is trained', t => {
  t.deepEqual(vectorWork(op, cube.cost), { fn: 'add', rowLength: 2, rows: 1 });

  const none = (): never => {
    throw new Error('nothing is learned');
  };
  const compute = cube.arithmetic(op);
  const x = { rows: 2, columns: 2, data: Float32Array.of(1, -2, 3, 0.5) };
  t.deepEqual([...compute([x], none).data], [1, -8, 27, 0.125]);

  // Four floats each: x, y, the derivative by y, the derivative by x.
  const floats = Float32Array.of(0, 0, 0, 0, 1, -2, 3, 0.5, 0, 0, 0, 0, 1, 1, 2, 1, 5, 5, 5, 5);
  const value = (at: number): Value => ({ at: at * 4, rows: 2, columns: 2 });
  const chunk = { first: 0, samples: 1, part: 0, before: 0, gradients: 0, noisy: false };
  const layerOf = (accumulate: 0 | 1) => {
    const slot = { at: 16 * 4, accumulate } as const;
    const wiring = { inputs: [value(4)], output: value(8), gradient: 12 * 4, inputGradients: [slot] };
    return plainLayer(op, cube.gradient, wiring as unknown as Wiring, floats);
  };
  layerOf(0).forward(chunk);
  t.deepEqual([...floats.subarray(8, 12)], [1, -8, 27, 0.125]);
  layerOf(1).backward(chunk);
  t.deepEqual([...floats.subarray(16)], [8, 17, 59, 5.75]);
  layerOf(0).backward(chunk);
  t.deepEqual([...floats.subarray(16)], [3, 12, 54, 0.75]);
});

test('what the paper leaves out is what is not of attention, and softmax has units of its own', t => {
  const kept = FUNCTIONS.filter(({ cost }) => cost.unit === 'softmax' || !cost.omitted);
  t.deepEqual(
    kept.map(f => f.name),
    [
      ...['abovemean', 'causalsoftmax', 'columnsoftmax', 'exponential', 'gaussian', 'maskedsoftmax'],
      ...['relativebias', 'sigmoid', 'softmax', 'squaredlength', 'step', 'tensor'],
    ],
  );
  t.deepEqual(functionOf({ id: 'x', fn: 'softmax' }).cost, { unit: 'softmax' });
});
