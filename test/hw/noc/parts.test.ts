import test from 'ava';
import { BitSet } from '../../../src/hw/noc/bit-set.ts';
import { DelayLine } from '../../../src/hw/noc/delay-line.ts';
import { PacketPool } from '../../../src/hw/noc/packet-pool.ts';
import { firstFrom, lowest } from '../../../src/hw/noc/round-robin.ts';

test('round robin takes the first request at or after the pointer, else the lowest', t => {
  t.deepEqual(
    [0, 1, 2, 3, 4].map(pointer => firstFrom(0b1010, pointer)),
    [1, 1, 3, 3, 1],
  );
  t.is(firstFrom(1 << 31, 5), 31);
  t.is(lowest(0b1100), 2);
});

test('an entry of a delay line is due after its delay, not a cycle before', t => {
  const line = new DelayLine(2, 5);
  line.push(5, 7, 8);
  line.push(2, 1, 2);
  line.push(2, 3, 4);
  const due: number[][] = [];
  for (let cycle = 1; cycle <= 6; cycle++) {
    line.advance();
    for (let i = line.start; i < line.start + line.due; i++) due.push([cycle, line.first[i], line.second[i]]);
  }
  t.deepEqual(due, [
    [2, 1, 2],
    [2, 3, 4],
    [5, 7, 8],
  ]);
  t.is(line.pending, 0);
});

test('packet numbers come back after release, and columns keep their values when they grow', t => {
  const pool = new PacketPool();
  for (let i = 0; i < 1000; i++) {
    const packet = pool.claim();
    t.is(packet, i);
    pool.tag[packet] = i / 2;
    pool.dst[packet] = i;
  }
  t.deepEqual([pool.tag[3], pool.tag[999], pool.dst[300]], [1.5, 499.5, 300]);
  pool.release(17);
  t.is(pool.claim(), 17);
  t.is(pool.next[17], -1);
  t.is(pool.claim(), 1000);
});

test('a bit set is empty when its last member is gone', t => {
  const set = new BitSet(70);
  set.add(69);
  set.add(31);
  set.remove(31);
  t.false(set.empty);
  set.remove(69);
  t.true(set.empty);
});
