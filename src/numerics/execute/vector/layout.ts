/** Values in another order: an index of every value that comes out is made once, and a run gathers. */
import type { ConvWindow } from '../../../workload/conv-window.ts';
import { type Matrix, zeros } from '../../../workload/matrix.ts';
import type { LayoutOp } from '../../../workload/op.ts';
import { areaOf } from '../../../workload/size.ts';

/** In an order: no value, zero. */
export const NOTHING = 2 ** 32 - 1;

/** Where each value of the output stands among the joined operands, both row-major; NOTHING beyond the edges of an image. */
export function orderOf(op: LayoutOp): Uint32Array {
  const order = withoutWindows(op);
  if (op.window === undefined) return order;
  const cut = windowOrder(op.window);
  return order.map(at => cut[at]);
}

/** Where each value of im2col's rows stands in the image. */
function windowOrder(window: ConvWindow): Uint32Array {
  const { input, inChannels, output, kernel, stride, padding } = window;
  const order = new Uint32Array(areaOf(output) * inChannels * areaOf(kernel)).fill(NOTHING);
  for (let row = 0, at = 0; row < areaOf(output); row++)
    for (let c = 0; c < inChannels; c++)
      for (let tap = 0; tap < areaOf(kernel); tap++, at++) {
        const [down, across] = [Math.floor(tap / kernel.width), tap % kernel.width];
        const y = Math.floor(row / output.width) * stride.height - padding.height + down;
        const x = (row % output.width) * stride.width - padding.width + across;
        if (y >= 0 && x >= 0 && y < input.height && x < input.width)
          order[at] = (y * input.width + x) * inChannels + c;
      }
  return order;
}

function withoutWindows({ dims, shifts, take, axes, rows, columns }: LayoutOp): Uint32Array {
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
  for (let i = 0; i < order.length; i++) if (order[i] !== NOTHING) y.data[i] = data[order[i]];
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
