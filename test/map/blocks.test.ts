import test from 'ava';
import fc from 'fast-check';
import type { PeBlock, TileBlock } from '../../src/hw/program.ts';
import { type Precision, tileBlock } from '../../src/map/blocks.ts';
import type { CrossbarGrid } from '../../src/map/grid.ts';

const BITS: Precision = { inputs: 8, outputs: 8, partialSums: 24 };

const gridOf = (
  inSize: number,
  out: number,
  slices: number,
  heads: number,
  [rows, cols]: readonly [number, number],
): CrossbarGrid => {
  const rowBlocks = Math.ceil(inSize / rows);
  const colBlocks = Math.ceil(out / cols);
  const crossbars = rowBlocks * colBlocks * slices * heads;
  const weights = inSize * out * heads;
  const size = {
    in: inSize,
    out,
    lastIn: inSize,
    lastOut: out,
    rows,
    cols,
    columnsPerWeight: 1,
    references: 0,
    rowBlocks,
    colBlocks,
    weightBits: 8,
  };
  return { ...size, slices, heads, crossbars, weights };
};

/** The whole matrix on tiles of `pes` PEs with `perPe` crossbars. */
function tilesOf(grid: CrossbarGrid, pes: number, perPe: number): TileBlock[] {
  const tiles: TileBlock[] = [];
  for (let i = 0; i < grid.crossbars; i += pes * perPe) {
    tiles.push(tileBlock(grid, i, Math.min(grid.crossbars, i + pes * perPe), perPe, BITS));
  }
  return tiles;
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((s, item) => s + of(item), 0);

const matrices = fc
  .record({
    inSize: fc.integer({ min: 1, max: 40 }),
    out: fc.integer({ min: 1, max: 40 }),
    slices: fc.constantFrom(1, 2, 4, 8),
    heads: fc.integer({ min: 1, max: 4 }),
    size: fc.tuple(fc.integer({ min: 2, max: 16 }), fc.integer({ min: 2, max: 16 })),
    pes: fc.integer({ min: 1, max: 5 }),
    perPe: fc.integer({ min: 1, max: 9 }),
  })
  .map(m => {
    const grid = gridOf(m.inSize, m.out, m.slices, m.heads, m.size);
    return { grid, perPe: m.perPe, tiles: tilesOf(grid, m.pes, m.perPe) };
  });

const law = (holds: (m: { grid: CrossbarGrid; perPe: number; tiles: TileBlock[] }) => boolean): void =>
  fc.assert(fc.property(matrices, holds), { seed: 7 });

test('a 384 x 384 matrix with 4 slices: what each of its three tiles holds', t => {
  const grid = gridOf(384, 384, 4, 1, [64, 64]);
  const tiles = tilesOf(grid, 8, 8);
  // A column of 6 x 4 crossbars holds 64 outputs: 64 crossbars are 2 columns and 16 crossbars of the third, and so on.
  t.deepEqual(
    tiles.map(tile => [tile.crossbars, tile.pes.length, tile.outputs, tile.partials]),
    [
      [64, 8, 192, 64],
      [64, 8, 256, 128],
      [16, 2, 64, 64],
    ],
  );
  // Two whole columns need all 384 inputs; 16 crossbars of the last column hold 4 of its 6 row blocks.
  t.deepEqual(
    tiles.map(tile => tile.inputBits / 8),
    [384, 384, 256],
  );
  t.deepEqual(
    tiles.map(tile => tile.outputBits),
    [128 * 8 + 64 * 24, 128 * 8 + 128 * 24, 64 * 24],
  );
  t.is(
    sum(tiles, tile => tile.weightBits),
    384 * 384 * 8,
  );
});

test('tiles and PEs hold every crossbar once', t => {
  law(
    ({ grid, perPe, tiles }) =>
      sum(tiles, tile => tile.crossbars) === grid.crossbars &&
      tiles.every(
        tile =>
          sum(tile.pes, pe => pe.crossbars) === tile.crossbars &&
          tile.pes.every(
            (pe, i) => pe.crossbars === perPe || (i === tile.pes.length - 1 && pe.crossbars > 0),
          ),
      ),
  );
  t.is(tilesOf(gridOf(8, 8, 1, 1, [4, 4]), 1, 4).length, 1);
});

test('the weight bits of the tiles sum to the matrix, up to one bit a tile where a slice is cut', t => {
  law(({ grid, tiles }) => {
    const stored = sum(tiles, tile => tile.weightBits);
    const bits = grid.weights * grid.weightBits;
    return stored >= bits && stored < bits + tiles.length;
  });
  t.is(
    sum(tilesOf(gridOf(100, 70, 4, 2, [64, 64]), 8, 8), tile => tile.weightBits),
    100 * 70 * 2 * 8,
  );
});

test('the result columns of the tiles are those of the matrix, and more only where a column is cut', t => {
  law(({ grid, tiles }) => {
    const columns = grid.out * grid.heads;
    const whole = sum(tiles, tile => tile.outputs - tile.partials);
    const outputs = sum(tiles, tile => tile.outputs);
    const partials = sum(tiles, tile => tile.partials);
    // Each cut column has at least two parts; columns are either whole in one tile or partial in all that hold them.
    const cut = columns - whole;
    return outputs >= columns && cut >= 0 && partials >= 2 * cut && (cut > 0 || partials === 0);
  });
  t.is(
    sum(tilesOf(gridOf(8, 8, 1, 1, [4, 4]), 1, 2), tile => tile.partials),
    0,
  );
  t.is(
    sum(tilesOf(gridOf(8, 8, 1, 1, [4, 4]), 1, 3), tile => tile.partials),
    2 * 4,
  ); // the second column is cut
});

test('a tile takes each input once, and no more than the matrix has', t => {
  law(({ grid, tiles }) => {
    const inputs = grid.in * grid.heads * BITS.inputs;
    return (
      tiles.every(tile => tile.inputBits > 0 && tile.inputBits <= inputs) &&
      sum(tiles, tile => tile.inputBits) >= inputs
    );
  });
  t.is(tilesOf(gridOf(40, 40, 4, 1, [16, 16]), 64, 8)[0].inputBits, 40 * 8);
});

test('PEs together take all inputs of their tile and give all its results', t => {
  const covers = (pes: readonly PeBlock[], tile: TileBlock): boolean =>
    sum(pes, pe => pe.inputBits) >= tile.inputBits &&
    sum(pes, pe => pe.outputs) >= tile.outputs &&
    pes.every(pe => pe.inputBits <= tile.inputBits && pe.outputs <= tile.outputs);
  law(({ tiles }) => tiles.every(tile => covers(tile.pes, tile)));
  const [tile] = tilesOf(gridOf(8, 8, 1, 1, [4, 4]), 4, 1);
  t.deepEqual(
    tile.pes.map(pe => [pe.inputBits, pe.outputs]),
    [
      [32, 4],
      [32, 4],
      [32, 4],
      [32, 4],
    ],
  );
});

test('tiles are called alike exactly when they need the same inputs', t => {
  const names = (grid: CrossbarGrid): string[] => tilesOf(grid, 1, 2).map(tile => tile.inputs);
  t.deepEqual(names(gridOf(8, 8, 1, 1, [4, 4])), ['0,1', '0,1']); // a column of two row blocks each
  t.deepEqual(names(gridOf(8, 8, 2, 1, [4, 4])), ['0', '1', '0', '1']); // two slices of one row block each
  t.deepEqual(names(gridOf(4, 8, 1, 2, [4, 4])), ['0', '1']); // the row block of each head
});
