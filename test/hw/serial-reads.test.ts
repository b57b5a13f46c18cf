/** Reads that a PE books vector by vector end as those of crossbars that claim the ADC bank themselves. */
import test from 'ava';
import fc from 'fast-check';
import { Pe } from '../../src/hw/pe.ts';
import { slotOf } from '../../src/hw/program.ts';
import type { Tick } from '../../src/sim/tick.ts';
import type { CrossbarCost } from '../../src/tech/crossbar-cost.ts';
import { Bench, foldedPe, layerJobs, macroCost, peParams } from '../helpers/blocks.ts';

const READ = 0;
const WRITE = 1;

/** Ticks to the next job, and whether it writes. */
type Arrival = readonly [number, boolean];

/** A matrix that fills a part of its crossbars, whose reads take less. */
const uneven = (): CrossbarCost => {
  const short = macroCost({ readTime: 30 });
  const full = macroCost({ planes: 2, filled: ({ rows }) => (rows < 4 ? short : full) });
  return full;
};

/** A set that never changes: the arrays are then asked one by one. */
const apart = (cost: CrossbarCost): CrossbarCost => {
  const select = { energy_J: 0, time: 0 };
  const filled: CrossbarCost = macroCost({
    ...cost,
    select,
    filled: fill => {
      const use = cost.filled(fill);
      return use === cost ? filled : macroCost({ readTime: use.readTime, planes: use.planes, select });
    },
  });
  return filled;
};

/** What jobs at these times leave behind; `events` apart, as it is what booking spares. */
function outcome(cost: CrossbarCost, arrivals: readonly Arrival[]) {
  const bench = new Bench();
  const block = foldedPe(4);
  const fills = [
    { rows: 4, cols: 4, count: 3 },
    { rows: 1, cols: 4, count: 1 },
  ];
  const pe = new Pe(bench.root, 'pe', {
    params: peParams({ adcBanks: 1, writeDrivers: 2 }),
    block: { ...block, one: { ...block.one, fills }, all: { ...block.all, fills } },
    cost,
    ledger: bench.ledger,
    jobs: layerJobs(),
    onRead: bench.done,
    onWritten: bench.done,
  });
  const uses: [Tick, Tick][][] = pe.crossbars.map(() => []);
  pe.crossbars.forEach((crossbar, i) => {
    crossbar.onUse.attach((start, end) => uses[i].push([start, end]));
  });
  const job = bench.kernel.handler(i => {
    if (arrivals[i][1]) pe.write(slotOf(WRITE, i));
    else pe.read(slotOf(READ, i));
  });
  let at = 0;
  arrivals.forEach(([gap], i) => {
    at += gap;
    bench.kernel.at(at, 1, job, i);
  });
  bench.kernel.run();
  const stats = [pe, ...pe.children].map(({ path, stats }) =>
    [...stats].map(([name, { read }]) => `${path} ${name} ${read()}`),
  );
  for (const use of uses) use.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return { told: { ended: bench.ended, uses, stats }, events: bench.kernel.events };
}

const arrivals = (writes: fc.Arbitrary<boolean>): fc.Arbitrary<Arrival[]> =>
  fc.array(fc.tuple(fc.integer({ min: 0, max: 1200 }), writes), { minLength: 1, maxLength: 20 });

test('a vector whose reads are booked together is one event, and nothing else is different', t => {
  const one = outcome(uneven(), [[0, false]]);
  const other = outcome(apart(uneven()), [[0, false]]);
  t.deepEqual(one.told, other.told);
  // The job itself, and 1 for 4.
  t.deepEqual([one.events, other.events], [2, 5]);
});

test('reads at any times end when crossbars that claim the bank themselves end, with the same waits', t => {
  fc.assert(
    fc.property(arrivals(fc.constant(false)), jobs => {
      t.deepEqual(outcome(uneven(), jobs).told, outcome(apart(uneven()), jobs).told);
    }),
  );
});

test('so do those that a write cuts off', t => {
  fc.assert(
    fc.property(arrivals(fc.integer({ min: 0, max: 4 }).map(n => n === 0)), jobs => {
      t.deepEqual(outcome(uneven(), jobs).told, outcome(apart(uneven()), jobs).told);
    }),
  );
  t.pass();
});
