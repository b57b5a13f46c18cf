/** No resource of a chip ever does two jobs at a time, over random small chips and networks. */
import test from 'ava';
import fc from 'fast-check';
import type { ArchConfig } from '../../src/arch/config.ts';
import { buildMachine, type Machine } from '../../src/run/machine.ts';
import { simulate } from '../../src/run/simulate.ts';
import type { Component } from '../../src/sim/component.ts';
import type { ProbePoint } from '../../src/sim/probe.ts';
import { type Tick, toTicks } from '../../src/sim/tick.ts';
import type { CrossbarUse } from '../../src/tech/crossbar-cost.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import { parseReuse } from '../../src/workload/reuse.ts';
import { chip, run, tinyVit } from '../helpers/chips.ts';

/** What one server did: [start, end] in ticks. */
type Intervals = Map<string, [Tick, Tick][]>;

/** Notes what every resource and every array of a machine does. */
function watch(machine: Machine): Intervals {
  const intervals: Intervals = new Map();
  const note = (name: string, start: Tick, end: Tick): void => {
    const own = intervals.get(name) ?? [];
    intervals.set(name, own);
    own.push([start, end]);
  };
  const walk = (component: Component): void => {
    for (const [kind, { onService }] of component.resources)
      onService.attach((server, start, end) => note(`${component.path} ${kind} ${server}`, start, end));
    if ('onUse' in component)
      (component.onUse as ProbePoint).attach((start, end) => note(`${component.path} array`, start, end));
    component.children.forEach(walk);
  };
  walk(machine.chip);
  return intervals;
}

/** The first server that is busy with two jobs, or undefined. */
function doubleBooked(intervals: Intervals): string | undefined {
  for (const [name, own] of intervals) {
    own.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    for (let i = 1; i < own.length; i++)
      if (own[i][0] < own[i - 1][1]) return `${name}: ${own[i - 1]} and ${own[i]}`;
  }
  return undefined;
}

/** From one bit plane to the next on one array: the rows and columns in use are driven and sampled, and sampled values converted. */
const planeTime = ({ plane, readTime }: CrossbarUse): Tick =>
  plane?.overlap === true ? Math.max(plane.drive, plane.convert) + plane.hold : readTime;

const NETWORKS = [
  ['noc.kind=ideal'],
  ['noc.kind=htree', 'noc.broadcast=unicast'],
  ['noc.kind=mesh'],
  ['noc.kind=mesh', 'noc.broadcast=unicast'],
];
const CROSSBARS = [
  { tech: 'trex-fefet-32nm', set: [] },
  { tech: 'fefet-32nm', set: [] },
  { tech: 'fefet-32nm', set: ['tech.pipeline=plane'] },
];

const count = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const chips = fc.record({
  base: fc.constantFrom('trex', 'trex-full'),
  crossbars: fc.constantFrom(...CROSSBARS),
  network: fc.constantFrom(...NETWORKS),
  schedule: fc.constantFrom('sequential', 'token-pipelined'),
  perPe: count(4),
  pes: count(3),
  banks: count(6),
  drivers: count(6),
  ports: count(3),
  lanes: fc.constantFrom(1, 16, 64),
  softmax: fc.constantFrom('per-head', '1', '3'),
});
const networks = fc.record({
  encoders: count(2),
  dim: fc.constantFrom(64, 128),
  heads: fc.constantFrom(1, 2, 4),
  imageSize: fc.constantFrom(16, 32, 48),
});

type ChipCase = typeof chips extends fc.Arbitrary<infer T> ? T : never;

const chipOf = (c: ChipCase, more: readonly string[] = []): ArchConfig =>
  chip(c.base, {
    tech: c.crossbars.tech,
    set: [
      ...c.crossbars.set,
      ...c.network,
      `schedule.encoder=${c.schedule}`,
      `pe.crossbars=${c.perPe}`,
      `tile.pes=${c.pes}`,
      `pe.adcBanks=${c.banks}`,
      `pe.writeDrivers=${c.drivers}`,
      `globalBuffer.ports=${c.ports}`,
      `vector.lanes=${c.lanes}`,
      `softmax.units=${c.softmax}`,
      ...more,
    ],
  });

async function watched(arch: ArchConfig, model: ModelConfig) {
  let machine: Machine | undefined;
  let intervals: Intervals = new Map();
  const output = await simulate(
    { arch, model, reuse: parseReuse('none', model.encoders) },
    {
      onBuilt(built) {
        machine = built;
        intervals = watch(built);
      },
    },
  );
  return { ...output, machine: machine as Machine, intervals };
}

test('no resource of any kind is busy with two jobs, and no layer is faster than one of its arrays', async t => {
  t.timeout(120_000);
  const law = fc.asyncProperty(chips, networks, async (c, n) => {
    const { intervals, machine, layers } = await watched(chipOf(c), tinyVit(n));
    const twice = doubleBooked(intervals);
    if (twice !== undefined) throw new Error(twice);
    for (const { index, kind, layer, jobs, id } of machine.steps) {
      const placed = machine.placement.layers.get(layer ?? '');
      if (kind !== 'read' || placed === undefined) continue;
      const cost = machine.cost.of(placed);
      const { start_s, end_s } = layers[index];
      const fills = placed.tiles.flatMap(tile => tile.pes.flatMap(pe => pe.fills));
      const slowest = Math.max(...fills.map(fill => planeTime(cost.filled(fill))));
      const least = jobs * cost.planes * slowest;
      const time = toTicks(end_s) - toTicks(start_s);
      if (time < least) throw new Error(`${id} takes ${time} ps, one array takes ${least} ps`);
    }
  });
  await t.notThrowsAsync(fc.assert(law, { numRuns: 40, seed: 1 }));
});

test('what the probes tell sums to the statistics', async t => {
  const arch = chip('trex-full', { tech: 'fefet-32nm', set: ['tech.pipeline=plane', 'pe.adcBanks=2'] });
  const { intervals, machine } = await watched(arch, tinyVit());
  const walk = (component: Component): void => {
    for (const [kind, resource] of component.resources) {
      const prefix = `${component.path} ${kind} `;
      const own = [...intervals].filter(([name]) => name.startsWith(prefix));
      const told = own.flatMap(([, list]) => list).reduce((sum, [start, end]) => sum + end - start, 0);
      t.is(told, resource.busyTime, prefix);
      t.true(own.length <= resource.servers, prefix);
      t.is(component.stats.get('busy')?.read(), told);
    }
    component.children.forEach(walk);
  };
  walk(machine.chip);
  t.true(intervals.size > 100);
});

test('ADC banks beyond the arrays of a PE change no time and no count', async t => {
  const law = fc.asyncProperty(chips, networks, async (c, n) => {
    const model = tinyVit(n);
    // Area may grow with the banks; on an ideal network it is far from every time.
    const outcome = async (banks: number) => {
      const { layers, machine } = await run(
        chipOf(c, ['noc.kind=ideal', 'noc.broadcast=unicast', `pe.adcBanks=${banks}`]),
        model,
      );
      const times = layers.map(({ start_s, end_s }) => [start_s, end_s]);
      return JSON.stringify([
        times,
        machine.chip.ledger.meters.map(({ action, counts }) => [action, ...counts]),
      ]);
    };
    return (await outcome(c.perPe)) === (await outcome(c.perPe + c.banks));
  });
  await t.notThrowsAsync(fc.assert(law, { numRuns: 10, seed: 1 }));
});

test('encoders that share their arrays may be at work at the same time, however many vectors wait', async t => {
  // Encoders that reuse attention hand row after row on: FC1 of the second begins while that of the first still reads.
  const model = tinyVit({ encoders: 3, shareWeights: 3, dim: 64, heads: 1, imageSize: 160 });
  for (const tech of ['trex-fefet-32nm', 'fefet-32nm']) {
    const arch = chip('trex', { tech, set: ['schedule.encoder=token-pipelined', 'pe.adcBanks=3'] });
    const { machine, layers } = await run(arch, model, { reuse: 'encoders:1,2' });
    const row = (id: string) => layers[machine.steps.findIndex(step => step.id === id)];
    t.true(row('e2.fc1').start_s < row('e1.fc1').end_s);
    t.is(machine.chip.controller.open, 0);
    const { planes } = machine.cost.static;
    const arrays = machine.chip.engine
      .tilesOf('e0.fc1')
      .flatMap(tile => tile.pes)
      .flatMap(pe => pe.crossbars);
    for (const array of arrays) t.is(array.stats.get('reads')?.read(), 3 * row('e1.fc1').jobs * planes);
  }
});

for (const [name, tokens, arch] of [
  ['trex-full, 8 banks', 26, chip('trex-full', { set: ['pe.adcBanks=8'] })],
  ['trex, 16 banks', 26, chip('trex', { set: ['pe.adcBanks=16'] })],
] as const) {
  test(`the four arrays of a layer read ${tokens} vectors one after another: ${name}`, async t => {
    const { machine, layers } = await run(
      arch,
      tinyVit({ imageSize: 20, patchSize: 4, inChannels: 1, dim: 64 }),
    );
    const q = layers[machine.steps.findIndex(step => step.id === 'e0.q')];
    t.is(q.jobs, tokens);
    const { planes, readTime } = machine.cost.static;
    t.true(toTicks(q.end_s) - toTicks(q.start_s) >= tokens * planes * readTime);
  });
}

test('a machine that nobody watches has no listener', t => {
  const spec = { arch: chip('trex'), model: tinyVit(), reuse: parseReuse('none', 2) };
  const walk = (component: Component): boolean =>
    [...component.resources.values()].some(({ onService }) => onService.attached) ||
    component.children.some(walk);
  t.false(walk(buildMachine(spec).chip));
});
