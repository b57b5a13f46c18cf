import test from 'ava';
import { type Trace, traceEvents } from '../../src/report/trace.ts';
import { buildMachine, type RunSpec } from '../../src/run/machine.ts';
import { loadArch, loadModel } from '../../src/run/node/load.ts';
import { simulate } from '../../src/run/simulate.ts';
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
): Promise<{ events: Event[]; text: string; latency: number; jobs: number }> {
  let text = '';
  let trace: Trace | undefined;
  const output = await simulate(run, {
    onBuilt: machine => {
      trace = traceEvents(machine, part => (text += part));
    },
  });
  trace?.close();
  const { traceEvents: events } = JSON.parse(text) as { traceEvents: Event[] };
  const jobs = output.layers.reduce((sum, layer) => sum + layer.jobs, 0);
  return { events, text, latency: output.result.latency_s * 1e12, jobs };
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
