/** Functions of two operands, of which the second may be smaller: one row for all rows, or one value for each row and segment. */
import { zeros } from './matrix.ts';
import type { Arithmetic, Backward, FunctionShape, Learned } from './vector-function.ts';

/** f(a, b), value by value; b is the second operand, or what the op has learned in its place: segments share a learned row. */
export function withSecond(
  op: FunctionShape,
  learned: Learned,
  f: (a: number, b: number) => number,
): Arithmetic {
  const { rowLength, batch, second } = op;
  const own = op.parameters > 0 ? learned.rows(op.id) : undefined;
  const columns = rowLength * batch;
  return ([a, other]) => {
    const b = own ?? other.data;
    const y = zeros(a.rows, a.columns);
    if (second === undefined) for (let i = 0; i < y.data.length; i++) y.data[i] = f(a.data[i], b[i]);
    else
      for (let row = 0, at = 0; row < a.rows; row++)
        for (let j = 0; j < columns; j++, at++)
          y.data[at] = f(
            a.data[at],
            b[second === 'row' ? j % b.length : row * batch + Math.floor(j / rowLength)],
          );
    return y;
  };
}

/** The derivative of `withSecond`: those of f by a and by b, at each value. */
export function secondBackward(
  { rowLength, batch, second }: FunctionShape,
  byFirst: (a: number, b: number) => number,
  bySecond: (a: number, b: number) => number,
): ReturnType<Backward['backward']> {
  const columns = rowLength * batch;
  const place = (at: number, size: number): number => {
    if (second === undefined) return at;
    const j = at % columns;
    return second === 'row' ? j % size : ((at - j) / columns) * batch + Math.floor(j / rowLength);
  };
  return ({ operands: [a, b], by }, [da, db]) => {
    for (let at = 0; at < by.data.length; at++) {
      const other = place(at, b.data.length);
      const share = by.data[at];
      if (da !== undefined) da[at] += share * byFirst(a.data[at], b.data[other]);
      if (db !== undefined) db[other] += share * bySecond(a.data[at], b.data[other]);
    }
  };
}
