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
  Math.min(grid.rows, (head < grid.heads - 1 ? grid.in : grid.lastIn) - r * grid.rows);

/** Columns of weights in column block `c` of a head. */
export const blockCols = (grid: CrossbarGrid, c: number, head = 0): number =>
  Math.min(grid.cols, (head < grid.heads - 1 ? grid.out : grid.lastOut) - c * grid.cols);

/** What of crossbar `i` holds the matrix, reference columns included. */
export function fillOf(grid: CrossbarGrid, i: number): Fill {
  const rowBlock = Math.floor(i / grid.slices) % grid.rowBlocks;
  const column = Math.floor(i / (grid.slices * grid.rowBlocks));
  const head = Math.floor(column / grid.colBlocks);
  return {
    rows: blockRows(grid, rowBlock, head),
    cols: blockCols(grid, column % grid.colBlocks, head) * grid.columnsPerWeight + grid.references,
  };
}
