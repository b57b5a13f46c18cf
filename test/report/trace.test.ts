import test from 'ava';
import { type Trace, traceEvents } from '../../src/report/trace.ts';
import { buildMachine, type RunSpec } from '../../src/run/machine.ts';
import { loadArch, loadModel } from '../../src/run/node/load.ts';
import { simulate } from '../../src/run/simulate.ts';
import type { Component } from '../../src/sim/component.ts';
import { noReuse } from '../../src/workload/reuse.ts';

interface Event {
  readonly ph: 'X' | 'b' | 'e' | 'C' | 'M';
  readonly name: string;
  readonly cat?: string;
  readonly id?: string;
  readonly tid?: number;
  readonly ts: number;
  readonly dur: number;
  readonly args: Record<string, unknown>;
}

const PS_PER_TRACE_US = 1000;
const ticks = (us: number): number => Math.round(us * PS_PER_TRACE_US);

/** A network of one or two small encoders. */
function spec(set: string[] = [], images = 1): RunSpec {
  const { model } = loadModel('deit-t', { set: ['model.imageSize=48', 'model.encoders=2'] });
  return { arch: loadArch('trex', { set }).arch, model, reuse: noReuse, images };
}

async function traced(
  run: RunSpec,
): Promise<{ events: Event[]; text: string; latency: number; jobs: number; root: Component }> {
  let text = '';
  let trace: Trace | undefined;
  const roots: Component[] = [];
  const output = await simulate(run, {
    onBuilt: machine => {
      roots.push(machine.chip);
      trace = traceEvents(machine, part => (text += part));
    },
  });
  trace?.close();
  const { traceEvents: events } = JSON.parse(text) as { traceEvents: Event[] };
  const jobs = output.layers.reduce((sum, layer) => sum + layer.jobs, 0);
  return { events, text, latency: output.result.latency_s * 1e12, jobs, root: roots[0] };
}

/** Slices of each track, in the order of the file. */
function tracks(events: readonly Event[]): Map<number, { start: number; end: number }[]> {
  const byTrack = new Map<number, { start: number; end: number }[]>();
  for (const { ph, tid, ts, dur } of events) {
    if (ph !== 'X') continue;
    const slices = byTrack.get(tid as number) ?? [];
    slices.push({ start: ticks(ts), end: ticks(ts) + ticks(dur) });
    byTrack.set(tid as number, slices);
  }
  return byTrack;
}

test('every job that begins ends, and there are as many as the steps have', async t => {
  const { events, jobs } = await traced(spec());
  const open = new Map<string, number>();
  let begun = 0;
  for (const { ph, cat, id, ts } of events) {
    if (ph === 'b') {
      t.false(open.has(`${cat}/${id}`), `${id} begins twice`);
      open.set(`${cat}/${id}`, ts);
      begun++;
    } else if (ph === 'e') {
      t.true(ts >= (open.get(`${cat}/${id}`) ?? Infinity), `${id} ends before it begins`);
      open.delete(`${cat}/${id}`);
    }
  }
  t.is(open.size, 0);
  t.is(begun, jobs);
});

test('an image lasts as long as its latency, and its last job ends with it', async t => {
  const { events, latency } = await traced(spec());
  const image = events.filter(e => e.name === 'image 1');
  t.is(image.length, 1);
  t.is(ticks(image[0].dur), Math.round(latency));
  const last = Math.max(...events.filter(e => e.ph === 'e').map(e => ticks(e.ts)));
  t.is(last, ticks(image[0].ts) + ticks(image[0].dur));
});

for (const encoder of ['sequential', 'token-pipelined']) {
  test(`slices of one track follow each other (${encoder})`, async t => {
    const { events } = await traced(spec([`schedule.encoder=${encoder}`]));
    t.is(
      events.filter(e => e.ph === 'X' && e.args.stage !== undefined).length,
      buildMachine(spec()).steps.length,
    );
    for (const slices of tracks(events).values())
      for (let i = 1; i < slices.length; i++) t.true(slices[i].start >= slices[i - 1].end);
  });
}

test('steps of one unit that overlap have tracks of their own', async t => {
  const titles = ({ events }: { events: Event[] }): unknown[] =>
    events.filter(e => e.ph === 'M').map(e => e.args.name);
  t.false(titles(await traced(spec())).includes('crossbars, read 2'));
  t.true(titles(await traced(spec(['schedule.encoder=token-pipelined']))).includes('crossbars, read 2'));
});

test('the counter of jobs in flight has one value per tick, from none to none', async t => {
  const { events } = await traced(spec());
  const counts = events.filter(e => e.ph === 'C');
  const values = counts.map(e => e.args.jobs as number);
  t.is(values[0], 0);
  t.is(values.at(-1), 0);
  t.true(Math.max(...values) > 1);
  for (let i = 1; i < counts.length; i++) t.true(counts[i].ts > counts[i - 1].ts);
});

test('the load of the weights comes before the first image, and images follow each other', async t => {
  const { events } = await traced(spec([], 3));
  const images = events.filter(e => e.ph === 'X' && e.tid === 1);
  t.deepEqual(
    images.map(e => e.name),
    ['weight load', 'image 1', 'image 2', 'image 3'],
  );
  t.is(images[0].ts, 0);
  for (let i = 1; i < images.length; i++)
    t.is(ticks(images[i].ts), ticks(images[i - 1].ts) + ticks(images[i - 1].dur));
});

test('images that overlap, and their steps, have tracks of their own, each as long as its latency', async t => {
  const { events, latency, jobs } = await traced(spec(['schedule.images=pipelined'], 3));
  const images = events.filter(e => e.ph === 'X' && /^image /.test(e.name));
  t.is(new Set(images.map(e => e.tid)).size, 3);
  t.is(images.reduce((sum, e) => sum + ticks(e.dur), 0) / 3, latency);
  for (const name of ['image 1', 'image 2', 'image 3'])
    t.true(events.some(e => e.ph === 'X' && e.args.image === name));
  t.is(events.filter(e => e.ph === 'b').length, 3 * jobs);
  t.is(events.filter(e => e.ph === 'e').length, 3 * jobs);
  for (const slices of tracks(events).values())
    for (const [i, slice] of slices.entries()) {
      const before = slices[i - 1];
      t.true(before === undefined || slice.start >= before.end);
    }
});

test('a run that stops in the middle leaves valid JSON in which everything ends', t => {
  const machine = buildMachine(spec());
  let text = '';
  const trace = traceEvents(machine, part => (text += part));
  machine.chip.beginImage();
  let left = 15;
  machine.chip.controller.onJobEnd.attach(() => {
    if (--left === 0) machine.kernel.stop();
  });
  machine.kernel.run();
  trace.close();
  const { traceEvents: events } = JSON.parse(text) as { traceEvents: Event[] };
  t.is(events.filter(e => e.ph === 'b').length, events.filter(e => e.ph === 'e').length);
  const unfinished = events.filter(e => e.args?.unfinished === true).map(e => e.name);
  // Ten tokens: q has ended, k is at work.
  t.deepEqual([...new Set(unfinished)], ['k', 'e0.k', 'image 1']);
});

/** Busy time by kind, of every resource at and below `root`, folded ones counted. */
function busyTimes(root: Component, times = new Map<string, number>()): Map<string, number> {
  for (const [kind, { busyTime }] of root.resources)
    times.set(kind, (times.get(kind) ?? 0) + root.fold * busyTime);
  for (const child of root.children) busyTimes(child, times);
  return times;
}

for (const [name, tech, set] of [
  ['trex', undefined, []],
  ['trex-full', undefined, []],
  ['trex-full', 'fefet-32nm', ['tech.pipeline=plane', 'noc.kind=htree', 'schedule.encoder=token-pipelined']],
] as const) {
  test(`each kind of resource has one track, with the busy time of its statistics: ${[name, ...set]}`, async t => {
    const run = { ...spec([], 2), arch: loadArch(name, { tech, set }).arch };
    const { events, root } = await traced(run);
    const busy = busyTimes(root);
    const titles = new Map(events.filter(e => e.ph === 'M').map(e => [e.tid, String(e.args.name)]));
    for (const [kind, time] of busy) {
      const slices = events.filter(e => e.ph === 'X' && e.name === kind);
      t.is(ticks(slices.reduce((sum, e) => sum + (e.args.busy_ns as number), 0)), time, kind);
      t.is(new Set(slices.map(e => e.tid)).size, time === 0 ? 0 : 1, kind);
      let end = -1;
      for (const { ts, dur, tid, args } of slices) {
        t.true(titles.get(tid)?.startsWith(`${kind}: `));
        t.true(ticks(ts) > end, `${kind}: slices that touch are one`);
        end = ticks(ts) + ticks(dur);
        // Some of them were at work all the time, all of them at most.
        const all = Number(/: (\d+)/.exec(titles.get(tid) ?? '')?.[1]);
        t.true((args.average as number) >= 1 && (args.average as number) <= all, kind);
      }
    }
    const expected = ['ADC banks', 'write drivers', 'softmax units'];
    if (name === 'trex-full')
      expected.push('global buffer ports', 'tile buffer ports', 'pe buffer ports', 'links', 'vector unit');
    for (const kind of expected) t.true((busy.get(kind) ?? 0) > 0, kind);
  });
}

test('the title of a track counts the resources that are folded', async t => {
  const { events, root } = await traced(spec());
  const pes: Component[] = [];
  const walk = (component: Component): void => {
    if (component.name === 'adcBank') pes.push(component);
    component.children.forEach(walk);
  };
  walk(root);
  const all = pes.reduce((sum, bank) => sum + bank.fold, 0);
  t.true(all > pes.length);
  t.true(events.some(e => e.ph === 'M' && e.args.name === `ADC banks: ${all}, ${pes.length} simulated`));
});

test('picoseconds survive: a trace says that its microsecond is a nanosecond of the chip', async t => {
  const { text, events } = await traced(spec());
  t.true(
    text.startsWith('{"displayTimeUnit":"ns","otherData":{"time":"1 us in this trace is 1 ns simulated"}'),
  );
  t.true(events.some(e => e.ph === 'X' && !Number.isInteger(e.ts + e.dur)));
});

test('a trace does not change the run, and the same run gives the same trace', async t => {
  const first = await traced(spec());
  const plain = await simulate(spec());
  t.is(Math.round(plain.result.latency_s * 1e12), Math.round(first.latency));
  t.is((await traced(spec())).text, first.text);
});
