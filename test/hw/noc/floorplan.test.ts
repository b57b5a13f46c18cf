import test from 'ava';
import fc from 'fast-check';
import { type Floorplan, gridFloorplan } from '../../../src/hw/noc/floorplan.ts';
import { treeFloorplan, treeLevels } from '../../../src/hw/noc/tree-floorplan.ts';

const tileCounts = fc.integer({ min: 1, max: 2000 });

const nodesOf = (plan: Floorplan, tiles: number): number[] =>
  Array.from({ length: tiles }, (_, tile) => plan.nodeOf(tile));

for (const [name, make] of [
  ['grid', gridFloorplan],
  ['tree', treeFloorplan],
] as const) {
  test(`on a ${name} every tile has a node of its own, and the hub has none of them`, t => {
    fc.assert(
      fc.property(tileCounts, tiles => {
        const plan = make(tiles);
        const nodes = nodesOf(plan, tiles);
        const inside = [...nodes, plan.hub].every(node => node >= 0 && node < plan.nodes);
        return inside && new Set([...nodes, plan.hub]).size === tiles + 1;
      }),
      { seed: 1 },
    );
    t.is(make(8).nodes, name === 'grid' ? 9 : 17);
  });
}

test('a grid is nearly square and has fewer spare nodes than a row', t => {
  fc.assert(
    fc.property(tileCounts, tiles => {
      const { rows, cols, nodes } = gridFloorplan(tiles);
      return cols - rows <= 1 && cols >= rows && nodes - (tiles + 1) < cols;
    }),
    { seed: 2 },
  );
  t.is(gridFloorplan(408).nodes, 420); // DeiT-S on TReX: 20 x 21
});

test('tiles that follow each other are neighbours, but around the hub and at most one step more', t => {
  const { rows, cols, nodeOf, hub } = gridFloorplan(24);
  t.deepEqual([rows, cols, hub], [5, 5, 12]);
  const at = (node: number): [number, number] => [Math.floor(node / cols), node % cols];
  for (let tile = 1; tile < 24; tile++) {
    const [row, col] = at(nodeOf(tile));
    const [rowBefore, colBefore] = at(nodeOf(tile - 1));
    const distance = Math.abs(row - rowBefore) + Math.abs(col - colBefore);
    t.is(distance, tile === 12 ? 2 : 1, `tile ${tile}`);
  }
});

test('a tree has the fewest levels of four branches that hold the tiles', t => {
  t.deepEqual([1, 4, 5, 16, 17, 64, 65, 256, 1024, 1025].map(treeLevels), [1, 1, 2, 2, 3, 3, 4, 4, 5, 6]);
});

test('links of an H-tree double in length towards the root', t => {
  t.deepEqual(treeFloorplan(64).linkSides, [4, 2, 1]);
});
