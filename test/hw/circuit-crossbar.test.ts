import test from 'ava';
import fc from 'fast-check';
import { AdcBank } from '../../src/hw/adc-bank.ts';
import { CircuitCrossbar } from '../../src/hw/circuit-crossbar.ts';
import { ColumnMux } from '../../src/hw/column-mux.ts';
import { JobOrder } from '../../src/hw/job-order.ts';
import { SampleHold } from '../../src/hw/sample-hold.ts';
import { ShiftAdd } from '../../src/hw/shift-add.ts';
import { WordlineDriver } from '../../src/hw/wordline-driver.ts';
import { WriteDriver } from '../../src/hw/write-driver.ts';
import type { PlaneTiming } from '../../src/tech/crossbar-cost.ts';
import { Bench, circuitCost, endsAt } from '../helpers/blocks.ts';

const PLANES = 4;
const TIMES = { drive: 30, hold: 10, convert: 50, shiftAdd: 5 };

/** `count` crossbars on `banks` ADC banks. */
function crossbars(bench: Bench, timing: PlaneTiming, count = 1, banks = 1): CircuitCrossbar[] {
  const adc = new AdcBank(bench.root, 'adcBank', banks);
  const writer = new WriteDriver(bench.root, 'writeDriver', 1);
  const cost = circuitCost(timing, PLANES);
  const ends = { onRead: bench.done, onWritten: bench.done };
  return Array.from(
    { length: count },
    (_, i) =>
      new CircuitCrossbar(bench.root, `crossbar[${i}]`, cost, {
        adc,
        writer,
        jobs: new JobOrder(64),
        setOf: () => 0,
        ...ends,
      }),
  );
}

test('without overlap every bit plane takes drive + hold + convert + shift-add', t => {
  const bench = new Bench();
  const [crossbar] = crossbars(bench, { ...TIMES, overlap: false });
  crossbar.read(0);
  endsAt(t, bench, 0, 4 * (30 + 10 + 50 + 5));
  t.is(crossbar.stats.get('reads')?.read(), PLANES);
});

test('with overlap the rows settle while the ADCs convert, so that a plane takes conversion + hold', t => {
  const bench = new Bench();
  const [crossbar] = crossbars(bench, { ...TIMES, overlap: true });
  crossbar.read(0);
  // The first plane is held at 40; each next one is sampled when the last is converted: 50 + 10 later.
  endsAt(t, bench, 0, 40 + 3 * (50 + 10) + 50 + 5);
});

test('with overlap and slow rows a plane takes drive + hold', t => {
  const bench = new Bench();
  const [crossbar] = crossbars(bench, { ...TIMES, drive: 80, overlap: true });
  crossbar.read(0);
  // Held at 90, then every 80 + 10: the ADCs are ready before the columns are.
  endsAt(t, bench, 0, 90 + 3 * 90 + 50 + 5);
});

test('the columns of the next plane are not sampled before the last plane is converted', t => {
  const bench = new Bench();
  const [crossbar] = crossbars(bench, { ...TIMES, overlap: true });
  crossbar.read(0);
  const held = crossbar.children.find(c => c.name === 'sampleHold')?.stats.get('samples');
  bench.kernel.run(89); // driven at 70, first plane converted at 90
  t.is(held?.read(), 1);
  bench.kernel.run(90);
  t.is(held?.read(), 2);
});

test('two crossbars take turns at a busy ADC bank', t => {
  const bench = new Bench();
  const pair = crossbars(bench, { ...TIMES, overlap: false }, 2);
  pair.forEach((crossbar, i) => {
    crossbar.read(i);
  });
  // 50 of one's conversion cover the 45 of the other's shift-add, drive and hold: the bank converts without a gap
  // from 40 on, and the last two of the eight conversions end at 390 and 440.
  endsAt(t, bench, 0, 395);
  endsAt(t, bench, 1, 445);
});

test('two crossbars whose conversions are short slow each other only by the first one', t => {
  const bench = new Bench();
  const pair = crossbars(bench, { ...TIMES, convert: 20, overlap: false }, 2);
  pair.forEach((crossbar, i) => {
    crossbar.read(i);
  });
  // A plane takes 30 + 10 + 20 + 5; the second crossbar waits 20 once and then follows 20 behind.
  endsAt(t, bench, 0, 4 * 65);
  endsAt(t, bench, 1, 4 * 65 + 20);
});

test('two crossbars with an ADC bank each do not wait', t => {
  const bench = new Bench();
  const pair = crossbars(bench, { ...TIMES, overlap: false }, 2, 2);
  pair.forEach((crossbar, i) => {
    crossbar.read(i);
  });
  bench.kernel.run();
  t.deepEqual(bench.ended, [
    [0, 380],
    [1, 380],
  ]);
});

for (const [overlap, time, next] of [
  [false, 380, 380],
  // The rows take the first plane of the next vector while the last one is converted: 4 planes of 50 + 10.
  [true, 275, 240],
] as const) {
  test(`vectors queue and are driven one at a time ${overlap ? 'with' : 'without'} overlap of planes`, t => {
    const bench = new Bench();
    const [crossbar] = crossbars(bench, { ...TIMES, overlap });
    for (const slot of [7, 8, 9]) crossbar.read(slot);
    endsAt(t, bench, 7, time);
    endsAt(t, bench, 8, time + next);
    endsAt(t, bench, 9, time + 2 * next);
  });
}

test('a vector that comes while the last plane of another is converted is driven at once', t => {
  const bench = new Bench();
  const [crossbar] = crossbars(bench, { ...TIMES, overlap: true });
  crossbar.read(0);
  bench.kernel.run(230); // sampled at 40, 100, 160, 220; converted at 270
  crossbar.read(1);
  endsAt(t, bench, 0, 275);
  // Driven at 260, sampled when the other is converted.
  endsAt(t, bench, 1, 270 + 10 + 3 * 60 + 50 + 5);
});

test('an array is not written while its rows are driven, and not read while it is written', t => {
  const bench = new Bench();
  const [crossbar] = crossbars(bench, { ...TIMES, overlap: true });
  crossbar.read(0);
  crossbar.write(1);
  crossbar.read(2);
  endsAt(t, bench, 0, 275);
  endsAt(t, bench, 1, 220 + 1000); // the last plane is sampled at 220
  endsAt(t, bench, 2, 1220 + 275);
});

test('arrays that share ADC banks sustain what the slower of the two allows', t => {
  const time = fc.integer({ min: 0, max: 40 });
  const timing = fc.record({
    drive: time,
    hold: time,
    convert: fc.integer({ min: 1, max: 40 }),
    shiftAdd: time,
    overlap: fc.boolean(),
  });
  const some = fc.integer({ min: 1, max: 4 });
  const law = fc.property(timing, some, some, (plane, count, banks) => {
    const { drive, hold, convert, shiftAdd, overlap } = plane;
    const one = drive + hold + convert + shiftAdd;
    const own = overlap ? Math.max(drive + hold, hold + convert, shiftAdd) : one;
    const interval = PLANES * Math.max(own, (count * convert) / banks);
    const finish = (vectors: number): number => {
      const bench = new Bench();
      for (const crossbar of crossbars(bench, plane, count, banks))
        for (let i = 0; i < vectors; i++) crossbar.read(i);
      return bench.kernel.run();
    };
    const [few, many] = [finish(20), finish(60)];
    // Never faster, and as fast but for the order in which arrays find a bank at the ends.
    return many >= 60 * interval && Math.abs((many - few) / 40 - interval) <= (one * count) / 40;
  });
  t.notThrows(() => fc.assert(law));
});

test('circuits without a time of their own add none', t => {
  const bench = new Bench();
  const [crossbar] = crossbars(bench, { drive: 0, hold: 0, convert: 50, shiftAdd: 0, overlap: false });
  crossbar.read(0);
  endsAt(t, bench, 0, 4 * 50);
});

test('a crossbar of circuits is programmed for its write time', t => {
  const bench = new Bench();
  crossbars(bench, { ...TIMES, overlap: false })[0].write(3);
  endsAt(t, bench, 3, 1000);
});

test('rows settle after the drive time', t => {
  const bench = new Bench();
  new WordlineDriver(bench.root, 'driver', 30, () => bench.done(1)).drive();
  endsAt(t, bench, 1, 30);
});

test('held columns keep the next sample waiting until they are released', t => {
  const bench = new Bench();
  const hold = new SampleHold(bench.root, 'sampleHold', 10, () => bench.done(1));
  hold.sample();
  hold.sample();
  endsAt(t, bench, 1, 10);
  bench.kernel.run(100);
  t.is(bench.ended.length, 1);
  hold.release();
  endsAt(t, bench, 1, 110);
});

test('a scan of the column groups is one claim of the ADC bank', t => {
  const bench = new Bench();
  const adc = new AdcBank(bench.root, 'adcBank', 1);
  const mux = new ColumnMux(bench.root, 'mux', adc, 50, () => bench.done(1));
  mux.scan();
  mux.scan();
  endsAt(t, bench, 1, 50);
  endsAt(t, bench, 1, 100);
  t.is(adc.stats.get('busy')?.read(), 100);
  t.is(adc.stats.get('wait')?.read(), 50);
});

test('shift-and-add ends after its time', t => {
  const bench = new Bench();
  new ShiftAdd(bench.root, 'shiftAdd', 5, () => bench.done(1)).add();
  endsAt(t, bench, 1, 5);
});
