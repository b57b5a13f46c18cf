/** Emits what happens to the column sums of one plane: where they start, noise, INL, ADC, shift-and-add. In 16-bit lanes as far as they fit. */
import type { FunctionBuilder } from '../../../wasm/function-builder.ts';
import { readNoise } from './read-noise.ts';
import { hasLevels, type KernelShape } from './shape.ts';
import { all, all16, SHORTS, type SumLocals, VECTORS } from './sum-locals.ts';

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
  const { signed, whole, short, shortCodes } = shape;
  const { acc, v, sum, squares, negate, t, address, second } = locals;
  const levels = hasLevels(shape);
  const read = readNoise(f, shape, locals, draw);

  const start = (): void => {
    if (whole) for (const i of SHORTS) read.load(locals.offsets, i, acc[i]);
    else for (const i of VECTORS) read.load(locals.offsets, i, v[i]);
    if (read.folded) {
      read.windowAddresses();
      for (const i of SHORTS) {
        if (whole) read.addFrom(address, i, acc[i], 'add16');
        else read.load(address, i, acc[i]);
        read.addFrom(second, i, acc[i], 'add16');
      }
      if (!whole) read.widen(acc, v, true);
    }
    if (shape.noise === 'cells') for (const local of squares) f.lanes(...all16(shape.noiseFloor)).set(local);
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
    if (whole && !short) read.widen(acc, v, false);
    // Levels are summed from nothing: their bits are doubled on the way.
    if (levels) for (const i of VECTORS) read.addFrom(locals.offsets, i, v[i], 'add');
    read.add();
    if (shape.inl !== undefined) for (const local of v) emitInl(f, local, t, shape.inl);
    for (const i of sum.keys()) {
      f.get(sum[i]);
      if (levels) f.get(locals.width);
      else f.i32(1);
      f.op(shortCodes ? 'shl16' : 'shl');
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
    widenChunk: () => read.widen(acc, v, true),
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
