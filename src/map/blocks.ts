/** The blocks of a matrix that tiles and PEs hold, and the bits that go in and out of them for one input vector. */
import type { Fills, PeBlock, TileBlock } from '../hw/program.ts';
import type { Fill } from '../tech/circuit/fill.ts';
import { blockCols, blockRows, type CrossbarGrid, fillOf, isUsed, writtenOf } from './grid.ts';

export interface Precision {
  readonly inputs: number;
  readonly outputs: number;
  readonly partialSums: number;
}

/** Crossbars `first` .. `end - 1` of the grid as one tile of PEs with `perPe` crossbars each. */
export function tileBlock(
  grid: CrossbarGrid,
  first: number,
  end: number,
  perPe: number,
  bits: Precision,
): TileBlock {
  const pes: PeBlock[] = [];
  for (let i = first; i < end; i += perPe) {
    const last = Math.min(end, i + perPe);
    const crossbars = usedIn(grid, i, last);
    if (crossbars === 0) continue;
    const inputBits = inputsOf(grid, i, last).count * bits.inputs;
    const { outputs } = resultColumns(grid, i, last);
    const { view } = grid;
    pes.push({
      crossbars,
      inputBits,
      outputs,
      fills: fillsOf(grid, i, last),
      ...(view !== undefined && {
        written: runs(grid, i, last, at => writtenOf(grid, view, at).part),
      }),
    });
  }
  const { outputs, partials } = resultColumns(grid, first, end);
  const inputs = inputsOf(grid, first, end);
  return {
    crossbars: usedIn(grid, first, end),
    pes,
    inputBits: inputs.count * bits.inputs,
    inputs: inputs.name,
    outputBits: (outputs - partials) * bits.outputs + partials * bits.partialSums,
    outputs,
    partials,
    weightBits: storedBits(grid, first, end),
  };
}

/** Inputs of one vector that the crossbars first .. end - 1 need, each counted once, and a name for the set of them. */
function inputsOf(grid: CrossbarGrid, first: number, end: number): { count: number; name: string } {
  const seen = new Set<number>();
  let count = 0;
  for (let i = first; i < end; i++) {
    if (!isUsed(grid, i)) continue;
    const rowBlock = Math.floor(i / grid.slices) % grid.rowBlocks;
    const head = Math.floor(i / (grid.slices * grid.rowBlocks * grid.colBlocks));
    const key = head * grid.rowBlocks + rowBlock;
    if (seen.has(key)) continue;
    seen.add(key);
    count += blockRows(grid, rowBlock, head);
  }
  return { count, name: [...seen].sort((a, b) => a - b).join(',') };
}

function resultColumns(
  grid: CrossbarGrid,
  first: number,
  end: number,
): { outputs: number; partials: number } {
  const perColumn = grid.slices * grid.rowBlocks;
  // Of a cache the first row blocks of a column.
  const used = grid.slices * Math.min(grid.rowBlocks, rowBlocksOf(grid));
  let outputs = 0;
  let partials = 0;
  for (let column = Math.floor(first / perColumn); column * perColumn < end; column++) {
    const at = column * perColumn;
    const width = blockCols(grid, column % grid.colBlocks, Math.floor(column / grid.colBlocks));
    if (width <= 0 || at + used <= first) continue;
    outputs += width;
    if (at < first || at + used > end) partials += width;
  }
  return { outputs, partials };
}

/** Each slice of a weight holds its share of the weight's bits. */
function storedBits(grid: CrossbarGrid, first: number, end: number): number {
  let positions = 0;
  const { view } = grid;
  if (view !== undefined) {
    for (let i = first; i < end; i++) positions += writtenOf(grid, view, i).weights;
    return Math.ceil((positions * grid.weightBits) / grid.slices);
  }
  for (const { rows, cols, count } of fillsOf(grid, first, end))
    positions += (count * rows * (cols - grid.references)) / grid.columnsPerWeight;
  return Math.ceil((positions * grid.weightBits) / grid.slices);
}

/** Row blocks that hold something. */
const rowBlocksOf = ({ view, rowBlocks, rows }: CrossbarGrid): number =>
  view === undefined || view.columns ? rowBlocks : Math.ceil(view.held / rows);

/** Crossbars of first .. end - 1 that hold something. */
function usedIn(grid: CrossbarGrid, first: number, end: number): number {
  let used = 0;
  for (let i = first; i < end; i++) if (isUsed(grid, i)) used++;
  return used;
}

/** How crossbars first .. end - 1 are filled. */
const fillsOf = (grid: CrossbarGrid, first: number, end: number): Fills[] =>
  runs(grid, first, end, i => fillOf(grid, i));

/** Neighbours that are alike, together, of the crossbars first .. end - 1 that hold something. */
function runs(grid: CrossbarGrid, first: number, end: number, of: (i: number) => Fill): Fills[] {
  const fills: Fills[] = [];
  for (let i = first; i < end; i++) {
    if (!isUsed(grid, i)) continue;
    const { rows, cols } = of(i);
    const last = fills.at(-1);
    if (last?.rows === rows && last.cols === cols) fills.splice(-1, 1, { rows, cols, count: last.count + 1 });
    else fills.push({ rows, cols, count: 1 });
  }
  return fills;
}
