import test from 'ava';
import { AdcBank } from '../../src/hw/adc-bank.ts';
import { CircuitCrossbar } from '../../src/hw/circuit-crossbar.ts';
import { ColumnMux } from '../../src/hw/column-mux.ts';
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
  const ports = { adc, writer, onRead: bench.done, onWritten: bench.done };
  return Array.from(
    { length: count },
    (_, i) => new CircuitCrossbar(bench.root, `crossbar[${i}]`, cost, ports),
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

for (const [overlap, time] of [
  [false, 380],
  [true, 275],
] as const) {
  test(`vectors queue and are read one at a time ${overlap ? 'with' : 'without'} overlap of planes`, t => {
    const bench = new Bench();
    const [crossbar] = crossbars(bench, { ...TIMES, overlap });
    for (const slot of [7, 8, 9]) crossbar.read(slot);
    endsAt(t, bench, 7, time);
    endsAt(t, bench, 8, 2 * time);
    endsAt(t, bench, 9, 3 * time);
  });
}

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
