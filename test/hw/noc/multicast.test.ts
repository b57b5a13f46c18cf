/** Vectors to many nodes: what holds on every network whose routers copy flits. */
import test from 'ava';
import fc from 'fast-check';
import { HTree } from '../../../src/hw/noc/htree.ts';
import { Mesh } from '../../../src/hw/noc/mesh.ts';
import type { MulticastNoc, NocCounts } from '../../../src/hw/noc/noc.ts';
import { Clock } from '../../../src/sim/clock.ts';
import { Kernel } from '../../../src/sim/kernel.ts';

const LEVELS = [4, 2, 1].map(length => ({ latency_cycles: length, flitsPerCycle: 1, length }));

/** The links of the route from `src` to `dst`, by name, and how long each is. */
type Route = (src: number, dst: number) => Map<string, number>;

function meshRoute(src: number, dst: number): Map<string, number> {
  const cols = 5;
  const links = new Map<string, number>();
  let node = src;
  while (node !== dst) {
    const across = (dst % cols) - (node % cols);
    const next = node + (across !== 0 ? Math.sign(across) : Math.sign(dst - node) * cols);
    links.set(`${node}>${next}`, 1);
    node = next;
  }
  return links;
}

/** Nodes 0 .. 63 hang below switches that are named by a third, two thirds or all of their digits; 64 sits at the root. */
function treeRoute(src: number, dst: number): Map<string, number> {
  const above = (node: number): string[] => {
    const digits = node.toString(4).padStart(3, '0');
    return node === 64 ? [] : [1, 2, 3].map(n => digits.slice(0, n));
  };
  const [up, down] = [above(src), above(dst)];
  const length = (name: string): number => [4, 2, 1][name.length - 1];
  return new Map([
    ...up.filter(name => !down.includes(name)).map(name => [`up ${name}`, length(name)] as const),
    ...down.filter(name => !up.includes(name)).map(name => [`down ${name}`, length(name)] as const),
  ]);
}

const NETWORKS: Record<string, { nodes: number; route: Route; build: (kernel: Kernel) => MulticastNoc }> = {
  mesh: {
    nodes: 20,
    route: meshRoute,
    build: kernel => new Mesh(kernel, 'noc', { rows: 4, cols: 5, vcs: 2, depth: 3 }, new Clock(kernel, 10)),
  },
  'mesh with one VC of one flit, four stages': {
    nodes: 20,
    route: meshRoute,
    build: kernel =>
      new Mesh(
        kernel,
        'noc',
        { rows: 4, cols: 5, vcs: 1, depth: 1, routerStages: 4, waitForTailCredit: true },
        new Clock(kernel, 10),
      ),
  },
  'H-tree': {
    nodes: 65,
    route: treeRoute,
    build: kernel => new HTree(kernel, 'noc', { arity: 4, levels: LEVELS }, new Clock(kernel, 10)),
  },
};

interface Vector {
  readonly src: number;
  readonly dsts: readonly number[];
  readonly flits: number;
}

const vectorsIn = (nodes: number, most: number): fc.Arbitrary<Vector[]> =>
  fc.array(
    fc.record({
      src: fc.nat(nodes - 1),
      dsts: fc.uniqueArray(fc.nat(nodes - 1), { minLength: 1, maxLength: 20 }),
      flits: fc.integer({ min: 1, max: 10 }),
    }),
    { minLength: 1, maxLength: most },
  );

const total = (numbers: Iterable<number>): number => [...numbers].reduce((sum, n) => sum + n, 0);
const union = (route: Route, { src, dsts }: Vector): Map<string, number> =>
  new Map(dsts.flatMap(dst => [...route(src, dst)]));

for (const [name, { nodes, route, build }] of Object.entries(NETWORKS)) {
  test(`${name}: every destination gets a vector once, over each link of the union of the routes once`, t => {
    fc.assert(
      fc.property(vectorsIn(nodes, 60), vectors => {
        const kernel = new Kernel();
        const noc = build(kernel);
        const seen: string[] = [];
        noc.onDeliver = (node, tag) => seen.push(`${tag} at ${node}`);
        vectors.forEach(({ src, dsts, flits }, tag) => {
          noc.sendTree(noc.addTree(src, dsts), flits, tag);
        });
        kernel.run();
        const wanted = vectors.flatMap(({ dsts }, tag) => dsts.map(dst => `${tag} at ${dst}`));
        t.deepEqual(seen.toSorted(), wanted.toSorted());
        t.is(noc.counts.flits, total(vectors.map(({ dsts, flits }) => flits * dsts.length)));
        t.is(noc.counts.flitHops, total(vectors.map(v => v.flits * union(route, v).size)));
        const routers = total(vectors.map(({ flits }, tree) => flits * noc.treeRouters(tree)));
        t.is(noc.counts.routerTraversals, routers);
      }),
      { numRuns: 60 },
    );
  });

  test(`${name}: a tree has the links of the union of its routes, and never more than packets to each`, t => {
    fc.assert(
      fc.property(vectorsIn(nodes, 1), ([vector]) => {
        const noc = build(new Kernel());
        const { src, dsts } = vector;
        const tree = noc.addTree(src, dsts);
        const links = union(route, vector);
        t.is(noc.treeHops(tree), links.size);
        t.is(noc.treeWire(tree), total(links.values()));
        const apart = (of: (src: number, dst: number) => number): number =>
          total(dsts.map(dst => of(src, dst)));
        t.true(noc.treeHops(tree) <= apart((a, b) => noc.hops(a, b)));
        t.true(noc.treeWire(tree) <= apart((a, b) => noc.wire(a, b)));
        t.true(noc.treeRouters(tree) <= apart((a, b) => noc.routers(a, b)));
      }),
    );
  });

  test(`${name}: a tree to one node is a packet to it, tick by tick and count by count`, t => {
    const run = (vectors: readonly Vector[], asTree: boolean): [number[][], NocCounts] => {
      const kernel = new Kernel();
      const noc = build(kernel);
      const seen: number[][] = [];
      noc.onDeliver = (node, tag) => seen.push([node, tag, kernel.now]);
      vectors.forEach(({ src, dsts: [dst], flits }, tag) => {
        const tree = noc.addTree(src, [dst]);
        t.is(noc.treeRouters(tree), noc.routers(src, dst));
        t.is(noc.treeHops(tree), noc.hops(src, dst));
        if (asTree) noc.sendTree(tree, flits, tag);
        else noc.send(src, dst, flits, tag);
      });
      kernel.run();
      return [seen, noc.counts];
    };
    fc.assert(
      fc.property(vectorsIn(nodes, 30), vectors => {
        t.deepEqual(run(vectors, true), run(vectors, false));
      }),
      { numRuns: 40 },
    );
  });

  test(`${name}: trees to nodes that there are not, or to none, or twice to one, are refused`, t => {
    const noc = build(new Kernel());
    for (const dsts of [[], [0, 0], [nodes], [-1]])
      t.throws(() => noc.addTree(0, dsts), { instanceOf: RangeError });
    t.throws(() => noc.sendTree(noc.addTree(0, [1, 2]), 0, 0), { instanceOf: RangeError });
  });
}

test('a mesh router copies to one output after another: on, then up and down, then to its node', t => {
  const kernel = new Kernel();
  const mesh = new Mesh(kernel, 'mesh', { rows: 3, cols: 3 }, new Clock(kernel, 1));
  const arrived: Record<number, number> = {};
  mesh.onDeliver = node => {
    arrived[node] = kernel.now;
  };
  // From the middle with 5 flits: right first, as if alone; VC allocation costs the second copy one cycle more than its flits.
  mesh.sendTree(mesh.addTree(4, [5, 3, 7, 1, 4]), 5, 0);
  kernel.run();
  const alone = 6 + 4 + 4;
  t.deepEqual(arrived, { 5: alone, 3: alone + 6, 7: alone + 12, 1: alone + 18, 4: 6 + 4 + 24 });
});

test('a vector that is longer than the buffer of a VC goes in pieces, and arrives with the last one', t => {
  const kernel = new Kernel();
  const mesh = new Mesh(kernel, 'mesh', { rows: 1, cols: 3, depth: 4 }, new Clock(kernel, 1));
  const arrived: number[][] = [];
  mesh.onDeliver = (node, tag) => arrived.push([node, tag]);
  const injected: number[][] = [];
  mesh.onInject.attach((node, tag) => injected.push([node, tag]));
  mesh.sendTree(mesh.addTree(0, [1, 2]), 10, 7);
  kernel.run();
  t.deepEqual(arrived, [
    [2, 7],
    [1, 7],
  ]);
  t.deepEqual(injected, [
    [0, 7],
    [0, 7],
    [0, 7],
  ]);
  t.like(mesh.counts, { packets: 2 * 3, flits: 20, flitHops: 20, bufferWrites: 30, bufferReads: 40 });
});

test('the switches of an H-tree copy at once: every leaf has its vector when it would have it alone', t => {
  const kernel = new Kernel();
  const tree = new HTree(kernel, 'tree', { arity: 4, levels: LEVELS }, new Clock(kernel, 1));
  const arrived: number[] = [];
  tree.onDeliver = () => arrived.push(kernel.now);
  tree.sendTree(tree.addTree(64, [0, 1, 5, 63]), 9, 0);
  kernel.run();
  t.deepEqual(arrived, [15, 15, 15, 15]);
  t.deepEqual(tree.linkFlits, [2 * 9, 3 * 9, 4 * 9]);
});
