import test from 'ava';
import fc from 'fast-check';
import { driveZeroLoad } from '../../../src/hw/noc/drive.ts';
import { Mesh } from '../../../src/hw/noc/mesh.ts';
import type { MeshOptions } from '../../../src/hw/noc/mesh-params.ts';
import { Clock } from '../../../src/sim/clock.ts';
import { Kernel } from '../../../src/sim/kernel.ts';
import { Phase } from '../../../src/sim/tick.ts';
import { type OraclePacket, runObjectMesh } from './object-mesh.ts';

/** Sends every packet in its cycle, to several nodes over a tree; returns the delivery cycles of each. */
function allDeliveries(options: MeshOptions, packets: readonly OraclePacket[]): number[][] {
  const kernel = new Kernel();
  const mesh = new Mesh(kernel, 'mesh', options, new Clock(kernel, 1));
  const dstsOf = ({ dst, dsts = [dst] }: OraclePacket): readonly number[] => dsts;
  const arrived = packets.map(packet => dstsOf(packet).map(() => -1));
  mesh.onDeliver = (node, tag) => {
    const dst = dstsOf(packets[tag]).indexOf(node);
    if (dst < 0 || arrived[tag][dst] >= 0) throw new Error(`packet ${tag} came out at ${node}`);
    arrived[tag][dst] = kernel.now;
  };
  const trees = packets.map(({ src, dsts }) => (dsts === undefined ? -1 : mesh.addTree(src, dsts)));
  const send = kernel.handler(i => {
    const { src, dst, flits } = packets[i];
    if (trees[i] >= 0) mesh.sendTree(trees[i], flits, i);
    else mesh.send(src, dst, flits, i);
  });
  packets.forEach(({ cycle }, i) => {
    kernel.at(cycle, Phase.Deliver, send, i);
  });
  kernel.run();
  return arrived;
}

const deliveries = (options: MeshOptions, packets: readonly OraclePacket[]): number[] =>
  allDeliveries(options, packets).flat();

const ROUTERS = [
  { name: '3-stage routers', routerStages: 3, speculative: false, fixed: 6, hop: 4 },
  { name: '4-stage routers', routerStages: 4, speculative: false, fixed: 7, hop: 5 },
  { name: 'speculative 3-stage routers', routerStages: 3, speculative: true, fixed: 5, hop: 3 },
  { name: 'speculative 4-stage routers', routerStages: 4, speculative: true, fixed: 6, hop: 4 },
] as const;
for (const { name, fixed, hop, routerStages, speculative } of ROUTERS) {
  for (const flits of [1, 2, 5, 8]) {
    test(`${name}: ${flits} flits over H hops take ${fixed}+${hop}H+${flits - 1} cycles alone`, async t => {
      const mesh = { rows: 4, cols: 4, routerStages, speculative };
      for (const { src, dst, hops, latency_cycles } of await driveZeroLoad(mesh, flits)) {
        t.is(latency_cycles, fixed + hop * hops + flits - 1, `${src} -> ${dst}`);
      }
    });
  }
}

test('a packet arrives at the tick of its last cycle, not one tick before', t => {
  const kernel = new Kernel();
  const mesh = new Mesh(kernel, 'mesh', { rows: 2, cols: 2 }, new Clock(kernel, 1000));
  mesh.send(0, 3, 4, 7);
  const seen: number[][] = [];
  mesh.onDeliver = (node, tag) => seen.push([node, tag]);
  kernel.run((6 + 4 * 2 + 3) * 1000 - 1);
  t.deepEqual(seen, []);
  kernel.run((6 + 4 * 2 + 3) * 1000);
  t.deepEqual(seen, [[3, 7]]);
});

test('hops count the links between routers; nodes are numbered row by row', t => {
  const kernel = new Kernel();
  const mesh = new Mesh(kernel, 'mesh', { rows: 3, cols: 5 }, new Clock(kernel, 1));
  t.is(mesh.nodes, 15);
  t.deepEqual([mesh.hops(0, 0), mesh.hops(0, 4), mesh.hops(0, 14), mesh.hops(12, 2)], [0, 4, 6, 2]);
});

test('two packets that want one link go one after the other, flit by flit in turn', t => {
  // Nodes 0 and 1 send 2 flits each to node 2 of a 1x3 mesh. Alone: 0 -> 2 in 6+8+1 = 15, 1 -> 2 in 6+4+1 = 11 cycles.
  // Sent together they never meet; 4 cycles later, node 1's flits meet those of node 0 at router 1, in cycle 7.
  const near = { cycle: 0, src: 1, dst: 2, flits: 2 };
  const far = { cycle: 0, src: 0, dst: 2, flits: 2 };
  const mesh = { rows: 1, cols: 3 };
  t.deepEqual(deliveries(mesh, [near, far]), [11, 15]);
  // Input 1 (from node 0) and input 4 (node 1) take turns, beginning with input 1: switch grants 7, 8, 9, 10.
  t.deepEqual(deliveries(mesh, [{ ...near, cycle: 4 }, far]), [17, 16]);
});

test('one VC with a 1-flit buffer sends one flit per credit round trip of 5 cycles', t => {
  // Grant, 1 traversal, 2 channel = next grant 3 cycles later; its credit takes 2 more: body flits 5 cycles apart.
  const flits = 6;
  const mesh = { rows: 1, cols: 2, vcs: 1, depth: 1 };
  t.deepEqual(deliveries(mesh, [{ cycle: 0, src: 0, dst: 1, flits }]), [6 + 4 + 5 * (flits - 1)]);
  const delayed = { ...mesh, creditDelay_cycles: 2 };
  t.deepEqual(deliveries(delayed, [{ cycle: 0, src: 0, dst: 1, flits }]), [6 + 4 + 7 * (flits - 1)]);
});

test('a VC that waits for the tail credit goes to the next packet when its buffer is empty', t => {
  const packets = [0, 1].map(() => ({ cycle: 0, src: 0, dst: 1, flits: 1 }));
  const mesh = { rows: 1, cols: 2, vcs: 1 };
  // The second packet follows at once; VC allocation costs it one cycle more than the flit before it.
  t.deepEqual(deliveries(mesh, packets), [10, 12]);
  // The first is granted the switch in cycles 3 and 7, so its credits are at the node in 5 and at the first router in 9:
  // the second is injected in 5, given a VC in 9, and has 8 cycles to go from there.
  t.deepEqual(deliveries({ ...mesh, waitForTailCredit: true }, packets), [10, 17]);
});

test('a packet that is longer than all buffers on its way streams at one flit per cycle', t => {
  t.deepEqual(deliveries({ rows: 3, cols: 3 }, [{ cycle: 0, src: 0, dst: 8, flits: 5000 }]), [6 + 16 + 4999]);
});

test('every packet arrives in the cycle in which the object model delivers it', t => {
  const packet = fc.record({
    cycle: fc.nat(40),
    src: fc.nat(8),
    dst: fc.nat(8),
    flits: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 7 })),
  });
  const toMany = fc
    .record({
      cycle: fc.nat(40),
      src: fc.nat(8),
      dsts: fc.uniqueArray(fc.nat(8), { minLength: 1 }),
      flits: fc.integer({ min: 1, max: 9 }),
    })
    .map(tree => ({ ...tree, dst: tree.dsts[0] }));
  const params = fc.record({
    shape: fc.constantFrom([3, 3], [1, 9], [9, 1], [2, 5]),
    vcs: fc.integer({ min: 1, max: 5 }),
    depth: fc.integer({ min: 1, max: 4 }),
    routerStages: fc.constantFrom(3 as const, 4 as const),
    linkLatency_cycles: fc.integer({ min: 1, max: 3 }),
    creditDelay_cycles: fc.integer({ min: 0, max: 2 }),
    waitForTailCredit: fc.boolean(),
    speculative: fc.boolean(),
  });
  fc.assert(
    fc.property(
      params,
      fc.array(fc.oneof(packet, toMany), { minLength: 1, maxLength: 120 }),
      ({ shape, ...rest }, packets) => {
        const options = { rows: shape[0], cols: shape[1], ...rest };
        t.deepEqual(allDeliveries(options, packets), runObjectMesh(options, packets));
      },
    ),
    { numRuns: 150 },
  );
});

test('a packet that hopes for an output VC and gets none has moved the turns of the others all the same', t => {
  const options = {
    rows: 9,
    cols: 1,
    vcs: 2,
    depth: 4,
    routerStages: 3,
    linkLatency_cycles: 3,
    creditDelay_cycles: 0,
    waitForTailCredit: false,
    speculative: true,
  } as const;
  const packets = [
    { cycle: 14, src: 5, dst: 0, flits: 1 },
    { cycle: 0, src: 5, dsts: [6, 4, 5, 7, 0], flits: 8, dst: 6 },
  ];
  t.deepEqual(allDeliveries(options, packets), [[47], [32, 40, 35, 33, 56]]);
  t.deepEqual(runObjectMesh(options, packets), [[47], [32, 40, 35, 33, 56]]);
});

test('what is sent comes out: packets, flits, and links times flits', t => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ src: fc.nat(11), dst: fc.nat(11), flits: fc.integer({ min: 1, max: 30 }) }), {
        maxLength: 60,
      }),
      packets => {
        const kernel = new Kernel();
        const mesh = new Mesh(kernel, 'mesh', { rows: 3, cols: 4, vcs: 2, depth: 3 }, new Clock(kernel, 10));
        const sum = (of: (packet: (typeof packets)[number]) => number): number =>
          packets.reduce((s, p) => s + of(p), 0);
        for (const { src, dst, flits } of packets) mesh.send(src, dst, flits, 0);
        kernel.run();
        const { counts } = mesh;
        t.is(counts.packets, packets.length);
        t.is(
          counts.flits,
          sum(p => p.flits),
        );
        t.is(
          counts.flitHops,
          sum(p => p.flits * mesh.hops(p.src, p.dst)),
        );
        t.is(counts.routerTraversals, counts.flitHops + counts.flits);
        t.is(counts.bufferWrites, counts.bufferReads);
        t.is(counts.allocations, counts.bufferReads + sum(p => mesh.hops(p.src, p.dst) + 1));
      },
    ),
  );
});

test('a packet sent in any phase of a clock edge leaves in that cycle', t => {
  for (const phase of [Phase.Deliver, Phase.Compute, Phase.Observe]) {
    for (const busy of [false, true]) {
      const kernel = new Kernel();
      const mesh = new Mesh(kernel, 'mesh', { rows: 2, cols: 2 }, new Clock(kernel, 100));
      let arrived = 0;
      mesh.onDeliver = (_, tag) => {
        if (tag === 1) arrived = kernel.now;
      };
      if (busy) mesh.send(3, 3, 50, 0);
      kernel.at(
        2000,
        phase,
        kernel.handler(() => mesh.send(0, 1, 1, 1)),
        0,
      );
      kernel.run();
      t.is(arrived, 2000 + 10 * 100, `phase ${phase}, ${busy ? 'busy' : 'idle'}`);
    }
  }
});

test('a packet sent between two edges leaves at the next one', t => {
  const kernel = new Kernel();
  const mesh = new Mesh(kernel, 'mesh', { rows: 2, cols: 2 }, new Clock(kernel, 100));
  let arrived = 0;
  mesh.onDeliver = () => {
    arrived = kernel.now;
  };
  kernel.at(
    2001,
    Phase.Compute,
    kernel.handler(() => mesh.send(0, 0, 1, 0)),
    0,
  );
  kernel.run();
  t.is(arrived, 2100 + 600);
});

test('a node that sends two packets in one tick sends one flit per cycle', t => {
  const kernel = new Kernel();
  const mesh = new Mesh(kernel, 'mesh', { rows: 1, cols: 2 }, new Clock(kernel, 1));
  const arrived: number[] = [];
  mesh.onDeliver = () => arrived.push(kernel.now);
  const send = kernel.handler(() => mesh.send(0, 1, 1, 0));
  for (const phase of [Phase.Deliver, Phase.Compute, Phase.Observe]) kernel.at(5, phase, send, 0);
  kernel.run();
  t.deepEqual(arrived, [15, 16, 17]);
});

test('an answer sent from onDeliver leaves in the cycle of the delivery', t => {
  const kernel = new Kernel();
  const mesh = new Mesh(kernel, 'mesh', { rows: 1, cols: 2 }, new Clock(kernel, 1));
  const arrived: number[] = [];
  mesh.onDeliver = (node, tag) => {
    arrived.push(kernel.now);
    if (tag > 0) mesh.send(node, 1 - node, 1, tag - 1);
  };
  mesh.send(0, 1, 1, 2);
  kernel.run();
  t.deepEqual(arrived, [10, 20, 30]);
});

test('an idle mesh schedules no events, and one packet costs no more than one event per cycle', t => {
  const kernel = new Kernel();
  const mesh = new Mesh(kernel, 'mesh', { rows: 4, cols: 4 }, new Clock(kernel, 1));
  kernel.run();
  t.is(kernel.events, 0);
  mesh.send(0, 15, 1, 0);
  kernel.run();
  // 30 cycles to the node, and 2 more for its credit to come back.
  t.is(kernel.events, 33);
  t.is(kernel.now, 32);
});

/** The neighbours of the middle of 3 x 3 nodes send two packets there; the cycles from now in which tails arrive, by source. */
function contest(kernel: Kernel, mesh: Mesh): string {
  const begin = kernel.now;
  const seen: string[] = [];
  mesh.onDeliver = (_, tag) => seen.push(`${tag}@${kernel.now - begin}`);
  for (const src of [1, 3, 5, 7, 1, 3, 5, 7]) mesh.send(src, 4, 3, src);
  kernel.run();
  return seen.join(' ');
}

test('a mesh that is reset has forgotten whose turn it is, and counts on', t => {
  const kernel = new Kernel();
  const mesh = new Mesh(kernel, 'mesh', { rows: 3, cols: 3, vcs: 1 }, new Clock(kernel, 1));
  const first = contest(kernel, mesh);
  /** The node in the middle takes from one side only: it is the others' turn then. */
  const disturb = (src: number): void => {
    mesh.send(src, 4, 1, 0);
    kernel.run();
  };
  disturb(3);
  t.not(contest(kernel, mesh), first);
  for (const src of [1, 3, 5]) {
    disturb(src);
    mesh.reset();
    t.is(contest(kernel, mesh), first);
  }
  t.is(mesh.counts.packets, 5 * 8 + 4);
});

test('a mesh is not reset while a flit or a credit moves', t => {
  const kernel = new Kernel();
  const mesh = new Mesh(kernel, 'mesh', { rows: 1, cols: 2 }, new Clock(kernel, 1));
  mesh.send(0, 1, 1, 0);
  t.throws(() => mesh.reset(), { instanceOf: RangeError });
  kernel.run(10); // delivered at 10, its last credit is back later
  t.throws(() => mesh.reset(), { instanceOf: RangeError });
  kernel.run();
  t.notThrows(() => mesh.reset());
});

test('a flit holds every link on its way for one cycle', t => {
  const kernel = new Kernel();
  const mesh = new Mesh(kernel, 'mesh', { rows: 2, cols: 3 }, new Clock(kernel, 10));
  const links = mesh.resources.get('links');
  const held = new Map<number, number[]>();
  links?.onService.attach((link, start, end) => {
    t.is(end - start, 10);
    held.set(link, [...(held.get(link) ?? []), start]);
  });
  mesh.send(0, 5, 3, 0);
  kernel.run();
  t.is(links?.servers, 14); // 7 pairs of neighbours
  t.is(held.size, 3);
  for (const starts of held.values()) t.deepEqual(starts, [starts[0], starts[0] + 10, starts[0] + 20]);
  t.is(links?.busyTime, 90);
});

test('onInject tells when the head of a packet enters the network', t => {
  const kernel = new Kernel();
  const mesh = new Mesh(kernel, 'mesh', { rows: 1, cols: 2 }, new Clock(kernel, 1));
  const injected: number[][] = [];
  mesh.onInject.attach((node, tag) => injected.push([node, tag, kernel.now]));
  mesh.send(0, 1, 3, 10);
  mesh.send(0, 1, 3, 11);
  t.is(mesh.backlog(0), 2);
  kernel.run();
  t.deepEqual(injected, [
    [0, 10, 0],
    [0, 11, 3],
  ]);
  t.is(mesh.backlog(0), 0);
});

test('nodes, packets and meshes that cannot be are refused', t => {
  const kernel = new Kernel();
  const clock = new Clock(kernel, 1);
  const mesh = new Mesh(kernel, 'mesh', { rows: 2, cols: 2 }, clock);
  for (const [src, dst, flits] of [
    [4, 0, 1],
    [0, -1, 1],
    [0, 1, 0],
    [0, 1, 1.5],
    [0.5, 1, 1],
    [0, Number.NaN, 1],
  ]) {
    t.throws(() => mesh.send(src, dst, flits, 0), { instanceOf: RangeError });
  }
  for (const bad of [
    { rows: 0 },
    { cols: 1.5 },
    { vcs: 32 },
    { depth: 0 },
    { creditDelay_cycles: -1 },
    { routerStages: 5 },
  ]) {
    t.throws(() => new Mesh(kernel, 'bad', { rows: 2, cols: 2, ...bad } as MeshOptions, clock), {
      instanceOf: RangeError,
    });
  }
});
