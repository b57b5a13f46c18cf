import test from 'ava';
import type { ArchConfig } from '../../src/arch/config.ts';
import { TrexError } from '../../src/base/errors.ts';
import type { Action } from '../../src/hw/components.ts';
import type { BreakdownRow, RunOutput } from '../../src/report/result.ts';
import type { Machine } from '../../src/run/machine.ts';
import { simulate } from '../../src/run/simulate.ts';
import { toTicks } from '../../src/sim/tick.ts';
import { noReuse } from '../../src/workload/reuse.ts';
import { apart, chip, network, run, tinyVit } from '../helpers/chips.ts';

/** Layers of several tiles, one of them not full. */
const WIDE = { dim: 192, heads: 3, mlpRatio: 4 };

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((s, item) => s + of(item), 0);
const energyOf = (rows: readonly BreakdownRow[]): number => sum(rows, row => row.energy_J);

/** Counts by action and step. */
const countsOf = ({ chip: { ledger } }: Machine) => ledger.meters.map(m => [m.action, ...m.counts]);
const total = ({ chip: { ledger } }: Machine, action: Action): number =>
  sum([...(ledger.meters.find(m => m.action === action)?.counts ?? [])].slice(0, -1), n => n);

const CHIPS: Record<string, ArchConfig> = {
  trex: chip('trex'),
  'trex, by circuits': chip('trex', { tech: 'fefet-32nm' }),
  'trex, hybrid': chip('trex', { tech: 'trex-hybrid-32nm' }),
  'trex, two ADC banks': chip('trex', { set: ['pe.adcBanks=2'] }),
  'trex, token-pipelined': chip('trex', { set: ['schedule.encoder=token-pipelined'] }),
  'trex-full': chip('trex-full'),
  'trex-full, without a network': chip('trex-full', { set: ['noc.kind=ideal'] }),
  'trex-full, unicast': chip('trex-full', { set: ['noc.broadcast=unicast'] }),
  'trex-full, tree': chip('trex-full', { set: ['noc.broadcast=tree'] }),
  'trex-full, H-tree': chip('trex-full', { set: ['noc.kind=htree'] }),
  'trex-full, H-tree, tree': chip('trex-full', { set: ['noc.kind=htree', 'noc.broadcast=tree'] }),
  'trex-full, two ADC banks': chip('trex-full', { set: ['pe.adcBanks=2'] }),
  'trex-full, by circuits': chip('trex-full', { tech: 'fefet-32nm' }),
  'trex-full, by circuits, planes overlap': chip('trex-full', {
    tech: 'fefet-32nm',
    set: ['tech.pipeline=plane', 'pe.adcBanks=2'],
  }),
  'trex-full, two softmax units': chip('trex-full', { set: ['softmax.units=2'] }),
  'trex-full, token-pipelined': chip('trex-full', { set: ['schedule.encoder=token-pipelined'] }),
};

/** One folded run of each chip, for all tests that look at it. */
const runs = new Map<string, ReturnType<typeof run>>();
function wide(name: string): ReturnType<typeof run> {
  const started = runs.get(name) ?? run(CHIPS[name], tinyVit(WIDE), { reuse: 'encoders:1' });
  runs.set(name, started);
  return started;
}

/** Leakage and idle clocks: what is drawn for the time of a run, and is no step's. */
const standing = ({ breakdown }: RunOutput['result']): number =>
  energyOf(breakdown.stage.filter(row => row.time_s === undefined));

for (const [name, arch] of Object.entries(CHIPS)) {
  test(`folded and unfolded runs give the same figures and counts: ${name}`, async t => {
    const model = tinyVit(WIDE);
    const folded = await wide(name);
    const unfolded = await run(arch, model, { fold: false, reuse: 'encoders:1' });
    const { events: _, ...figures } = folded.result;
    const { events: __, ...expected } = unfolded.result;
    t.deepEqual(figures, expected);
    t.deepEqual(folded.layers, unfolded.layers);
    t.deepEqual(countsOf(folded.machine), countsOf(unfolded.machine));
  });

  test(`the parts of energy and area sum to the totals: ${name}`, async t => {
    const { result, layers } = await wide(name);
    const { breakdown, energy_J, area_m2 } = result;
    for (const by of ['component', 'stage', 'encoder'] as const) {
      t.true(apart(energyOf(breakdown[by]), energy_J) < 1e-12, by);
    }
    t.true(apart(sum(layers, row => row.energy_J) + standing(result), energy_J) < 1e-12, 'layers');
    t.true(
      apart(
        sum(breakdown.component, row => row.area_m2 ?? 0),
        area_m2,
      ) < 1e-12,
      'area',
    );
  });

  test(`jobs, vectors and flits are conserved: ${name}`, async t => {
    const { machine } = await wide(name);
    const { chip: built, steps, placement, cost } = machine;
    t.is(built.controller.open, 0);
    t.is(
      built.controller.stats.get('jobs')?.read(),
      sum(steps, step => step.jobs),
    );
    // Every vector is read by all crossbars of its layer, plane by plane; every run-time matrix is written once.
    for (const { index, kind, layer = '', jobs } of steps) {
      const placed = placement.layers.get(layer);
      if (placed === undefined) continue;
      const crossbar = cost.of(placed);
      const meters = built.ledger.meters.filter(m => m.action === `crossbar.${kind}`);
      const each = kind === 'read' ? crossbar.planes : 1;
      t.is(
        sum(meters, m => m.counts[index]),
        jobs * placed.crossbars * each,
        steps[index].id,
      );
    }
    const { counts } = built.noc;
    t.is(counts.flitLengths, total(machine, 'link.flit'));
    t.is(counts.routerTraversals, total(machine, 'router.flit'));
  });
}

test('folded and unfolded runs of DeiT-T give the same figures and counts', async t => {
  const [folded, unfolded] = await Promise.all(
    [true, false].map(fold => run(chip('trex'), network('deit-t'), { fold })),
  );
  t.deepEqual({ ...folded.result, events: 0 }, { ...unfolded.result, events: 0 });
  t.deepEqual(countsOf(folded.machine), countsOf(unfolded.machine));
  t.true(folded.result.events < unfolded.result.events);
});

for (const name of ['trex', 'trex-full', 'trex-full, by circuits']) {
  test(`times of sequential stages sum to the latency: ${name}`, async t => {
    const { result } = await run(CHIPS[name], tinyVit());
    for (const by of ['stage', 'encoder'] as const) {
      const time = sum(result.breakdown[by], row => row.time_s ?? 0);
      t.is(toTicks(time), toTicks(result.latency_s), by);
    }
  });
}

test('images follow each other: K of them take K times as long as one', async t => {
  const [one, three] = await Promise.all([1, 3].map(images => run(chip('trex'), tinyVit(), { images })));
  const load = toTicks(one.result.weightLoad.time_s);
  t.is(three.machine.kernel.now - load, 3 * (one.machine.kernel.now - load));
  for (const key of ['latency_s', 'energy_J', 'area_m2', 'throughput_Hz'] as const) {
    t.true(apart(three.result[key], one.result[key]) < 1e-12, key);
  }
  t.is(three.result.images, 3);
  t.deepEqual(three.result.writes, one.result.writes);
});

test('equal images are equal on a mesh too, and the times of the steps are those of the latency', async t => {
  // Four VCs and many tiles that answer at the same time: arbiters have turns to remember.
  const arch = chip('trex-full', { set: ['noc.flit=64 bit', 'pe.adcBanks=8'] });
  const model = network('vit-b-16', { set: ['model.imageSize=32', 'model.encoders=1'] });
  const [one, three] = await Promise.all([1, 3].map(images => run(arch, model, { images })));
  t.is(three.result.latency_s, one.result.latency_s);
  for (const { layers, result } of [one, three])
    t.is(Math.max(...layers.map(row => toTicks(row.end_s))), toTicks(result.latency_s));
  const times = (rows: typeof one.layers) =>
    rows.map(({ start_s, end_s }) => [toTicks(start_s), toTicks(end_s)]);
  t.deepEqual(times(three.layers), times(one.layers));
});

test('the residual of a tiny network takes 32 ns: one fetch, five additions, one store', async t => {
  const { layers } = await run(CHIPS['trex-full'], tinyVit({ dim: 64 }));
  const { start_s, end_s, jobs } = layers.find(row => row.step === 'e0.residual1') ?? layers[0];
  // 2 x 64 elements of 8 bits through ports of 256 bits, 64 on 16 lanes, 64 back; the last word of an access is out after 4 cycles.
  t.is(toTicks(end_s) - toTicks(start_s), (7 + 4 * jobs + 5) * 1000);
  t.is(jobs, 5);
});

test('the same run gives the same bytes', async t => {
  for (const name of ['trex', 'trex-full']) {
    const [a, b] = await Promise.all([1, 2].map(() => run(CHIPS[name], tinyVit(), { images: 2 })));
    t.is(JSON.stringify([a.result, a.layers, a.stats]), JSON.stringify([b.result, b.layers, b.stats]));
  }
});

test('fold does not touch the seed', async t => {
  for (const fold of [true, false]) {
    t.is((await run(chip('trex'), tinyVit(), { fold, seed: 77 })).result.seed, 77);
    t.is((await run(chip('trex'), tinyVit(), { fold })).result.seed, 1);
  }
});

test('pauses change nothing, not even one at the last job', async t => {
  // A pause at each of the 1024 jobs; the last one is a read, so that credits still move on the mesh when it is done.
  const model = tinyVit({ imageSize: 48, encoders: 7, dim: 64, heads: 1 });
  const arch = chip('trex-full', {
    set: ['dram', 'buffers', 'accumulators'].map(block => `accounting.${block}=omitted`),
  });
  const spec = { arch, model, reuse: noReuse, images: 2 };
  const seen: [number, number][] = [];
  const paused = await simulate(spec, {
    eventsBetweenPauses: 0,
    pause: (done, of) => {
      seen.push([done, of]);
    },
  });
  // After the last job of an image there is nothing left to pause for.
  t.is(seen.length, 2 * 1023);
  t.deepEqual(seen.at(-1), [2 * 1024 - 1, 2 * 1024]);
  t.is(JSON.stringify(paused), JSON.stringify(await simulate(spec)));
});

test('there are pauses while a chip is built, at which it can be stopped', async t => {
  const model = tinyVit({ dim: 192, heads: 3, mlpRatio: 4, encoders: 8 });
  const spec = { arch: chip('trex-full'), model, reuse: noReuse, fold: false };
  let crossbars = 0;
  const built: boolean[] = [];
  const run = simulate(spec, {
    onBuilt: ({ placement }) => {
      crossbars = placement.crossbars;
      built.push(true);
    },
    pause: (done, of) => {
      t.is(done, 0);
      t.true(of > 0);
      if (built.push(false) > 2) throw new TrexError('stopped');
    },
  });
  await t.throwsAsync(run, { instanceOf: TrexError, message: 'stopped' });
  t.deepEqual(built, [false, false, false], `not even when ${crossbars} crossbars are there`);
});

test('every packet that is sent arrives', async t => {
  const { machine } = await wide('trex-full');
  const { chip: built, steps, placement } = machine;
  // Broadcasts bring one packet to every tile of a read or write, and each read one back from every tile.
  const packets = sum(steps, ({ kind, layer = '', jobs }) => {
    const tiles = placement.layers.get(layer)?.tiles.length ?? 0;
    return jobs * tiles * (kind === 'read' ? 2 : 1);
  });
  t.is(built.noc.counts.packets, packets);
});

test('token-pipelined encoders are at least as fast as sequential ones', async t => {
  for (const name of ['trex', 'trex-full']) {
    const [sequential, pipelined] = await Promise.all(
      ['sequential', 'token-pipelined'].map(schedule =>
        run(chip(name, { set: [`schedule.encoder=${schedule}`] }), tinyVit()),
      ),
    );
    t.true(pipelined.result.latency_s < sequential.result.latency_s, name);
    const dynamic = (r: typeof pipelined) => r.result.energy_J - standing(r.result);
    t.true(apart(dynamic(pipelined), dynamic(sequential)) < 1e-12, name);
  }
});

test('K^T and V that are written together save one write time an encoder', async t => {
  const parallel = chip('trex', { set: ['schedule.writes=parallel'] });
  const [serial, together] = await Promise.all([chip('trex'), parallel].map(arch => run(arch, tinyVit())));
  const saved = toTicks(serial.result.latency_s) - toTicks(together.result.latency_s);
  t.is(saved, 2 * 8 * 3_300_000); // 2 encoders, 8 crossbars of a PE, 3.3 us
});

test('transformation blocks cost a read of all tokens and one layer of tiles each', async t => {
  const counted = chip('trex', { set: ['accounting.transformation=counted'] });
  const [omitted, blocks] = await Promise.all(
    [chip('trex'), counted].map(arch => run(arch, network('deit-s'), { reuse: 'strided:5' })),
  );
  t.is(blocks.result.tiles - omitted.result.tiles, 5 * 3);
  const time = blocks.result.latency_s - omitted.result.latency_s;
  t.is(toTicks(time), 5 * 197 * 8 * 19_174);
});

test('static weights are loaded before the first image, and their cost stands apart', async t => {
  const { result, machine } = await run(chip('trex'), tinyVit());
  const statics = [...machine.placement.layers.values()].filter(l => !l.dynamic);
  t.is(
    result.weightLoad.bits,
    sum(statics, l => l.cells * l.device.cell.bits),
  );
  t.is(toTicks(result.weightLoad.time_s), 8 * 3_300_000);
  t.true(apart(result.weightLoad.energy_J, sum(statics, l => l.crossbars) * 118e-12) < 1e-12);
  t.is(
    result.breakdown.component.find(c => c.name === 'crossbar.write')?.energy_J,
    sum(
      [...machine.placement.layers.values()].filter(l => l.dynamic),
      l => l.crossbars,
    ) * 118e-12,
  );
});

test('cells of run-time matrices are written once an image, and wear out after their endurance', async t => {
  const { result } = await run(chip('trex'), tinyVit(), { images: 4 });
  t.is(result.writes.perCellPerImage, 1);
  t.is(result.writes.endurance, 100_000);
  t.is(result.writes.images, 100_000);
  t.true(apart(result.writes.lifetime_s ?? 0, 100_000 * result.latency_s) < 1e-12);
  const { writes } = (await run(chip('trex', { tech: 'trex-sram-32nm' }), tinyVit())).result;
  t.deepEqual([writes.endurance, writes.images, writes.lifetime_s], [null, null, null]);
});

test('spare tiles take area, not time', async t => {
  const [exact, spare] = await Promise.all(
    [{}, { set: ['chip.tiles=100'] }].map(options => run(chip('trex', options), tinyVit())),
  );
  t.is(spare.result.latency_s, exact.result.latency_s);
  t.is(spare.result.tiles, 100);
  t.true(apart(spare.result.area_m2 / 100, exact.result.area_m2 / exact.result.tiles) < 1e-12);
  t.true(
    apart(spare.result.utilization.cells * 100, exact.result.utilization.cells * exact.result.tiles) < 1e-12,
  );
});

test('the ADC bank of a full tile is busy for all of a read', async t => {
  // One layer of 64 crossbars: a d x d matrix with d = 256 on 4 slices, and nothing else but the MLP.
  const { result, layers } = await run(chip('trex'), tinyVit({ dim: 256, heads: 4 }));
  const reads = layers.filter(row => row.kind === 'read');
  t.true(reads.every(row => row.tiles > 0));
  t.true(result.utilization.adc > 0 && result.utilization.adc < 1);
  const busy = sum(reads, row => row.jobs * row.crossbars * 19.174e-9);
  const banks = result.tiles * 8;
  t.true(apart(result.utilization.adc, busy / (banks * result.latency_s)) < 1e-12);
});

test('one softmax unit takes the rows of any number of heads', async t => {
  const model = tinyVit({ encoders: 1, dim: 512, heads: 256 });
  const { layers } = await run(chip('trex', { set: ['softmax.units=1'] }), model);
  const row = layers.find(layer => layer.kind === 'softmax');
  t.is(toTicks((row?.end_s ?? 0) - (row?.start_s ?? 0)), 256 * 5 * 5 * 15_850); // 5 tokens
});

test('a chip that is too small is one clear error', async t => {
  const error = await t.throwsAsync(run(chip('trex', { set: ['chip.tiles=2'] }), tinyVit()), {
    instanceOf: TrexError,
  });
  t.regex(
    error.message,
    /^the chip has 2 tiles, too few even where layers take turns: e0\.q takes 1, matrices made at run time 2: .*chip\.tiles=3/,
  );
});
