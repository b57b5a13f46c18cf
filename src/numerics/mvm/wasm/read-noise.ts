/** Emits the read noise of the 16 column sums of one plane: z from windows of the noise table, times a deviation where it depends on the cells. */

import type { FunctionBuilder } from '../../../wasm/function-builder.ts';
import { SQUARE_SHIFT } from '../../noise/column-noise.ts';
import { hasLevels, type KernelShape, mantissaAt, recordBytes, shortWindows } from './shape.ts';
import { all, FIRST, SECOND, SHORTS, type SumLocals, VECTORS } from './sum-locals.ts';

/** 2^23 as a float32. */
const MAGIC = 0x4b000000;

/** Each emits its part. */
export interface ReadNoise {
  /** Noise that needs no factor starts the sum, in 16 bits. */
  readonly folded: boolean;
  /** From 16-bit lanes to 32; `plus`: adds to what is there. */
  widen(from: readonly number[], to: readonly number[], plus: boolean): void;
  load(from: number, i: number, to: number): void;
  addFrom(from: number, i: number, to: number, op: 'add' | 'add16'): void;
  /** Leaves the addresses of the plane's two windows in `address` and `second`. */
  windowAddresses(): void;
  /** Adds the noise that is not folded. */
  add(): void;
}

export function readNoise(
  f: FunctionBuilder,
  shape: KernelShape,
  locals: SumLocals,
  draw: number,
): ReadNoise {
  const { noise, strip, strips, short } = shape;
  const { acc, v, z, squares, t, plane, scratch, address, second, record } = locals;
  const [root, near] = f.locals('v128', 2);
  const levels = hasLevels(shape);
  const folded = noise === 'constant' && shortWindows(shape) && !levels;
  // Behind a plane of several bits the record has moved on.
  const factorAt = mantissaAt(shape) + (levels ? recordBytes(shape) : 0);

  const widen = (from: readonly number[], to: readonly number[], plus: boolean): void => {
    for (const i of VECTORS) {
      if (plus) f.get(to[i]);
      f.get(from[i >> 1]).op(i % 2 === 0 ? 'low_s16' : 'high_s16');
      if (plus) f.op('add');
      f.set(to[i]);
    }
  };

  /** The two windows of the plane's strip. */
  const windowAddresses = (): void => {
    for (const [offset, local] of [
      [FIRST, address],
      [SECOND, second],
    ])
      f.get(plane)
        .i32(2)
        .op('i32_shl')
        .get(scratch)
        .op('i32_add')
        .at('i32_load', offset - 4)
        .set(local);
  };

  const load = (from: number, i: number, to: number): void => {
    f.get(from)
      .at('v128_load', 16 * i)
      .set(to);
  };

  const addFrom = (from: number, i: number, to: number, op: 'add' | 'add16'): void => {
    f.get(to, from)
      .at('v128_load', 16 * i)
      .op(op)
      .set(to);
  };

  /** Leaves z of the 16 columns in `z`. */
  const drawNoise = (): void => {
    if (strip === 1) {
      f.get(locals.counter, plane).i32(1).op('i32_sub').i32(strips).op('i32_mul', 'i32_add');
      f.get(locals.keys, locals.noiseTable).call(draw);
      for (const i of z.toReversed()) f.set(i);
      return;
    }
    windowAddresses();
    if (shortWindows(shape)) {
      for (const i of SHORTS) {
        load(address, i, acc[i]);
        addFrom(second, i, acc[i], 'add16');
      }
      widen(acc, z, false);
      return;
    }
    for (const i of VECTORS) {
      load(address, i, z[i]);
      addFrom(second, i, z[i], 'add');
    }
  };

  /** floor(sqrt(2^8 n)) of four 16-bit sums of squares. Leaves it on the stack. */
  const deviation = (i: number): void => {
    f.get(squares[i >> 1])
      .op(i % 2 === 0 ? 'low_u16' : 'high_u16')
      .i32(SQUARE_SHIFT)
      .op('shl');
    // Exact: below 2^24, float32's root of an integer rounds up to no integer that it does not reach.
    f.op('f32_from_i32', 'f32_sqrt').set(root);
    // Adding 2^23 leaves the nearest integer in the lower bits; where it is above the root, one less is the floor.
    f.get(root)
      .lanes(...all(MAGIC))
      .op('f32_add')
      .set(near);
    f.get(near)
      .lanes(...all(MAGIC))
      .op('sub');
    f.get(near)
      .lanes(...all(MAGIC))
      .op('f32_sub')
      .get(root)
      .op('f32_more', 'add');
  };

  /** Noise of eight columns in 16 bits, z in `from`. Leaves it on the stack. */
  const shortScaled = (i: number, from: number): void => {
    // Shifted so that the product is the sum of both shifts above 2^15; neither factor leaves 16 bits.
    const up = 15 - shape.noiseShift;
    const upFactor = Math.min(3, up);
    if (noise === 'active') f.get(t);
    else {
      deviation(2 * i);
      deviation(2 * i + 1);
      f.op('narrow_s');
    }
    f.i32(upFactor)
      .op('shl16')
      .get(from)
      .i32(up - upFactor)
      .op('shl16', 'mul15');
  };

  /** Noise with a factor, in 16 bits. */
  const addShortNoise = (): void => {
    windowAddresses();
    if (noise === 'active') f.get(record).at('v128_load16_splat', factorAt).set(t);
    for (const i of SHORTS) {
      load(address, i, z[i]);
      addFrom(second, i, z[i], 'add16');
      shortScaled(i, z[i]);
      f.set(z[i]);
      if (short) f.get(acc[i], z[i]).op('add16').set(acc[i]);
    }
    if (!short) widen(z, v, true);
  };

  const add = (): void => {
    if (noise === 'none' || folded) return;
    if (shape.shortNoise) {
      addShortNoise();
      return;
    }
    drawNoise();
    const half = shape.noiseShift > 0 ? 2 ** (shape.noiseShift - 1) : 0;
    const mantissa = t;
    if (noise === 'active') f.get(record).at('v128_load32_splat', factorAt).set(mantissa);
    for (const i of VECTORS) {
      f.get(v[i], z[i]);
      if (noise === 'active') f.get(mantissa);
      if (noise === 'cells') deviation(i);
      if (noise !== 'constant')
        f.op('dot')
          .lanes(...all(half))
          .op('add')
          .i32(shape.noiseShift)
          .op('shr_s');
      f.op('add').set(v[i]);
    }
  };

  return { folded, widen, load, addFrom, windowAddresses, add };
}
