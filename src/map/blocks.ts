/** The blocks of a matrix that tiles and PEs hold, and the bits that go in and out of them for one input vector. */
import type { Fills, PeBlock, TileBlock } from '../hw/program.ts';
import { blockCols, blockRows, type CrossbarGrid, fillOf } from './grid.ts';

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
    const inputBits = inputsOf(grid, i, last).count * bits.inputs;
    const { outputs } = resultColumns(grid, i, last);
    pes.push({ crossbars: last - i, inputBits, outputs, fills: fillsOf(grid, i, last) });
  }
  const { outputs, partials } = resultColumns(grid, first, end);
  const inputs = inputsOf(grid, first, end);
  return {
    crossbars: end - first,
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
  let outputs = 0;
  let partials = 0;
  for (let column = Math.floor(first / perColumn); column * perColumn < end; column++) {
    const width = blockCols(grid, column % grid.colBlocks, Math.floor(column / grid.colBlocks));
    outputs += width;
    if (column * perColumn < first || (column + 1) * perColumn > end) partials += width;
  }
  return { outputs, partials };
}

/** Each slice of a weight holds its share of the weight's bits. */
function storedBits(grid: CrossbarGrid, first: number, end: number): number {
  let positions = 0;
  for (const { rows, cols, count } of fillsOf(grid, first, end))
    positions += (count * rows * (cols - grid.references)) / grid.columnsPerWeight;
  return Math.ceil((positions * grid.weightBits) / grid.slices);
}

/** How crossbars first .. end - 1 are filled. */
function fillsOf(grid: CrossbarGrid, first: number, end: number): Fills[] {
  const fills: Fills[] = [];
  for (let i = first; i < end; i++) {
    const { rows, cols } = fillOf(grid, i);
    const last = fills.at(-1);
    if (last?.rows === rows && last.cols === cols) fills.splice(-1, 1, { rows, cols, count: last.count + 1 });
    else fills.push({ rows, cols, count: 1 });
  }
  return fills;
}
