/** Where grouped layers are multiplied: on crossbars or on the vector unit, and never for nothing. */
import test from 'ava';
import fc from 'fast-check';
import { countedOps } from '../../src/map/counted-ops.ts';
import { onCrossbars } from '../../src/map/grouped-unit.ts';
import { GraphBuilder } from '../../src/workload/builder.ts';
import { macs, macTotals } from '../../src/workload/count.ts';
import type { Graph } from '../../src/workload/graph.ts';
import type { GroupedOp, Op } from '../../src/workload/op.ts';
import { noReuse } from '../../src/workload/reuse.ts';
import { areaOf, square } from '../../src/workload/size.ts';
import { functionOf } from '../../src/workload/vector-functions.ts';
import { chip, tinyVit } from '../helpers/chips.ts';
import { runGraph } from '../helpers/run-graph.ts';
import { randomGraph } from '../workload/random-graph.ts';

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((s, item) => s + of(item), 0);

/** A patch embedding, a grouped layer of so many groups of in x out, and a head. */
function graphOf(groups: number, inSize = 9, out = 1): Graph {
  const b = new GraphBuilder();
  const at = (id: string, stage: 'stem' | 'conv' | 'head') => ({ id, stage, encoder: null });
  const window = {
    kernel: square(16),
    stride: square(16),
    padding: square(0),
    inChannels: 3,
    input: square(32),
    output: square(2),
  };
  b.conv(at('stem', 'stem'), null, window, groups * inSize, true);
  b.grouped(at('dw', 'conv'), 'stem', { rows: 4, groups, in: inSize, out });
  b.linear(at('head', 'head'), 'dw', { rows: 4, in: groups * out, out: 10 });
  return { model: tinyVit(), ops: b.ops, reuse: noReuse, idleParameters: 0 };
}

const grouped = (unit: string): string => `schedule.grouped=${unit}`;
const stepOf = (name: string, set: readonly string[], graph: Graph) => {
  const run = runGraph(chip(name, { set: [...set] }), graph);
  return { ...run, dw: run.layers.find(({ step }) => step === 'dw')! };
};

test('an option puts grouped layers on crossbars or on the vector unit, and the result says where they are', t => {
  const graph = graphOf(32);
  const crossbar = stepOf('trex-full', [grouped('crossbar')], graph);
  t.like(crossbar.dw, { kind: 'read', macs: 4 * 32 * 9, elements: 0 });
  t.true(crossbar.dw.crossbars > 0);
  t.deepEqual(crossbar.result.grouped, { crossbar: 1, vector: 0 });
  const vector = stepOf('trex-full', [grouped('vector')], graph);
  t.like(vector.dw, { kind: 'vector', macs: 4 * 32 * 9, elements: 4 * 32 * 9, crossbars: 0 });
  t.deepEqual(vector.result.grouped, { crossbar: 0, vector: 1 });
  // 0.46 pJ a MAC.
  const macs = vector.result.breakdown.component.find(({ name }) => name === 'vector.mac')!;
  t.true(Math.abs(macs.energy_J - 4 * 32 * 9 * 0.46e-12) < 1e-18);
});

test('auto takes the unit with less energy times time', t => {
  for (const name of ['trex', 'trex-full', 'neurosim-like', 'isaac-ce'])
    for (const graph of [graphOf(1), graphOf(64), graphOf(8, 64, 64)]) {
      const [crossbar, vector] = ['crossbar', 'vector'].map(unit => stepOf(name, [grouped(unit)], graph).dw);
      const auto = stepOf(name, [], graph).dw;
      const chosen = auto.kind === 'read' ? crossbar : vector;
      const other = auto.kind === 'read' ? vector : crossbar;
      const product = ({ energy_J, start_s, end_s }: typeof auto): number => energy_J * (end_s - start_s);
      // The estimate knows neither buffers nor the network: near a tie it may err.
      t.true(product(chosen) < 2 * product(other), `${name} ${auto.kind}`);
      t.is(auto.energy_J, chosen.energy_J);
    }
});

test('words wider than eight bits are multiplied in pieces', t => {
  const wide = ['precision.weights=16', 'precision.inputs=12', grouped('vector')];
  t.is(stepOf('trex-full', wide, graphOf(32)).dw.elements, 4 * (4 * 32 * 9));
});

test("a technology without the vector unit's MAC keeps grouped layers on crossbars, and refuses the option by name", t => {
  const { digital, ...rest } = chip('trex-full');
  const { mac: _, ...vector } = digital.vector;
  const without = (unit: 'auto' | 'vector') => ({
    ...rest,
    digital: { ...digital, vector },
    schedule: { ...rest.schedule, grouped: unit },
  });
  const dw = graphOf(32).ops[1];
  t.true(onCrossbars(without('auto'))(dw));
  t.throws(() => onCrossbars(without('vector'))(dw), {
    message: /^dw: schedule\.grouped is vector, but cmos-32nm has no vector\.mac/,
  });
});

test("what omits LayerNorm and GELU omits no MACs, and the vector unit's lanes stand there for them", t => {
  for (const unit of ['crossbar', 'vector']) {
    const set = [grouped(unit), 'accounting.vectorUnit=omitted'];
    const { dw, result } = stepOf('trex-full', set, graphOf(32));
    t.is(dw.macs, 4 * 32 * 9);
    t.true(dw.energy_J > 0);
    const lanes = result.breakdown.component.find(({ name }) => name === 'vector');
    t.is((lanes?.area_m2 ?? 0) > 0, unit === 'vector');
  }
  t.true(stepOf('trex', [], graphOf(32)).dw.energy_J > 0);
});

/** Elements that an op's function takes in, by its definition. */
function elementsOf(op: Op): number {
  if (op.kind !== 'vector') return 0;
  const taps = op.window === undefined ? 1 : areaOf(op.window.kernel);
  return (op.window === undefined ? op.rows : op.outRows) * op.rowLength * op.batch * taps;
}

test('nothing is free: every MAC and every element of a random network is counted, on every kind of chip', t => {
  const chips: [string, string[], string?][] = [
    ['trex-full', [grouped('crossbar')]],
    ['trex-full', [grouped('vector')]],
    ['trex-full', ['schedule.encoder=token-pipelined']],
    ['trex-full', [grouped('crossbar')], 'hybrid-32nm'],
    ['trex-full', [grouped('crossbar')], 'dimc1-28nm'],
  ];
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.constantFrom(...chips), (seed, [name, set, tech]) => {
      const graph = randomGraph(seed);
      const arch = chip(name, tech === undefined ? { set } : { set, tech });
      const { layers, machine } = runGraph(arch, graph);
      const counted = new Set(countedOps(graph, arch).map(op => op.id));
      const { ledger } = machine.chip;
      // Only a batch norm that is part of the layer before it is no work of its own.
      const rest = graph.ops.filter(op => !counted.has(op.id) && op.kind !== 'layout');
      const onLanes = graph.ops.filter(
        (op): op is GroupedOp => op.kind === 'grouped' && set[0] === grouped('vector'),
      );
      const vector = graph.ops.filter(op => op.kind === 'vector' && counted.has(op.id));
      const ofSoftmax = vector.filter(op => op.kind === 'vector' && functionOf(op).cost.unit === 'softmax');
      const elements = sum(vector, elementsOf);
      const done = (['layernorm', 'gelu', 'add'] as const).map(entry => ledger.total(`vector.${entry}`));
      return (
        rest.every(op => op.kind === 'vector' && op.fn === 'batchnorm') &&
        sum(layers, row => row.macs) === macTotals(graph.ops).total &&
        (set[0] === 'schedule.encoder=token-pipelined' ||
          ledger.total('vector.mac') === sum(onLanes, macs)) &&
        sum(
          layers.filter(row => row.macs === 0),
          row => row.elements,
        ) === elements &&
        ledger.total('softmax.select') === sum(ofSoftmax, elementsOf) &&
        sum(done, count => count) === elements - sum(ofSoftmax, elementsOf)
      );
    }),
    { numRuns: 40 },
  );
  t.pass();
});
