import test from 'ava';
import fc from 'fast-check';
import { BitSet } from '../../../src/hw/noc/bit-set.ts';
import { FixedDelay } from '../../../src/hw/noc/fixed-delay.ts';
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

for (const delay of [1, 2, 5]) {
  test(`an entry is due ${delay} cycles after its push, not a cycle before`, t => {
    const line = new FixedDelay(2, delay);
    const due: number[][] = [];
    for (let cycle = 0; cycle <= 12; cycle++) {
      line.advance();
      for (let i = line.start; i < line.end; i++) due.push([cycle, line.entries[i]]);
      if (cycle === 1) line.push(7);
      if (cycle === 2 || cycle === 6) {
        line.push(8);
        line.push(9);
      }
      if (cycle === 2) t.deepEqual([line.pushed, line.arrived, line.pending], [3, delay === 1 ? 1 : 0, true]);
    }
    t.deepEqual(due, [
      [1 + delay, 7],
      [2 + delay, 8],
      [2 + delay, 9],
      [6 + delay, 8],
      [6 + delay, 9],
    ]);
    t.false(line.pending);
  });
}

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

test('an entry that is taken out of a line is as if it had never been pushed, one that is put in as if it had been', t => {
  const line = new FixedDelay(3, 3);
  line.advance();
  line.push(7);
  line.push(8);
  line.advance();
  line.push(9);
  t.deepEqual(
    [line.has(7, 2), line.has(9, 3), line.has(9, 2), line.countWithin(8, 10)],
    [true, true, false, 2],
  );
  line.remove(7, 2);
  line.remove(9, 3);
  line.insert(5, 2);
  t.deepEqual([line.has(7, 2), line.countWithin(0, 10), line.pushed, line.last], [false, 2, 2, 2]);
  const due = [0, 1, 2].map(() => {
    line.advance();
    return [...line.entries.subarray(line.start, line.end)];
  });
  t.deepEqual(due, [[], [8, 5], []]);
  t.deepEqual([line.arrived, line.pending], [2, false]);
});

test('a walk over a bit set meets every member in ascending order', t => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(4999)), fc.array(fc.nat(4999)), (added, removed) => {
      const set = new BitSet(5000);
      for (const i of added) set.add(i);
      for (const i of removed) set.remove(i);
      const seen: number[] = [];
      for (let i = set.next(0); i >= 0; i = set.next(i + 1)) seen.push(i);
      t.deepEqual(
        seen,
        added.filter(i => !removed.includes(i)).toSorted((a, b) => a - b),
      );
      t.is(set.empty, seen.length === 0);
    }),
  );
  const full = new BitSet(1024);
  full.add(1023);
  t.is(full.next(1023), 1023);
  t.is(full.next(1024), -1);
});
