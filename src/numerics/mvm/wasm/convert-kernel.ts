/** Emits what happens to the column sums of one plane: where they start, noise, INL, ADC, shift-and-add. In 16-bit lanes as far as they fit. */
import { SQUARE_SHIFT } from '../../noise/column-noise.ts';
import type { FunctionBuilder } from './assembler.ts';
import { type KernelShape, mantissaAt, shortWindows } from './shape.ts';
import { FIRST, SECOND, SHORTS, type SumLocals, VECTORS } from './sum-locals.ts';

/** 2^23 as a float32. */
const MAGIC = 0x4b000000;

type Lanes = [number, number, number, number];
const all = (value: number): Lanes => [value, value, value, value];
/** The same in eight lanes. */
const all16 = (value: number): Lanes => all((value & 0xffff) * 0x10001);

/** Each emits its part into the body of the kernel. */
export interface ConvertKernel {
  /** Before the planes of a token. */
  clear(): void;
  /** Before the look-ups of a plane: offset, and noise that fits beside it. */
  start(): void;
  /** Adds the sum of a chunk to the sums in 32 bits. */
  widenChunk(): void;
  /** After the look-ups. */
  finish(): void;
  /** After the planes of a token. */
  store(out: number, keep: number): void;
}

export function convertKernel(
  f: FunctionBuilder,
  shape: KernelShape,
  locals: SumLocals,
  draw: number,
): ConvertKernel {
  const { signed, noise, strip, strips, whole, short, shortCodes } = shape;
  const { acc, v, sum, z, squares, negate, t, plane, scratch, address, second, record } = locals;
  const [root, near] = f.locals('v128', 2);
  const windows = noise !== 'none' && strip !== 1;
  /** Noise that needs no factor starts the sum. */
  const folded = windows && noise === 'constant' && shortWindows(shape);

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

  const start = (): void => {
    if (whole) for (const i of SHORTS) load(locals.offsets, i, acc[i]);
    else for (const i of VECTORS) load(locals.offsets, i, v[i]);
    if (folded) {
      windowAddresses();
      for (const i of SHORTS) {
        if (whole) addFrom(address, i, acc[i], 'add16');
        else load(address, i, acc[i]);
        addFrom(second, i, acc[i], 'add16');
      }
      if (!whole) widen(acc, v, true);
    }
    if (noise === 'cells') for (const local of squares) f.lanes(...all16(shape.noiseFloor)).set(local);
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

  /** Noise of eight columns in 16 bits: the factor is in `t` of them, z in `acc`-like pairs. */
  const shortScaled = (i: number, noiseOf: number): void => {
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
      .get(noiseOf)
      .i32(up - upFactor)
      .op('shl16', 'mul15');
  };

  /** Noise with a factor, in 16 bits. */
  const addShortNoise = (): void => {
    windowAddresses();
    if (noise === 'active') f.get(record).at('v128_load16_splat', mantissaAt(shape)).set(t);
    for (const i of SHORTS) {
      load(address, i, z[i]);
      addFrom(second, i, z[i], 'add16');
      shortScaled(i, z[i]);
      f.set(z[i]);
      if (short) f.get(acc[i], z[i]).op('add16').set(acc[i]);
    }
    if (!short) widen(z, v, true);
  };

  const addNoise = (): void => {
    if (noise === 'none' || folded) return;
    if (shape.shortNoise) {
      addShortNoise();
      return;
    }
    drawNoise();
    const half = shape.noiseShift > 0 ? 2 ** (shape.noiseShift - 1) : 0;
    const mantissa = t;
    if (noise === 'active') f.get(record).at('v128_load32_splat', mantissaAt(shape)).set(mantissa);
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

  /** The code in 16 bits: a sum that was cut off at either end of 16 bits is beyond the codes at that end. */
  const shortCode = (i: number): void => {
    if (short) {
      f.get(acc[i])
        .i32(shape.fracBits)
        .op('shr16_s')
        .lanes(...all(0))
        .op('max16_s');
    } else {
      for (const part of [2 * i, 2 * i + 1]) f.get(v[part]).i32(shape.fracBits).op('shr_s');
      f.op('narrow_u');
    }
    f.lanes(...all16(shape.maxCode)).op('min16_u');
    if (signed) f.get(negate).op('xor').get(negate).op('sub16');
  };

  const longCode = (i: number): void => {
    f.get(v[i])
      .i32(shape.fracBits)
      .op('shr_s')
      .lanes(...all(0))
      .op('max_s');
    f.lanes(...all(shape.maxCode)).op('min_s');
    if (signed) f.get(negate).op('xor').get(negate).op('sub');
  };

  const finish = (): void => {
    if (whole && !short) widen(acc, v, false);
    addNoise();
    if (shape.inl !== undefined) for (const local of v) emitInl(f, local, t, shape.inl);
    for (const i of sum.keys()) {
      f.get(sum[i])
        .i32(1)
        .op(shortCodes ? 'shl16' : 'shl');
      if (shortCodes) shortCode(i);
      else longCode(i);
      f.op(shortCodes ? 'add16' : 'add').set(sum[i]);
    }
    if (signed) f.lanes(...all(0)).set(negate);
  };

  const store = (out: number, keep: number): void => {
    const halves = signed ? (['low_s16', 'high_s16'] as const) : (['low_u16', 'high_u16'] as const);
    for (const i of VECTORS) {
      f.get(out, out)
        .at('v128_load', 16 * i)
        .get(keep)
        .op('i32_splat', 'and');
      if (shortCodes) f.get(sum[i >> 1]).op(halves[i % 2]);
      else f.get(sum[i]);
      f.op('add').at('v128_store', 16 * i);
    }
  };

  return {
    clear() {
      for (const local of sum) f.lanes(...all(0)).set(local);
      if (signed) f.lanes(...all(-1)).set(negate);
    },
    start,
    widenChunk: () => widen(acc, v, true),
    finish,
    store,
  };
}

/** v += floor(u (255 - u) factor / 2^shift), u = clamp(floor(v / 2^coarse), 0, 255). */
function emitInl(f: FunctionBuilder, v: number, u: number, inl: NonNullable<KernelShape['inl']>): void {
  f.get(v)
    .i32(inl.coarse)
    .op('shr_s')
    .lanes(...all(0))
    .op('max_s')
    .lanes(...all(255))
    .op('min_s')
    .set(u);
  f.get(u)
    .lanes(...all(255))
    .get(u)
    .op('sub', 'dot')
    .lanes(...all(inl.factor))
    .op('dot')
    .i32(inl.shift)
    .op('shr_s');
  f.get(v).op('add').set(v);
}
