import test from 'ava';
import { IdealNoc } from '../../../src/hw/noc/ideal.ts';
import { Kernel } from '../../../src/sim/kernel.ts';
import { Phase } from '../../../src/sim/tick.ts';

test('an ideal network delivers in the tick of the send, in the order of sending', t => {
  const kernel = new Kernel();
  const noc = new IdealNoc(kernel, 'noc', 4);
  const seen: number[][] = [];
  noc.onDeliver = (node, tag) => seen.push([node, tag, kernel.now]);
  kernel.at(
    1234,
    Phase.Compute,
    kernel.handler(() => {
      noc.send(0, 3, 9, 1);
      noc.send(3, 3, 1, 2);
      t.deepEqual(seen, []);
    }),
    0,
  );
  kernel.run();
  t.deepEqual(seen, [
    [3, 1, 1234],
    [3, 2, 1234],
  ]);
});

test('an ideal network counts packets and flits, and has no hops', t => {
  const kernel = new Kernel();
  const noc = new IdealNoc(kernel, 'noc', 2);
  noc.send(0, 1, 5, 0);
  noc.send(1, 0, 2, 0);
  kernel.run();
  t.like(noc.counts, {
    packets: 2,
    flits: 7,
    flitHops: 0,
    routerTraversals: 0,
    bufferWrites: 0,
    allocations: 0,
  });
  t.is(noc.hops(0, 1), 0);
  t.throws(() => noc.send(0, 2, 1, 0), { instanceOf: RangeError });
});
