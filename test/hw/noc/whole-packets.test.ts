import test from 'ava';
import fc from 'fast-check';
import { Mesh } from '../../../src/hw/noc/mesh.ts';
import type { MeshOptions } from '../../../src/hw/noc/mesh-params.ts';
import { Clock } from '../../../src/sim/clock.ts';
import { Kernel } from '../../../src/sim/kernel.ts';
import { Phase } from '../../../src/sim/tick.ts';

interface Sent {
  /** Ticks; a period is ten of them. */
  readonly tick: number;
  readonly phase: Phase;
  readonly src: number;
  readonly dst: number;
  readonly flits: number;
  /** Nodes that it goes on to from there, one after the other. */
  readonly onward: readonly number[];
}

/** What a chip can see of a network: every delivery in order, its counts, and what the kernel says. */
function seen(options: MeshOptions, bursts: readonly (readonly Sent[])[]): unknown {
  const kernel = new Kernel();
  const mesh = new Mesh(kernel, 'mesh', options, new Clock(kernel, 10));
  const log: unknown[] = [];
  let packets: readonly Sent[] = [];
  const way = new Map<number, number>();
  mesh.onDeliver = (node, tag) => {
    log.push([kernel.now, node, tag]);
    const { flits, onward } = packets[tag];
    const passed = way.get(tag) ?? 0;
    way.set(tag, passed + 1);
    if (passed < onward.length) mesh.send(node, onward[passed], flits, tag);
  };
  const send = kernel.handler(i => mesh.send(packets[i].src, packets[i].dst, packets[i].flits, i));
  bursts.forEach((burst, n) => {
    const begin = Math.ceil(kernel.now / 10) * 10;
    packets = burst;
    way.clear();
    burst.forEach(({ tick, phase }, i) => {
      kernel.at(begin + tick, phase, send, i);
    });
    kernel.run();
    log.push([kernel.now, kernel.events, mesh.counts, mesh.resources.get('links')?.busyTime]);
    if (n === 1) mesh.reset();
  });
  return log;
}

const burst = (nodes: number): fc.Arbitrary<Sent[]> =>
  fc.integer({ min: 1, max: 60 }).chain(spread =>
    fc.array(
      fc.record({
        tick: fc.nat(30 * spread),
        phase: fc.constantFrom(Phase.Deliver, Phase.Compute),
        src: fc.nat(nodes - 1),
        dst: fc.oneof(fc.nat(nodes - 1), fc.constant(0)),
        flits: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 40 })),
        onward: fc.array(fc.nat(nodes - 1), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 40 },
    ),
  );

test('packets that go as a whole are delivered as their flits are, to the tick, and leave the same behind', t => {
  const params = fc
    .record({
      shape: fc.constantFrom([3, 3], [1, 9], [9, 1], [4, 6]),
      vcs: fc.integer({ min: 2, max: 5 }),
      linkLatency_cycles: fc.integer({ min: 1, max: 5 }),
      creditDelay_cycles: fc.integer({ min: 0, max: 2 }),
      more: fc.nat(3),
    })
    .map(({ shape, more, ...rest }) => ({
      ...rest,
      rows: shape[0],
      cols: shape[1],
      depth: 4 + 2 * rest.linkLatency_cycles + rest.creditDelay_cycles + more,
    }));
  fc.assert(
    fc.property(
      params.chain(options =>
        fc.tuple(
          fc.constant(options),
          fc.array(burst(options.rows * options.cols), { minLength: 1, maxLength: 4 }),
        ),
      ),
      ([options, bursts]) => {
        t.deepEqual(seen({ ...options, whole: true }, bursts), seen(options, bursts));
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 100) },
  );
});
