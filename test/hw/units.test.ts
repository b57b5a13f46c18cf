import test from 'ava';
import { Accumulator } from '../../src/hw/accumulator.ts';
import { Buffer } from '../../src/hw/buffer.ts';
import { DramPort } from '../../src/hw/dram-port.ts';
import { slotOf } from '../../src/hw/program.ts';
import { SoftmaxUnit } from '../../src/hw/softmax-unit.ts';
import { VectorUnit } from '../../src/hw/vector-unit.ts';
import { Bench, bufferParams, endsAt } from '../helpers/blocks.ts';

const SOFTMAX = {
  select: { time: 1, energy_J: 1 },
  exponent: { time: 2, energy_J: 10 },
  divide: { time: 3, energy_J: 100 },
};

const softmaxUnit = (bench: Bench, fold = 1): SoftmaxUnit =>
  new SoftmaxUnit(bench.root, 'softmax', SOFTMAX, {
    fold,
    ledger: bench.ledger,
    lengthOf: step => [10, 4][step],
    onDone: bench.done,
  });

test('an accumulator without latency hands its sum on at once', t => {
  const bench = new Bench();
  const params = { level: 'tile', latency: 0, add_J: 1 } as const;
  new Accumulator(bench.root, 'a', params, bench.ledger, bench.done).add(0, 64, 9);
  t.deepEqual(bench.ended, [[9, 0]]);
});

test('an accumulator hands its sum on after its latency, and counts its additions per step', t => {
  const bench = new Bench();
  const params = { level: 'tile', latency: 4, add_J: 1 } as const;
  const accumulator = new Accumulator(bench.root, 'a', params, bench.ledger, bench.done);
  accumulator.add(0, 64, 8);
  accumulator.add(1, 16, 9);
  endsAt(t, bench, 8, 4);
  endsAt(t, bench, 9, 8); // one sum at a time
  t.deepEqual(bench.counts('accumulator.tile.add'), [64, 16, 0]);
});

test('a wire before an accumulator delays every sum, and keeps the adder from none', t => {
  const bench = new Bench();
  const params = { level: 'tile', latency: 4, add_J: 1, wire: 100 } as const;
  const accumulator = new Accumulator(bench.root, 'a', params, bench.ledger, bench.done);
  accumulator.add(0, 1, 8);
  accumulator.add(0, 1, 9);
  endsAt(t, bench, 8, 104);
  endsAt(t, bench, 9, 108);
});

test('a buffer access takes ceil(bits / port) cycles, and accesses queue for the port', t => {
  const bench = new Bench();
  const buffer = new Buffer(bench.root, 'b', bufferParams({ portBits: 64, cycle: 10 }), bench.ledger);
  const access = buffer.access(bench.done);
  access.pass(64, 0); // 1 cycle
  access.pass(65, 1); // 2 cycles
  buffer.access(bench.done).pass(1, 2);
  endsAt(t, bench, 0, 10);
  endsAt(t, bench, 1, 30);
  endsAt(t, bench, 2, 40);
});

test('a word is out after its latency, and a port takes the next one a cycle later', t => {
  const bench = new Bench();
  const params = bufferParams({ portBits: 64, cycle: 10, latency: 30 });
  const access = new Buffer(bench.root, 'b', params, bench.ledger).access(bench.done);
  access.pass(64, 0);
  access.pass(128, 1);
  endsAt(t, bench, 0, 30);
  // Words enter at 10 and 20; the last is out 30 later.
  endsAt(t, bench, 1, 50);
});

test('a wire behind a buffer takes its time once, also where the accesses take none', t => {
  const bench = new Bench();
  const params = bufferParams({ portBits: 64, cycle: 10 });
  new Buffer(bench.root, 'b', params, bench.ledger).access(bench.done, 25).pass(128, 0);
  new Buffer(bench.root, 'free', bufferParams(), bench.ledger).access(bench.done, 25).pass(128, 1);
  endsAt(t, bench, 1, 25);
  endsAt(t, bench, 0, 45);
});

test('two ports serve two accesses at a time', t => {
  const bench = new Bench();
  const params = bufferParams({ portBits: 64, cycle: 10, ports: 2 });
  const buffer = new Buffer(bench.root, 'b', params, bench.ledger);
  const access = buffer.access(bench.done);
  for (const arg of [0, 1, 2]) access.pass(128, arg);
  bench.kernel.run();
  t.deepEqual(bench.ended, [
    [0, 20],
    [1, 20],
    [2, 40],
  ]);
});

test('a buffer books its reads and writes per step', t => {
  const bench = new Bench();
  const buffer = new Buffer(bench.root, 'b', bufferParams(), bench.ledger);
  buffer.countRead(0, 100);
  buffer.countRead(1, 7);
  buffer.countWrite(1, 30);
  t.deepEqual(bench.counts('buffer.tile.read'), [100, 7, 0]);
  t.deepEqual(bench.counts('buffer.tile.write'), [0, 30, 0]);
  buffer.access(bench.done).pass(100, 5);
  t.deepEqual(bench.ended, [[5, 0]], 'without a cycle an access takes no time and no event');
});

test('a row takes maximum search, exponent and division one after another, and counts all three', t => {
  const bench = new Bench();
  const slot = slotOf(0, 0);
  softmaxUnit(bench).row(slot);
  const counts = (): number[] =>
    (['select', 'exponent', 'divide'] as const).map(phase => bench.counts(`softmax.${phase}`)[0]);
  t.deepEqual(counts(), [10, 10, 10]);
  endsAt(t, bench, slot, 60); // 10 elements of 1, of 2, of 3
});

test('two rows queue for a softmax unit', t => {
  const bench = new Bench();
  const unit = softmaxUnit(bench);
  unit.row(slotOf(0, 0));
  unit.row(slotOf(1, 0)); // 4 elements
  endsAt(t, bench, slotOf(0, 0), 60);
  endsAt(t, bench, slotOf(1, 0), 60 + 4 * 6);
});

test('a softmax unit that stands for six counts six rows in the time of one', t => {
  const bench = new Bench();
  softmaxUnit(bench, 6).row(slotOf(0, 0));
  endsAt(t, bench, slotOf(0, 0), 60);
  t.deepEqual(bench.counts('softmax.divide'), [60, 0, 0]);
});

test('the vector unit takes passes x ceil(elements / lanes) cycles, one job after another', t => {
  const bench = new Bench();
  const functions = {
    layernorm: { energy_J: 1, passes: 2 },
    gelu: { energy_J: 1, passes: 1 },
    add: { energy_J: 1, passes: 1 },
  };
  const unit = new VectorUnit(bench.root, 'v', { lanes: 4, cycle: 10, functions }, bench.ledger, bench.done);
  unit.run({ fn: 'layernorm', rowLength: 10, rows: 1 }, slotOf(0, 0)); // 2 x ceil(10 / 4) = 6 cycles
  unit.run({ fn: 'gelu', rowLength: 3, rows: 3 }, slotOf(1, 0)); // ceil(9 / 4) = 3 cycles
  unit.run({ fn: 'add', rowLength: 4, rows: 1 }, slotOf(1, 1)); // 1 cycle
  endsAt(t, bench, slotOf(0, 0), 60);
  endsAt(t, bench, slotOf(1, 0), 90);
  endsAt(t, bench, slotOf(1, 1), 100);
  t.deepEqual(bench.counts('vector.layernorm'), [10, 0, 0]);
  t.deepEqual(bench.counts('vector.gelu'), [0, 9, 0]);
  t.throws(() => unit.run({ fn: 'softmax', rowLength: 4, rows: 1 }, 0), { instanceOf: RangeError });
});

test('a DRAM transfer takes the latency and its bits over the bandwidth, and transfers queue', t => {
  const bench = new Bench();
  const params = { energy_J: 1, bandwidth: 1e9, latency: 1000 };
  const port = new DramPort(bench.root, 'd', params, bench.ledger);
  port.transfer(0, 8 * 50, bench.handler, 0); // 50 B at 1 GB/s = 50 ns
  port.transfer(1, 8 * 20, bench.handler, 1);
  endsAt(t, bench, 0, 51_000);
  endsAt(t, bench, 1, 51_000 + 21_000);
  t.deepEqual(bench.counts('dram.bit'), [400, 160, 0]);
});
