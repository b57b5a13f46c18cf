import test from 'ava';
import fc from 'fast-check';
import { meshKind } from '../../../src/hw/noc/kinds/mesh.ts';
import { Mesh } from '../../../src/hw/noc/mesh.ts';
import type { MeshOptions } from '../../../src/hw/noc/mesh-params.ts';
import { loadArch, loadModel } from '../../../src/run/node/load.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { Clock } from '../../../src/sim/clock.ts';
import { Kernel } from '../../../src/sim/kernel.ts';
import { Phase } from '../../../src/sim/tick.ts';
import { parseReuse } from '../../../src/workload/reuse.ts';

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
    { numRuns: 40 },
  );
});

/** Packets of [tick, src, dst, flits, ...onward], all sent in the phase of deliveries. */
const sent = (...packets: readonly (readonly number[])[]): Sent[] =>
  packets.map(([tick, src, dst, flits, ...onward]) => ({
    tick,
    phase: Phase.Deliver,
    src,
    dst,
    flits,
    onward,
  }));

test('a packet that is whole again leaves the same to flits that follow it closely or were there in part', t => {
  const cases: [MeshOptions, Sent[]][] = [
    // Two short packets between the flits of a long one, which then wait for it.
    [
      { rows: 1, cols: 9, vcs: 3, linkLatency_cycles: 4, depth: 14 },
      sent([361, 6, 0, 33], [511, 8, 0, 3], [0, 0, 6, 1, 0], [151, 4, 4, 1, 8, 6]),
    ],
    // A packet between flits of another one that has an output VC and more to send.
    [
      { rows: 9, cols: 1, vcs: 3, depth: 7 },
      sent([0, 3, 0, 14], [0, 3, 3, 6], [0, 3, 1, 1], [0, 4, 0, 2], [0, 2, 0, 7], [0, 0, 0, 1]),
    ],
    [
      { rows: 9, cols: 1, vcs: 2, linkLatency_cycles: 3, depth: 12 },
      sent(
        [0, 1, 0, 1],
        [1, 1, 0, 7, 5],
        [1, 1, 0, 1, 6],
        [0, 2, 0, 11, 0],
        [0, 1, 0, 8, 0],
        [0, 0, 0, 1, 0],
      ),
    ],
  ];
  for (const [options, packets] of cases) {
    const bursts = [packets, sent([0, 0, 0, 1])];
    t.deepEqual(seen({ ...options, whole: true }, bursts), seen(options, bursts));
  }
});

test('a packet alone is two events of the queue, and counts as one for each cycle in which it or its credits move', t => {
  const kernel = new Kernel();
  const mesh = new Mesh(kernel, 'mesh', { rows: 4, cols: 4, whole: true }, new Clock(kernel, 1));
  let arrived = 0;
  mesh.onDeliver = () => {
    arrived = kernel.now;
  };
  mesh.send(0, 15, 8, 0);
  t.is(kernel.pending, 1);
  kernel.run(undefined, 1);
  t.deepEqual([arrived, kernel.pending], [37, 1]);
  kernel.run();
  t.deepEqual([kernel.now, kernel.events, mesh.counts.flitHops], [39, 40, 48]);
});

test('who listens to the links of a mesh hears of every flit, as if packets did not go as a whole', t => {
  const heard = [true, false].map(whole => {
    const kernel = new Kernel();
    const mesh = new Mesh(kernel, 'mesh', { rows: 2, cols: 3, whole }, new Clock(kernel, 10));
    const services: number[][] = [];
    mesh.send(5, 0, 2, 0);
    kernel.run();
    mesh.resources.get('links')?.onService.attach((...service) => services.push(service));
    mesh.send(0, 5, 3, 0);
    mesh.send(3, 5, 3, 0);
    kernel.run();
    return { services, events: kernel.events, now: kernel.now, counts: mesh.counts };
  });
  t.is(heard[0].services.length, 15);
  t.deepEqual(heard[0], heard[1]);
});

test('a mesh of whole packets has no trees', t => {
  const kernel = new Kernel();
  const mesh = new Mesh(kernel, 'mesh', { rows: 2, cols: 2, whole: true }, new Clock(kernel, 1));
  t.throws(() => mesh.addTree(0, [1, 2]), { instanceOf: RangeError, message: /whole packets/ });
  mesh.sendTree(mesh.addTree(0, [3]), 1, 0);
  kernel.run();
  t.is(mesh.counts.packets, 1);
});

test('a chip has the same result to the byte whether its packets go as a whole or not', async t => {
  const chips = fc.sample(
    fc.record({
      flit: fc.constantFrom('64 bit', '128 bit', '512 bit'),
      virtualChannels: fc.integer({ min: 1, max: 4 }),
      depth: fc.integer({ min: 6, max: 12 }),
      broadcast: fc.constantFrom('chain', 'unicast'),
      image: fc.constantFrom(32, 48, 64),
    }),
    { numRuns: 4, seed: 7 },
  );
  for (const { image, ...options } of chips) {
    const { model } = loadModel('deit-t', { set: ['model.encoders=1', `model.imageSize=${image}`] });
    const reuse = parseReuse('none', 1);
    const set = Object.entries(options).map(([key, value]) => `noc.${key}=${value}`);
    const { arch } = loadArch('trex-full', { set });
    const [whole, flits] = await Promise.all(
      [true, false].map(async is =>
        JSON.stringify(
          await simulate({
            arch: { ...arch, noc: { ...arch.noc, kind: meshKind(is) } },
            model,
            reuse,
            images: 2,
          }),
        ),
      ),
    );
    t.is(whole, flits, set.join(' '));
  }
});
