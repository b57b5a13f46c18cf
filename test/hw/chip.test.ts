import test from 'ava';
import { finished } from '../../src/base/turn.ts';
import { Chip, type ChipParams } from '../../src/hw/chip.ts';
import { gridFloorplan } from '../../src/hw/noc/floorplan.ts';
import { IdealNoc } from '../../src/hw/noc/ideal.ts';
import type { Layer, Step, VectorWork } from '../../src/hw/program.ts';
import { Kernel } from '../../src/sim/kernel.ts';
import type { Tick } from '../../src/sim/tick.ts';
import { bufferParams, layerOf, macroCost, stepOfKind, tileBlock, tileParams } from '../helpers/blocks.ts';

/** A softmax row of 10 elements takes 60, a read 200, a DRAM transfer 1000 and 1 per byte; vectors 10 per 4 elements. */
const PARAMS: ChipParams = {
  engine: {
    tile: tileParams(),
    accumulator: { level: 'global', latency: 0, add_J: 0 },
    costOf: () => macroCost(),
    flitBits: 16,
    router_J: 0,
    link_J: 0,
    clock_J: 0,
    stages: 3,
    controller_J: 0,
    broadcast: 'unicast',
    cycle: 0,
    fold: { tiles: false, pes: false },
  },
  globalBuffer: bufferParams({ level: 'global' }),
  further: [],
  softmax: {
    units: 'per-head',
    select: { time: 1, energy_J: 1 },
    exponent: { time: 2, energy_J: 1 },
    divide: { time: 3, energy_J: 1 },
  },
  vector: {
    lanes: 4,
    cycle: 10,
    functions: {
      layernorm: { energy_J: 1, passes: 2 },
      gelu: { energy_J: 1, passes: 1 },
      add: { energy_J: 1, passes: 1 },
    },
  },
  dram: { energy_J: 1, bandwidth: 1e12, latency: 1000 },
  weightsFromDram: true,
  floorplan: gridFloorplan(1),
  makeNoc: parent => new IdealNoc(parent, 'noc', gridFloorplan(1).nodes),
  windows: [2, 2, 2, 2, 2],
  fold: false,
};

const LAYERS: readonly Layer[] = [layerOf([tileBlock([2])])];

/** Runs one image; gives the chip and the ticks at which steps start and end. */
function runChip(steps: readonly Step[], overrides: Partial<ChipParams> = {}) {
  const kernel = new Kernel();
  const chip = finished(new Chip(kernel, { ...PARAMS, ...overrides }, steps, LAYERS).build());
  chip.beginImage();
  kernel.run();
  const times = chip.controller.times.map(({ start, end }): [Tick, Tick] => [start, end]);
  return { chip, open: chip.controller.open, times };
}

const softmaxStep = (heads: number, jobs = 1): Step => {
  const vector: VectorWork = { fn: 'softmax', rowLength: 10, rows: heads };
  return stepOfKind(0, 'softmax', { jobs, vector });
};

const units = (count: number | 'per-head') => ({ softmax: { ...PARAMS.softmax, units: count } });

for (const fold of [false, true]) {
  const how = fold ? 'folded' : 'separate';

  test(`a softmax unit per head takes all heads of a token at the same time (${how} units)`, t => {
    const { times, chip } = runChip([softmaxStep(6)], { fold });
    t.deepEqual(times, [[0, 60]]);
    t.is(chip.softmaxUnits, 6);
  });

  for (const [count, rounds] of [
    [1, 6],
    [2, 3],
    [3, 2],
    [4, 2], // heads 0 and 4, 1 and 5
    [8, 1],
  ]) {
    test(`${count} softmax units take six heads in ${rounds} rounds (${how} units)`, t => {
      const { times, chip } = runChip([softmaxStep(6, 5)], { fold, ...units(count) });
      // Two jobs are under way, so that the units with the most heads never rest.
      t.deepEqual(times[0], [0, 5 * rounds * 60]);
      const divisions = chip.ledger.meters.find(m => m.action === 'softmax.divide');
      t.is(divisions?.counts[0], 5 * 6 * 10);
    });
  }
}

test('steps with other numbers of heads are not folded, and all their rows are counted', t => {
  const steps = [
    softmaxStep(6),
    stepOfKind(1, 'softmax', {
      vector: { fn: 'softmax', rowLength: 5, rows: 3 },
      after: [{ step: 0, mode: 'all' }],
    }),
  ];
  const { times, chip } = runChip(steps, { fold: true });
  t.deepEqual(times, [
    [0, 60],
    [60, 90],
  ]);
  const divisions = chip.ledger.meters.find(m => m.action === 'softmax.divide');
  t.deepEqual([...(divisions?.counts ?? [])], [60, 15, 0]);
});

test('an image goes from DRAM to the array, the softmax and the vector unit, and back', t => {
  const after = (step: number) => [{ step, mode: 'all' as const }];
  const steps = [
    stepOfKind(0, 'fetch', { outputBits: 800 }), // 100 B
    stepOfKind(1, 'read', { layer: 'layer', after: after(0) }),
    stepOfKind(2, 'softmax', { vector: { fn: 'softmax', rowLength: 10, rows: 1 }, after: after(1) }),
    stepOfKind(3, 'vector', { vector: { fn: 'layernorm', rowLength: 8, rows: 1 }, after: after(2) }),
    stepOfKind(4, 'store', { inputBits: 80, after: after(3) }),
  ];
  const { times, open } = runChip(steps);
  t.is(open, 0);
  t.deepEqual(times, [
    [0, 1100],
    [1100, 1300],
    [1300, 1360],
    [1360, 1400],
    [1400, 2410],
  ]);
});

test('a counted global buffer takes its time before and after every digital step', t => {
  const globalBuffer = bufferParams({ level: 'global', portBits: 32, cycle: 10 });
  const vector: VectorWork = { fn: 'add', rowLength: 4, rows: 1 };
  const { times, chip } = runChip([stepOfKind(0, 'vector', { vector })], { globalBuffer });
  t.deepEqual(times, [[0, 20 + 10 + 30]]); // 64 bits in, one pass, 96 bits out
  const counts = (action: string) => [...(chip.ledger.meters.find(m => m.action === action)?.counts ?? [])];
  t.deepEqual(counts('buffer.global.read'), [64, 0]);
  t.deepEqual(counts('buffer.global.write'), [96, 0]);
});

test('weights that come from DRAM are programmed when the last bit is there', t => {
  for (const [fromDram, end] of [
    [false, 2000],
    [true, 1016 + 2000], // 128 bits are 16 B
  ] as const) {
    const kernel = new Kernel();
    const chip = finished(
      new Chip(kernel, PARAMS, [stepOfKind(0, 'read', { layer: 'layer' })], LAYERS).build(),
    );
    chip.loadWeights(fromDram);
    t.is(kernel.run(), end);
  }
});
