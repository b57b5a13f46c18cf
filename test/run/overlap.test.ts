/** Laws of images that overlap: what a chip takes, how long images are there, and that it never gets stuck. */
import test from 'ava';
import fc from 'fast-check';
import type { ArchConfig } from '../../src/arch/config.ts';
import { largest } from '../../src/base/extremes.ts';
import { sum } from '../../src/base/sum.ts';
import { peakBits } from '../../src/map/live.ts';
import type { PipelineResult } from '../../src/report/pipeline-result.ts';
import type { Result } from '../../src/report/result.ts';
import { arrivalTicks } from '../../src/run/arrival-ticks.ts';
import { parseArrival } from '../../src/run/arrivals.ts';
import { simulate } from '../../src/run/simulate.ts';
import { toSeconds, toTicks } from '../../src/sim/tick.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { noReuse } from '../../src/workload/reuse.ts';
import { apart, chip, type Options, run, tinyVit } from '../helpers/chips.ts';

const PIPELINED = 'schedule.images=pipelined';
const pipelined = (name: string, ...set: string[]): ArchConfig => chip(name, { set: [PIPELINED, ...set] });
const pipelineOf = ({ pipeline }: Result): PipelineResult => {
  if (pipeline === undefined) throw new Error('images do not overlap');
  return pipeline;
};
const arriving = async (arch: ArchConfig, text: string, options: Options = {}): Promise<PipelineResult> =>
  pipelineOf((await run(arch, tinyVit(), { images: 12, arrival: parseArrival(text), ...options })).result);

test('one image is the same run to the byte, pipelined or not', async t => {
  for (const name of ['trex', 'trex-full']) {
    const [one, other] = await Promise.all([run(chip(name), tinyVit()), run(pipelined(name), tinyVit())]);
    t.is(JSON.stringify([other.result, other.layers]), JSON.stringify([one.result, one.layers]));
  }
});

test('on an ideal network the throughput is 1 / the slowest stage, to the picosecond', async t => {
  // As many softmax rows as units: no unit is shared by stages that are slower than all its work.
  const arch = pipelined(
    'trex',
    'softmax.select.time=1 ps',
    'softmax.exponent.time=1 ps',
    'softmax.divide.time=1 ps',
  );
  const alone = await run(arch, tinyVit());
  const stages = new Map<string, [start: number, end: number]>();
  // The arrays of a matrix that is written are taken from the write to the last read.
  for (const { step, start_s, end_s } of alone.layers) {
    const stage = step.replace(/\.write$/, '');
    stages.set(stage, [stages.get(stage)?.[0] ?? toTicks(start_s), toTicks(end_s)]);
  }
  const slowest = largest([...stages.values()].map(([start, end]) => end - start));
  const { result } = await run(arch, tinyVit(), { images: 9 });
  t.is(toTicks(1 / result.throughput_Hz), slowest);
  t.true(result.throughput_Hz > 2 / alone.result.latency_s);
  t.is(pipelineOf(result).limit.by, 'stage');
  t.regex(pipelineOf(result).limit.name, /\.write, /);
});

test('each image ends at the tick that the rules give by hand: its operands, its turn, arrays that are read, results that are taken', async t => {
  const quick = ['select', 'exponent', 'divide'].map(part => `softmax.${part}.time=1 ps`);
  for (const [writes, text] of [
    ['serial', 'back-to-back'],
    ['overlapped', 'poisson=9000'],
  ]) {
    const set = [...quick, `schedule.writes=${writes}`];
    const { layers, machine } = await run(chip('trex', { set }), tinyVit());
    const { steps } = machine;
    const takes = layers.map(({ start_s, end_s }) => toTicks(end_s - start_s));
    const arrival = parseArrival(text);
    const comes = arrivalTicks(arrival, 5, 1) ?? [0, 0, 0, 0, 0];
    const ends: number[][] = [];
    for (const [image, at] of comes.entries()) {
      const own: number[] = [];
      for (const { index, kind, layer, after } of steps) {
        const before = after.map(({ step }) => own[step]);
        if (image > 0) {
          before.push(ends[image - 1][index]);
          if (kind === 'write')
            for (const read of steps)
              if (read.kind === 'read' && read.layer === layer) before.push(ends[image - 1][read.index]);
        }
        const taker = steps.find(other => other.after.some(({ step }) => step === index));
        if (image > 1 && taker !== undefined) before.push(ends[image - 2][taker.index]);
        own.push(largest([at, ...before]) + takes[index]);
      }
      ends.push(own);
    }
    let origin: number | undefined;
    let seen: number[] = [];
    const spec = { arch: pipelined('trex', ...set), model: tinyVit(), reuse: noReuse, images: 5, arrival };
    await simulate(spec, {
      onBuilt({ kernel, chip: { controller } }) {
        seen = [];
        controller.onJobStart.attach(() => {
          origin ??= kernel.now;
        });
        controller.onImageEnd.attach(() => seen.push(kernel.now - (origin ?? 0)));
      },
    });
    t.deepEqual(seen, ends.map(largest), `${writes} ${text}`);
  }
});

const chips = fc.record({
  base: fc.constantFrom('trex', 'trex-full'),
  noc: fc.constantFrom('mesh', 'ideal'),
  encoder: fc.constantFrom('sequential', 'token-pipelined'),
  attention: fc.constantFrom('sequential', 'fused', 'two-stream'),
  writes: fc.constantFrom('serial', 'overlapped'),
  units: fc.constantFrom('per-head', '1'),
  kib: fc.constantFrom(4, 8, 64),
  images: fc.integer({ min: 2, max: 7 }),
  arrival: fc.constantFrom('back-to-back', 'poisson=3000'),
});

test('on chips of every kind no image is lost, and none goes faster than the busiest resource lets it', async t => {
  const law = fc.asyncProperty(chips, async c => {
    const arch = pipelined(
      c.base,
      `noc.kind=${c.noc}`,
      'noc.broadcast=unicast',
      `schedule.encoder=${c.encoder}`,
      `schedule.attention=${c.attention}`,
      'schedule.attentionRows=2',
      `schedule.writes=${c.writes}`,
      `softmax.units=${c.units}`,
      `globalBuffer.capacity=${c.kib} KiB`,
    );
    const { result, machine } = await run(arch, tinyVit(), {
      images: c.images,
      arrival: parseArrival(c.arrival),
    });
    const { capacity_Hz, resources, stages, inSystem, latency_s, underWay } = pipelineOf(result);
    const jobs = machine.chip.controller.stats.get('jobs')?.read();
    if (jobs !== c.images * sum(machine.steps, step => step.jobs)) throw new Error(`${jobs} jobs`);
    if (machine.chip.controller.open > 0) throw new Error('an image is still there');
    if (resources.some(({ busy_s }) => busy_s * capacity_Hz > 1 + 1e-9)) throw new Error('above 1 / busiest');
    if (c.arrival === 'back-to-back' && stages.some(({ utilization }) => utilization > 1 + 1e-9))
      throw new Error('a stage taken longer than there is time');
    // Buffers: as many whole images at once as they hold.
    const { places, most } = underWay;
    if (places !== null && most > places) throw new Error(`${most} images where ${places} have room`);
    // Little: what is there on average came at the rate of what passed through, and stayed for its latency.
    const span_s = (c.images * latency_s.mean) / inSystem.mean;
    if (!(span_s >= latency_s.mean * (1 - 1e-9))) throw new Error('shorter than one image');
    for (const { busy_s } of resources)
      if (busy_s * c.images > span_s * (1 + 1e-9)) throw new Error('more work than time');
  });
  await t.notThrowsAsync(fc.assert(law, { numRuns: 16, seed: 3 }));
});

test("Little's law: images in the system are throughput x latency, exactly from the events", async t => {
  for (const text of ['back-to-back', 'rate=500', 'poisson=500']) {
    let first = -1;
    let last = 0;
    const spec = { arch: pipelined('trex-full'), model: tinyVit(), reuse: noReuse, images: 10 };
    const { result } = await simulate(
      { ...spec, arrival: parseArrival(text) },
      {
        onBuilt({ kernel, chip: { controller } }) {
          controller.onJobStart.attach(() => {
            if (first < 0) first = kernel.now;
          });
          controller.onImageEnd.attach(() => {
            last = kernel.now;
          });
        },
      },
    );
    const { inSystem, latency_s } = pipelineOf(result);
    const throughput_Hz = 10 / toSeconds(last - first);
    t.true(apart(inSystem.mean, throughput_Hz * latency_s.mean) < 1e-12, text);
  }
});

test('below the capacity no queue grows: evenly spaced images all take as long as one alone', async t => {
  const arch = pipelined('trex');
  const { result } = await run(arch, tinyVit());
  const alone = result.latency_s;
  const sparse = await arriving(arch, `rate=${0.9 / alone}`);
  t.is(sparse.latency_s.p50, alone);
  t.is(sparse.latency_s.p99, alone);
  t.is(sparse.waiting_s.p99, 0);
  const capacity = sparse.capacity_Hz;
  const busy = await arriving(arch, `rate=${0.95 * capacity}`, { images: 30 });
  const longer = await arriving(arch, `rate=${0.95 * capacity}`, { images: 60 });
  t.is(busy.latency_s.p99, longer.latency_s.p99);
  t.true(apart(busy.utilization, 0.95) < 1e-9);
});

test('a rate that the chip cannot take says which stage limits it and at what rate', async t => {
  await t.throwsAsync(arriving(pipelined('trex'), 'rate=1e9'), {
    message:
      /^--arrival rate=1000000000: the chip takes [\d.]+ images\/s: .*(always|taken|no room).*; stay below$/,
  });
  await t.throwsAsync(arriving(chip('trex'), 'rate=10'), {
    message: /has no effect while schedule.images is one/,
  });
  await t.throwsAsync(arriving(pipelined('trex'), 'rate=10', { images: 1 }), {
    message: /has no effect on one image/,
  });
  await t.throwsAsync(arriving(pipelined('trex'), 'rate=1e-9', { images: 3 }), {
    message:
      /^--arrival rate=1e-9: 3 images come over more than 2252 s, the longest run: fewer images, or a higher rate$/,
  });
  for (const text of ['rate=0', 'poisson=-2', 'rate=', 'rate=Infinity', 'rate=5x'])
    t.throws(() => parseArrival(text), { message: /expected a rate above 0/ }, text);
  t.throws(() => parseArrival('often'), { message: /expected back-to-back, rate=R or poisson=R/ });
});

test('the global buffer holds whole images: room for one more is one more at once, and no more throughput than that', async t => {
  const { bits } = peakBits(buildGraph(tinyVit(), { reuse: noReuse }), chip('trex-full'));
  const at = async (images: number, less = 0): Promise<PipelineResult> => {
    const bytes = Math.ceil((images * bits) / 8) - less;
    return pipelineOf(
      (await run(pipelined('trex-full', `globalBuffer.capacity=${bytes} B`), tinyVit(), { images: 12 }))
        .result,
    );
  };
  const [one, two, three, almost] = await Promise.all([at(1), at(2), at(3), at(3, 1)]);
  t.deepEqual(
    [one, two, three, almost].map(({ underWay }) => underWay.most),
    [1, 2, 3, 2],
  );
  t.true(one.capacity_Hz < two.capacity_Hz && two.capacity_Hz < three.capacity_Hz);
  t.is(almost.capacity_Hz, two.capacity_Hz);
  t.is(two.limit.by, 'buffer');
});

test('energy is that of an image, and leakage is shared by those that go through', async t => {
  const set = ['noc.kind=ideal', 'noc.broadcast=unicast'];
  const alone = (await run(chip('trex-full', { set }), tinyVit())).result;
  const { result } = await run(pipelined('trex-full', ...set), tinyVit(), { images: 12 });
  const of = ({ breakdown }: Result, wanted: boolean): number =>
    sum(breakdown.component, ({ name, energy_J }) => ((name === 'leakage') === wanted ? energy_J : 0));
  t.true(apart(of(result, false), of(alone, false)) < 1e-9);
  const shared = alone.latency_s * result.throughput_Hz;
  t.true(shared > 1.5);
  t.true(apart(of(result, true) * shared, of(alone, true)) < 1e-9);
  t.true((result.writes.lifetime_s ?? 0) < (alone.writes.lifetime_s ?? 0));
});

test('random arrivals depend on the seed alone, and come at their rate', t => {
  const arrival = parseArrival('poisson=1000');
  const ticks = arrivalTicks(arrival, 2000, 7) ?? [];
  t.deepEqual(arrivalTicks(arrival, 2000, 7), ticks);
  t.notDeepEqual(arrivalTicks(arrival, 2000, 8), ticks);
  t.is(ticks[0], 0);
  // Two standard deviations of the mean of so many gaps.
  t.true(apart(toSeconds(ticks[1999]), 1.999) < 2 / Math.sqrt(1999));
  t.deepEqual(arrivalTicks(parseArrival('rate=1000'), 3, 7), [0, 1e9, 2e9]);
});
