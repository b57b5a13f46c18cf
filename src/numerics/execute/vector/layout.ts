/** Values in another order: an index of every value that comes out is made once, and a run gathers. */
import { type Matrix, zeros } from '../../../workload/matrix.ts';
import type { LayoutOp } from '../../../workload/op.ts';

/** Where each value of the output stands among the joined operands, both row-major. */
export function orderOf({ dims, shifts, take, axes, rows, columns }: LayoutOp): Uint32Array {
  const strides = dims.map((_, d) => dims.slice(d + 1).reduce((all, dim) => all * dim, 1));
  // What each step along an axis adds, from the slowest axis on.
  const places = axes.map(d => {
    const taken = take?.dim === d ? take : { start: 0, size: dims[d] };
    const first = taken.start + (shifts?.[d] ?? 0);
    return Array.from({ length: taken.size }, (_, i) => modulo(first + i, dims[d]) * strides[d]);
  });
  let order = Uint32Array.of(0);
  for (const steps of places) {
    const next = new Uint32Array(order.length * steps.length);
    for (let i = 0, at = 0; i < order.length; i++)
      for (let j = 0; j < steps.length; j++, at++) next[at] = order[i] + steps[j];
    order = next;
  }
  if (order.length !== rows * columns) throw new Error(`${order.length} values for ${rows} x ${columns}`);
  return order;
}

const modulo = (value: number, size: number): number => ((value % size) + size) % size;

/** The operands of a layout in the order of `orderOf`. */
export function reordered(
  { join, rows, columns }: LayoutOp,
  order: Uint32Array,
  operands: readonly Matrix[],
): Matrix {
  const { data } = operands.length === 1 ? operands[0] : joined(operands, join);
  const y = zeros(rows, columns);
  for (let i = 0; i < order.length; i++) y.data[i] = data[order[i]];
  return y;
}

function joined(operands: readonly Matrix[], join: LayoutOp['join']): Matrix {
  const sum = (of: (operand: Matrix) => number): number => operands.reduce((all, one) => all + of(one), 0);
  const [first] = operands;
  if (join === 'rows') {
    const y = zeros(
      sum(({ rows }) => rows),
      first.columns,
    );
    let at = 0;
    for (const { data } of operands) {
      y.data.set(data, at);
      at += data.length;
    }
    return y;
  }
  const y = zeros(
    first.rows,
    sum(({ columns }) => columns),
  );
  let left = 0;
  for (const { rows, columns, data } of operands) {
    for (let i = 0; i < rows; i++)
      y.data.set(data.subarray(i * columns, (i + 1) * columns), i * y.columns + left);
    left += columns;
  }
  return y;
}
