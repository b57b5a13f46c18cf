/** Mixtures of experts and weights that are powers of two, against plain float64 loops; and what becomes of rows that no expert gets. */
import test from 'ava';
import fc from 'fast-check';
import { countedOps } from '../../../src/map/counted-ops.ts';
import { place } from '../../../src/map/place.ts';
import { buildSteps } from '../../../src/map/steps.ts';
import { calibrate } from '../../../src/numerics/execute/calibrate.ts';
import { prepare } from '../../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import { minMax } from '../../../src/numerics/quantize/min-max.ts';
import { quantizePowers } from '../../../src/numerics/quantize/weights.ts';
import { checkTrainable } from '../../../src/train/network/classifier.ts';
import { macs, macTotals, paramTotal } from '../../../src/workload/count.ts';
import { buildGraph, type Graph } from '../../../src/workload/graph.ts';
import type { ModelWeights } from '../../../src/workload/import/model-weights.ts';
import { modelSchema } from '../../../src/workload/model.ts';
import { rowsByShare } from '../../../src/workload/routes.ts';
import { powersOfTwo } from '../../../src/workload/weight-codec.ts';
import { chip } from '../../helpers/chips.ts';
import { gelu, linear, map, type Rows, relativeError, softmax, toRows } from './oracle.ts';
import { anyImage } from './tiny.ts';

const DIM = 8;

/** 16 rows of 8, through one layer of experts. */
function graphOf(layer: object): Graph {
  return buildGraph(
    modelSchema.parse({
      name: 'tiny',
      family: 'layers',
      source: 'test',
      imageSize: 8,
      classes: 3,
      stem: [{ kind: 'conv', out: DIM, kernel: 2, stride: 2, padding: 0 }],
      body: [layer],
      head: [{ kind: 'mean' }, { kind: 'linear', out: 'classes' }],
    }),
  );
}

const OUT = 6;
const LINEAR = { kind: 'linear', name: 'fc', out: OUT };
const MLP = [
  { kind: 'linear', name: 'fc1', out: 10, activation: 'gelu' },
  { ...LINEAR, name: 'fc2' },
];
const two = (fields: object = {}) =>
  ({ kind: 'experts', name: 'moe', experts: [[LINEAR], [{ ...LINEAR, codec: 'pow2' }]], ...fields }) as const;

async function ran(graph: Graph, weights: ModelWeights, seed = 1) {
  const image = anyImage(
    graph.model as { inChannels: number; image: { height: number; width: number } },
    seed,
  );
  const mean = graph.ops.find(op => op.kind === 'vector' && op.fn === 'mean');
  const taps = ['stem.conv0', mean!.deps[0].op];
  const result = await prepare(graph, weights).run({ image }, { taps });
  return { image, x: toRows(result.taps.get(taps[0])!), y: toRows(result.taps.get(taps[1])!), result };
}

/** The matrix by hand: sign times the power of two that is nearest in its logarithm. */
const shifted = (weights: ModelWeights): ModelWeights => ({
  ...weights,
  linear: id => {
    const own = weights.linear(id);
    const weight = own.weight.map(w =>
      w === 0 ? 0 : Math.sign(w) * 2 ** Math.max(-14, Math.min(0, Math.round(Math.log2(Math.abs(w))))),
    );
    return { ...own, weight };
  },
});

/** Each row through each of its `top` experts, weighted by their scores among themselves. */
function mixed(x: Rows, scores: Rows, top: number, experts: readonly ((row: Rows) => Rows)[]): Rows {
  return x.map((row, i) => {
    const best = scores[i].map((_, e) => e).sort((a, b) => scores[i][b] - scores[i][a]);
    const chosen = best.slice(0, top);
    const [shares] = softmax([chosen.map(e => scores[i][e])]);
    const made = chosen.map(e => experts[e]([row])[0]);
    return made[0].map((_, j) => made.reduce((sum, y, n) => sum + shares[n] * y[j], 0));
  });
}

test('each row goes to its best expert, one of them of powers of two, and comes back to its place', async t => {
  const graph = graphOf(two());
  const id = (name: string): string => graph.ops.find(op => op.id.endsWith(name))!.id;
  for (const seed of [1, 2, 3]) {
    const w = randomWeights(graph, seed);
    const { x, y } = await ran(graph, w, seed);
    const scores = linear(x, w, id('router'));
    const want = mixed(x, scores, 1, [
      row => linear(row, w, id('expert0.fc')),
      row => linear(row, shifted(w), id('expert1.fc')),
    ]);
    t.true(relativeError(y, want) < 1e-5);
  }
});

test('two of four experts of two layers each are summed by their scores, as Mixtral does', async t => {
  const graph = graphOf({ kind: 'experts', name: 'moe', experts: [MLP], copies: 4, top: 2 });
  const w = randomWeights(graph, 4);
  const { x, y } = await ran(graph, w);
  const id = (name: string): string => graph.ops.find(op => op.id.endsWith(name))!.id;
  const experts = [0, 1, 2, 3].map(
    e => (row: Rows) => linear(map(linear(row, w, id(`expert${e}.fc1`)), gelu), w, id(`expert${e}.fc2`)),
  );
  t.true(relativeError(y, mixed(x, linear(x, w, id('router')), 2, experts)) < 1e-5);
});

test('one expert is the plain layer, and a row of experts counts as their rows, with the weights of all', async t => {
  const [one, plain] = [graphOf({ ...two(), experts: [[LINEAR]] }), graphOf(LINEAR)];
  const w = randomWeights(plain, 5);
  const expert = one.ops.find(op => op.id.endsWith('expert0.fc'))!.id;
  const same = (id: string) => (id === expert ? plain.ops.find(op => op.id.endsWith('fc'))!.id : id);
  const routers = randomWeights(one, 5);
  const moved = { ...w, linear: (id: string) => (id.endsWith('router') ? routers : w).linear(same(id)) };
  const [a, b] = [await ran(one, moved), await ran(plain, w)];
  t.deepEqual(a.result.logits, b.result.logits);
  const both = graphOf(two({ load: [0.75, 0.25] }));
  const router = 16 * DIM * 2;
  t.is(macTotals(both.ops).total, macTotals(plain.ops).total + router);
  t.is(paramTotal(both.ops), paramTotal(plain.ops) + (DIM * OUT + OUT) + (DIM * 2 + 2));
  t.deepEqual(
    both.ops.filter(op => op.id.endsWith('.fc')).map(macs),
    [12, 4].map(rows => rows * DIM * OUT),
  );
});

test('an expert that no row chooses has arrays and no step; its rows, their router and their way back have', t => {
  const arch = chip('trex-full');
  const graph = graphOf(two({ load: [1, 0], loadSource: 'test' }));
  const placed = place(countedOps(graph, arch), arch);
  const steps = buildSteps(graph, placed, arch);
  const step = (name: string) => steps.find(({ id }) => id.endsWith(name));
  t.true([...placed.layers.keys()].some(id => id.endsWith('expert1.fc')));
  t.is(step('expert1.fc'), undefined);
  t.deepEqual([step('expert0.fc')?.jobs, step('router')?.jobs, step('combine')?.jobs], [16, 16, 16]);
  const { inputs } = arch.precision;
  t.is(step('combine')?.inputBits, (OUT + 2) * inputs);
  t.is(step('combine')?.outputBits, OUT * inputs);
});

test('on ideal crossbars experts are what integers give, whichever of them gets no row', async t => {
  const graph = graphOf(two());
  const own = randomWeights(graph, 6);
  // The router's bias sends every row to the first, or leaves the choice to the rows.
  for (const bias of [0, 100]) {
    const weights: ModelWeights = {
      ...own,
      linear: id => ({ ...own.linear(id), ...(id.endsWith('router') && { bias: Float32Array.of(bias, 0) }) }),
    };
    const { image } = await ran(graph, weights);
    const calibration = await calibrate(prepare(graph, weights), [{ image }], minMax, {});
    const options = { quantisation: { calibration } };
    const ideal = {
      arrayRows: 32,
      arrayCols: 16,
      cellBits: 2,
      encoding: 'differential',
      adc: { bits: 7, levelsPerLsb: 'lossless' },
      noise: {},
    } as const;
    const analog = { backend: referenceBackend(), seed: 'chip', static: ideal, dynamic: ideal };
    const integers = await prepare(graph, weights, { ...options, compute: 'int8' }).run({ image });
    const crossbars = await prepare(graph, weights, { ...options, compute: 'analog', analog }).run({ image });
    t.deepEqual(crossbars.logits, integers.logits);
    t.true(integers.logits.data.every(Number.isFinite));
  }
});

test('powers of two are nearest in the logarithm, from -14 to 0, and stay exact in integers down to one step', t => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, min: -4, max: 4 }), w => {
      const [got] = powersOfTwo(Float32Array.of(w));
      if (w === 0) return got === 0;
      const power = Math.max(-14, Math.min(0, Math.round(Math.log2(Math.abs(w)))));
      return got === Math.sign(w) * 2 ** power;
    }),
  );
  const powers = Float32Array.from([0.5, -0.25, 2 ** -7, 0]);
  const { values, scales } = quantizePowers(powers, 4, 1, 8, true);
  t.deepEqual([...values], [64, -32, 1, 0]);
  t.deepEqual(
    [...values].map(v => v * scales[0]),
    [...powers],
  );
});

test('shares become whole rows that add up to all choices, no expert more than every row', t => {
  t.deepEqual(rowsByShare(49, 1, [0.5, 0.5]), [25, 24]);
  t.deepEqual(rowsByShare(10, 2, [0.5, 0.3, 0.2]), [10, 6, 4]);
  t.deepEqual(rowsByShare(3136, 2, [0.5009, 0.4991]), [3136, 3136]);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 99 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
      (rows, parts) => {
        const all = parts.reduce((sum, part) => sum + part, 0);
        const counts = rowsByShare(
          rows,
          1,
          parts.map(part => part / all),
        );
        return counts.every(c => c >= 0 && c <= rows) && counts.reduce((sum, c) => sum + c, 0) === rows;
      },
    ),
  );
});

test('experts that look at other rows are refused, and so is training them', t => {
  const message = /does not work on single rows, as an expert must/;
  t.throws(() => graphOf({ kind: 'experts', experts: [[{ kind: 'mean' }]] }), { message });
  t.throws(() => checkTrainable(graphOf(two())), {
    message: /rows that choose an expert|combine|powers|pow2/,
  });
});
