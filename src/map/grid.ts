/** A weight matrix cut into crossbars: TReX Eq. 5, times the bit slices of a weight, times the heads of a dynamic matmul. */
import type { Fill } from '../tech/circuit/fill.ts';
import { conversionOf } from '../tech/conversion-of.ts';
import {
  arraysPerWeight,
  columnsPerWeight,
  referenceColumnsOf,
  weightColumns,
} from '../tech/device-encoding.ts';
import type { Device } from '../tech/schema.ts';
import { groupsPerArray } from '../workload/diagonal.ts';
import type { MatmulOp } from '../workload/matmul.ts';

/**
 * The crossbars of one matrix. Crossbar number i holds, in this order of fastest to slowest change: bit slice,
 * row block, column block, head; so the row blocks that sum into one output lie next to each other.
 */
export interface CrossbarGrid {
  /** Rows and columns of weights, of one head; of a grouped op, of the groups on the diagonal of one array. */
  readonly in: number;
  readonly out: number;
  /** Of the last head, which may have fewer groups. */
  readonly lastIn: number;
  readonly lastOut: number;
  /** Rows of one crossbar that hold weights, and weights side by side in it. */
  readonly rows: number;
  readonly cols: number;
  /** Columns of a weight: more than one where its slices are merged. */
  readonly columnsPerWeight: number;
  /** Columns of each crossbar beside those of weights. */
  readonly references: number;
  readonly rowBlocks: number;
  readonly colBlocks: number;
  /** Bits of a weight, of K^T or V those of an activation, and the arrays that its slices are stored in. */
  readonly weightBits: number;
  readonly slices: number;
  readonly heads: number;
  readonly crossbars: number;
  /** Weights stored, and weight positions in the crossbars that hold them. */
  readonly weights: number;
  /** Of a cache: what it holds so far. Absent: all. */
  readonly view?: CacheView;
}

/** What a cache of keys or values holds so far: a matrix of a head to which each token adds a column (K^T) or a row (V). */
export interface CacheView {
  /** Tokens that are there, those that a write adds included. */
  readonly held: number;
  /** Of those, the first that a write adds; `held`: it adds none. */
  readonly fresh: number;
  /** A token is a column of the matrix: K^T. */
  readonly columns: boolean;
  /** A token's values lie along the lines that are programmed at once, so that it takes one of them. */
  readonly asLine: boolean;
}

/** Crossbars for `op` on `device` with weights of `weightBits` bits. */
export function crossbarGrid(op: MatmulOp, device: Device, weightBits: number): CrossbarGrid {
  const { arrayRows: rows } = conversionOf(device);
  const cols = weightColumns(device, weightBits);
  const slices = arraysPerWeight(device, weightBits);
  const shape = matrixShape(op, rows, cols);
  const rowBlocks = Math.ceil(shape.in / rows);
  const colBlocks = Math.ceil(shape.out / cols);
  const crossbars = rowBlocks * colBlocks * slices * shape.heads;
  const references = referenceColumnsOf(device, weightBits);
  const own = columnsPerWeight(device, weightBits);
  return {
    ...shape,
    rows,
    cols,
    columnsPerWeight: own,
    references,
    rowBlocks,
    colBlocks,
    weightBits,
    slices,
    crossbars,
  };
}

function matrixShape(op: MatmulOp, rows: number, cols: number) {
  const alike = (own: { in: number; out: number; heads: number }) => ({
    ...own,
    lastIn: own.in,
    lastOut: own.out,
    weights: own.in * own.out * own.heads,
  });
  if (op.kind === 'static') return alike({ in: op.in, out: op.out, heads: 1 });
  if (op.kind === 'dynamic') return alike({ in: op.k, out: op.n, heads: op.batch });
  // Several groups stand on the diagonal of one crossbar; each uses its own rows and columns.
  const groups = groupsPerArray(op, rows, cols);
  const heads = Math.ceil(op.groups / groups);
  const last = op.groups - (heads - 1) * groups;
  return {
    in: op.in * groups,
    out: op.out * groups,
    lastIn: op.in * last,
    lastOut: op.out * last,
    heads,
    weights: op.in * op.out * op.groups,
  };
}

/** Rows of weights in row block `r` of a head; the last block may be short. */
export const blockRows = (grid: CrossbarGrid, r: number, head = 0): number =>
  Math.min(grid.rows, inOf(grid, head) - r * grid.rows);

/** Columns of weights in column block `c` of a head. */
export const blockCols = (grid: CrossbarGrid, c: number, head = 0): number =>
  Math.min(grid.cols, outOf(grid, head) - c * grid.cols);

function inOf({ view, heads, in: all, lastIn }: CrossbarGrid, head: number): number {
  if (view !== undefined && !view.columns) return view.held;
  return head < heads - 1 ? all : lastIn;
}

function outOf({ view, heads, out: all, lastOut }: CrossbarGrid, head: number): number {
  if (view?.columns === true) return view.held;
  return head < heads - 1 ? all : lastOut;
}

/** What of crossbar `i` holds the matrix, reference columns included. */
export function fillOf(grid: CrossbarGrid, i: number): Fill {
  const { rowBlock, colBlock, head } = placeOf(grid, i);
  return {
    rows: blockRows(grid, rowBlock, head),
    cols: blockCols(grid, colBlock, head) * grid.columnsPerWeight + grid.references,
  };
}

/** What of a matrix a crossbar holds. */
export interface GridPlace {
  readonly rowBlock: number;
  readonly colBlock: number;
  readonly head: number;
}

/** Of crossbar `i`. */
export function placeOf({ slices, rowBlocks, colBlocks }: CrossbarGrid, i: number): GridPlace {
  const column = Math.floor(i / (slices * rowBlocks));
  const rowBlock = Math.floor(i / slices) % rowBlocks;
  return { rowBlock, colBlock: column % colBlocks, head: Math.floor(column / colBlocks) };
}

/** Whether crossbar `i` holds anything: those of a cache fill as it grows. */
export function isUsed(grid: CrossbarGrid, i: number): boolean {
  if (grid.view === undefined) return true;
  const { rowBlock, colBlock, head } = placeOf(grid, i);
  return blockRows(grid, rowBlock, head) > 0 && blockCols(grid, colBlock, head) > 0;
}

/** What a write of a cache adds in crossbar `i`: its weights, and the lines that it programs, of so many cells each. */
export function writtenOf(grid: CrossbarGrid, view: CacheView, i: number): { weights: number; part: Fill } {
  const { rowBlock, colBlock, head } = placeOf(grid, i);
  const [rows, cols] = [blockRows(grid, rowBlock, head), blockCols(grid, colBlock, head)];
  const [block, size, held] = view.columns ? [colBlock, grid.cols, cols] : [rowBlock, grid.rows, rows];
  const first = Math.max(0, view.fresh - block * size);
  const tokens = Math.max(0, held - first);
  const values = view.columns ? rows : cols;
  if (tokens === 0 || values <= 0) return { weights: 0, part: { rows: 0, cols: 0 } };
  // Reference cells are written with the first token of an array, and with every row that crosses their column.
  const references = first === 0 || !view.columns ? grid.references : 0;
  const own = grid.columnsPerWeight;
  const part = view.columns
    ? view.asLine
      ? { rows: tokens * own + references, cols: values }
      : { rows: values, cols: tokens * own + references }
    : { rows: tokens, cols: values * own + references };
  return { weights: tokens * values, part };
}
