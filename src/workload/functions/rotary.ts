/** Rotary positions (Su et al., arXiv 2104.09864): each pair of values of a head is turned by an angle that grows with the token's position. The first half is paired with the second, as in the published weights of Llama and Qwen. */
import { type Matrix, zeros } from '../matrix.ts';
import { type Angles, anglesOf } from '../rotary.ts';
import type { FunctionShape, VectorFunction } from '../vector-function.ts';

/** Adds every segment of `x`, turned by its row's angles (backwards where `sign` is -1), to `into`. */
function turn(
  { rowLength: length, batch }: FunctionShape,
  { cos, sin }: Angles,
  x: Matrix,
  sign: 1 | -1,
  into: Float32Array,
): void {
  const half = length / 2;
  for (let row = 0, at = 0; row < x.rows; row++)
    for (let segment = 0; segment < batch; segment++, at += length)
      for (let j = 0; j < half; j++) {
        const [c, s] = [cos[row * half + j], sign * sin[row * half + j]];
        const [a, b] = [x.data[at + j], x.data[at + half + j]];
        into[at + j] += a * c - b * s;
        into[at + half + j] += b * c + a * s;
      }
}

function angles({ id, rows, rowLength, rotary }: FunctionShape): Angles {
  if (rotary === undefined) throw new Error(`${id}: a rotary without its angles`);
  return anglesOf(rotary, rows, rowLength / 2);
}

export const vectorFunction = {
  name: 'rotary',
  reduction: 'none',
  gives: 'rows',
  learns: 'nothing',
  options: ['rotary'],
  cost: {
    unit: 'vector',
    entry: 'layernorm',
    omitted: true,
    why: 'two products and a sum an element: two passes, as a LayerNorm (assumed; sines and cosines are looked up)',
  },
  arithmetic: op => {
    const own = angles(op);
    return ([x]) => {
      const y = zeros(x.rows, x.columns);
      turn(op, own, x, 1, y.data);
      return y;
    };
  },
  gradient: {
    // A turn is orthogonal: its derivative turns back.
    backward: op => {
      const own = angles(op);
      return ({ by }, [into]) => {
        if (into !== undefined) turn(op, own, by, -1, into);
      };
    },
  },
} as const satisfies VectorFunction;
