import test from 'ava';
import { AdcBank } from '../../src/hw/adc-bank.ts';
import { type Crossbar, MacroCrossbar } from '../../src/hw/crossbar.ts';
import { JobOrder } from '../../src/hw/job-order.ts';
import { Pe, type PeParams } from '../../src/hw/pe.ts';
import { slotOf } from '../../src/hw/program.ts';
import { WriteDriver } from '../../src/hw/write-driver.ts';
import {
  Bench,
  bufferParams,
  circuitCost,
  endsAt,
  foldedPe,
  layerJobs,
  macroCost,
  peParams,
} from '../helpers/blocks.ts';

const READ = 0;
const WRITE = 1;

/** Reads take 100 ticks a crossbar, writes 1000. */
function peOf(bench: Bench, params: Partial<PeParams>, count = 1, cost = macroCost()): Pe {
  return new Pe(bench.root, 'pe', {
    params: peParams(params),
    block: foldedPe(8, count),
    cost,
    ledger: bench.ledger,
    jobs: layerJobs(),
    onRead: bench.done,
    onWritten: bench.done,
  });
}

test('reads of the eight crossbars of a PE are serial because they share one ADC bank', t => {
  const bench = new Bench();
  peOf(bench, { adcBanks: 1 }).read(slotOf(READ, 0));
  endsAt(t, bench, slotOf(READ, 0), 800);
});

for (const [adcBanks, end] of [
  [2, 400],
  [3, 300], // 3 + 3 + 2
  [8, 100],
  [16, 100],
]) {
  test(`${adcBanks} ADC banks read the eight crossbars of a PE in ${end / 100} rounds of 100 ticks`, t => {
    const bench = new Bench();
    peOf(bench, { adcBanks }).read(slotOf(READ, 0));
    endsAt(t, bench, slotOf(READ, 0), end);
  });
}

test('a crossbar is not read at t - 1, is at t', t => {
  const bench = new Bench();
  const adc = new AdcBank(bench.root, 'adcBank', 1);
  const writer = new WriteDriver(bench.root, 'writeDriver', 1);
  const ports = {
    adc,
    writer,
    jobs: new JobOrder(1),
    setOf: () => 0,
    onRead: bench.done,
    onWritten: bench.done,
  };
  const crossbar: Crossbar = new MacroCrossbar(bench.root, 'x', macroCost({ planes: 8 }), ports);
  crossbar.read(5);
  endsAt(t, bench, 5, 800); // 8 bit planes of 100
  t.is(crossbar.stats.get('reads')?.read(), 8);
});

test('a second vector is read when the first has left the ADC bank', t => {
  const bench = new Bench();
  const pe = peOf(bench, {});
  pe.read(slotOf(READ, 0));
  pe.read(slotOf(READ, 1));
  endsAt(t, bench, slotOf(READ, 0), 800);
  endsAt(t, bench, slotOf(READ, 1), 1600);
});

test('a crossbar reads one vector at a time however many ADC banks there are', t => {
  const bench = new Bench();
  const pe = peOf(bench, { adcBanks: 16 });
  for (const job of [0, 1, 2]) pe.read(slotOf(READ, job));
  for (const job of [0, 1, 2]) endsAt(t, bench, slotOf(READ, job), 100 * (job + 1));
});

test('a crossbar that is written is not read, and one that is read is not written', t => {
  const bench = new Bench();
  const pe = peOf(bench, { adcBanks: 8, writeDrivers: 8 });
  pe.read(slotOf(READ, 0));
  pe.write(slotOf(WRITE, 0));
  pe.read(slotOf(READ, 1));
  endsAt(t, bench, slotOf(READ, 0), 100);
  endsAt(t, bench, slotOf(WRITE, 0), 1100);
  endsAt(t, bench, slotOf(READ, 1), 1200);
});

test('a crossbar that waits for a bank is in use, and takes no other vector', t => {
  const bench = new Bench();
  const pe = peOf(bench, {});
  const used: [number, number][][] = pe.crossbars.map(() => []);
  pe.crossbars.forEach((crossbar, i) => {
    crossbar.onUse.attach((start, end) => used[i].push([start, end]));
  });
  pe.read(slotOf(READ, 0));
  pe.read(slotOf(READ, 1));
  bench.kernel.run();
  t.deepEqual(used[0], [
    [0, 100],
    [100, 900],
  ]);
  t.deepEqual(used[7], [
    [0, 800],
    [800, 1600],
  ]);
});

test('a write driver programs the crossbars of a PE one after another', t => {
  const bench = new Bench();
  peOf(bench, { writeDrivers: 1 }).write(slotOf(WRITE, 0));
  endsAt(t, bench, slotOf(WRITE, 0), 8000);
});

test('two write drivers halve the time of programming', t => {
  const bench = new Bench();
  const pe = peOf(bench, { writeDrivers: 2 });
  pe.write(slotOf(WRITE, 0));
  endsAt(t, bench, slotOf(WRITE, 0), 4000);
  t.deepEqual(
    pe.crossbars.map(c => c.writes),
    [1, 1, 1, 1, 1, 1, 1, 1],
  );
});

test('a vector waits for its buffer port: ceil(bits / port) cycles before the first read', t => {
  const bench = new Bench();
  // 32 bits through a port of 12 bits: 3 cycles of 10.
  peOf(bench, { buffer: bufferParams({ level: 'pe', portBits: 12, cycle: 10 }) }).read(slotOf(READ, 0));
  endsAt(t, bench, slotOf(READ, 0), 30 + 800);
});

test('the accumulator of a PE adds its latency once a vector', t => {
  const bench = new Bench();
  peOf(bench, { accumulator: { level: 'pe', latency: 7, add_J: 0 } }).read(slotOf(READ, 0));
  endsAt(t, bench, slotOf(READ, 0), 807);
});

test('a PE that stands for three counts its reads, additions and buffer bits three times', t => {
  for (const count of [1, 3]) {
    const bench = new Bench();
    const pe = peOf(bench, {}, count, macroCost({ planes: 8 }));
    pe.read(slotOf(READ, 0));
    pe.read(slotOf(READ, 1));
    pe.write(slotOf(WRITE, 0));
    bench.kernel.run();
    t.deepEqual(bench.counts('crossbar.read'), [2 * 8 * 8 * count, 0, 0]);
    t.deepEqual(bench.counts('crossbar.write'), [0, 8 * count, 0]);
    // One addition per crossbar, plane and column: 8 x 8 x 4.
    t.deepEqual(bench.counts('accumulator.pe.add'), [2 * 256 * count, 0, 0]);
    t.deepEqual(bench.counts('buffer.pe.read').concat(bench.counts('buffer.pe.write')), [
      2 * 32 * count,
      0,
      0,
      2 * 32 * count,
      0,
      0,
    ]);
  }
});

test('crossbars of circuits share the ADC bank of their PE conversion by conversion', t => {
  const bench = new Bench();
  const cost = circuitCost({ drive: 30, hold: 10, convert: 50, shiftAdd: 5, overlap: false }, 4);
  peOf(bench, {}, 1, cost).read(slotOf(READ, 0));
  // The bank never rests once the first columns are held (40): 8 crossbars x 4 planes x 50, then shift and add.
  endsAt(t, bench, slotOf(READ, 0), 40 + 8 * 4 * 50 + 5);
});
