import test from 'ava';
import fc from 'fast-check';
import { HTree, type HTreeOptions } from '../../../src/hw/noc/htree.ts';
import { treeFloorplan } from '../../../src/hw/noc/tree-floorplan.ts';
import { Clock } from '../../../src/sim/clock.ts';
import { Kernel } from '../../../src/sim/kernel.ts';

const level = (latency_cycles: number, flitsPerCycle = 1) => ({ latency_cycles, flitsPerCycle });
/** 16 leaves; links of 3 cycles at the root, 1 cycle at the leaves. */
const QUAD: HTreeOptions = { arity: 4, levels: [level(3), level(1)] };

function build(
  options: HTreeOptions,
  period = 1,
): { kernel: Kernel; tree: HTree; arrived: Map<number, number> } {
  const kernel = new Kernel();
  const tree = new HTree(kernel, 'tree', options, new Clock(kernel, period));
  const arrived = new Map<number, number>();
  tree.onDeliver = (_, tag) => arrived.set(tag, kernel.now);
  return { kernel, tree, arrived };
}

test('hops go up to the lowest common switch and down; the last node sits at the root', t => {
  const { tree } = build(QUAD);
  t.is(tree.nodes, 17);
  t.deepEqual(
    [tree.hops(0, 3), tree.hops(0, 4), tree.hops(16, 5), tree.hops(5, 16), tree.hops(7, 7)],
    [2, 4, 2, 2, 0],
  );
  t.is(build({ arity: 2, levels: [level(1), level(1), level(1)] }).tree.hops(0, 7), 6);
});

test('a packet alone takes the latencies of its links and one cycle for each further flit', t => {
  const { kernel, tree, arrived } = build(QUAD);
  for (const [src, dst, cycles] of [
    [0, 3, 2],
    [0, 4, 8],
    [16, 5, 4],
    [5, 16, 4],
    [7, 7, 0],
  ]) {
    for (const flits of [1, 6]) {
      const sent = kernel.now;
      tree.send(src, dst, flits, 0);
      kernel.run();
      t.is(arrived.get(0), sent + cycles + flits - 1, `${src} -> ${dst}, ${flits} flits`);
    }
  }
});

test('the tail arrives at its tick and not one before', t => {
  const { kernel, tree, arrived } = build(QUAD, 500);
  tree.send(0, 4, 3, 1);
  kernel.run(10 * 500 - 1);
  t.is(arrived.size, 0);
  kernel.run(10 * 500);
  t.is(arrived.get(1), 5000);
});

test('packets queue for a shared link in the order in which their heads come', t => {
  const { kernel, tree, arrived } = build(QUAD);
  tree.send(0, 16, 10, 0);
  tree.send(1, 16, 10, 1);
  tree.send(4, 16, 10, 2);
  kernel.run();
  // 0 and 1 share the link to the root; 4 has one of its own.
  t.deepEqual(
    [...arrived].toSorted((a, b) => a[0] - b[0]),
    [
      [0, 13],
      [1, 23],
      [2, 13],
    ],
  );
});

test('up and down are links of their own', t => {
  const { kernel, tree, arrived } = build(QUAD);
  tree.send(0, 16, 10, 0);
  tree.send(16, 0, 10, 1);
  kernel.run();
  t.deepEqual([...arrived.values()], [13, 13]);
});

test('a narrow link holds the tail up, a wide one after it does not make up for it', t => {
  // 8 flits at half a flit per cycle: 16 cycles on the narrow link.
  const narrowLeaf = build({ arity: 2, levels: [level(1, 4), level(1, 0.5)] });
  narrowLeaf.tree.send(0, 4, 8, 0);
  narrowLeaf.kernel.run();
  t.is(narrowLeaf.arrived.get(0), 2 + 15);
  const narrowRoot = build({ arity: 2, levels: [level(1, 0.5), level(1, 4)] });
  narrowRoot.tree.send(0, 4, 8, 0);
  narrowRoot.kernel.run();
  t.is(narrowRoot.arrived.get(0), 2 + 15);
});

test('flits are counted per level of links', t => {
  const { kernel, tree } = build(QUAD);
  tree.send(0, 3, 5, 0);
  tree.send(0, 4, 7, 0);
  tree.send(16, 9, 2, 0);
  kernel.run();
  t.deepEqual(tree.linkFlits, [2 * 7 + 2, 2 * 5 + 2 * 7 + 2]);
  // Switches passed: 1, 3 and 2.
  t.like(tree.counts, { packets: 3, flits: 14, flitHops: 42, routerTraversals: 5 + 21 + 4, allocations: 8 });
});

test('every packet arrives once, and no link carries more than it can', t => {
  const packet = fc.record({ src: fc.nat(16), dst: fc.nat(16), flits: fc.integer({ min: 1, max: 9 }) });
  fc.assert(
    fc.property(fc.array(packet, { minLength: 1, maxLength: 80 }), packets => {
      const { kernel, tree, arrived } = build(QUAD);
      packets.forEach(({ src, dst, flits }, tag) => {
        tree.send(src, dst, flits, tag);
      });
      const end = kernel.run();
      t.is(arrived.size, packets.length);
      packets.forEach(({ src, dst, flits }, tag) => {
        t.true(arrived.get(tag)! >= tree.hops(src, dst) + flits - 1);
      });
      const fromRoot = packets.filter(p => p.src === 16 && p.dst < 4).reduce((sum, p) => sum + p.flits, 0);
      t.true(end >= fromRoot);
    }),
    { numRuns: 60 },
  );
});

test('links tell for how long packets hold them', t => {
  const kernel = new Kernel();
  const tree = new HTree(
    kernel,
    'tree',
    { arity: 2, levels: [{ latency_cycles: 2, flitsPerCycle: 1 }] },
    new Clock(kernel, 10),
  );
  const links = tree.resources.get('links');
  const held: number[][] = [];
  links?.onService.attach((...service) => held.push(service));
  tree.send(0, 1, 3, 0);
  tree.send(2, 1, 3, 0); // from the root: the link down is taken until 50
  kernel.run();
  t.is(links?.servers, 4);
  t.is(new Set(held.map(([link]) => link)).size, 2);
  t.is(links?.busyTime, 90);
  for (const [link, start] of held) {
    const others = held.filter(other => other[0] === link && other[1] !== start);
    t.true(others.every(other => other[1] >= start + 30 || other[2] <= start));
  }
});

test('trees that cannot be are refused', t => {
  for (const levels of [[], [level(0)], [level(1.5)], [level(1, 0)], Array(11).fill(level(1))]) {
    t.throws(() => build({ arity: 4, levels }), { instanceOf: RangeError });
  }
  t.throws(() => build(QUAD).tree.send(0, 17, 1, 0), { instanceOf: RangeError });
});

test('links of a tree join a switch with what is below it, each way once', t => {
  const plan = treeFloorplan(16);
  const { tree } = build(QUAD);
  const text = ({ x, y }: { x: number; y: number }): string => `${x},${y}`;
  const ways = Array.from({ length: 40 }, (_, link) => tree.linkEnds(link).map(text).join(' to '));
  t.is(new Set(ways).size, 40);
  t.is(ways[0], '1,1 to 2,2');
  t.is(ways[3], '3,3 to 2,2');
  t.is(ways[4], '0.5,0.5 to 1,1');
  t.is(ways[24], '1,1 to 0.5,0.5');
  const leaves = Array.from({ length: 16 }, (_, node) => text(plan.placeOf(node)));
  t.is(new Set(leaves).size, 16);
  t.deepEqual(
    [leaves[0], leaves[1], leaves[2], leaves[15], text(plan.placeOf(plan.hub))],
    ['0.5,0.5', '1.5,0.5', '0.5,1.5', '3.5,3.5', '2,2'],
  );
});
