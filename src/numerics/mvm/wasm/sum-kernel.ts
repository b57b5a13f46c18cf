/** Emits the conversions of one array and 16 columns: table look-ups, noise, ADC, shift-and-add, for all tokens and planes; a plane of several bits adds the look-ups of each before it is converted. */
import { FunctionBuilder } from '../../../wasm/function-builder.ts';
import { convertKernel } from './convert-kernel.ts';
import { emitHash } from './noise-kernel.ts';
import { groupBytes, hasLevels, type KernelShape, recordBytes, shortWindows, squaresAt } from './shape.ts';
import { all, FIRST, SECOND, type SumLocals } from './sum-locals.ts';

/**
 * sums(table, records, out, outStride, tokens, offsets, counter, keys, noiseTable, scratch, keep): adds the slice sums of
 * 16 columns to `out`, or writes them there if `keep` is 0 rather than -1. `records` are those of plane 0 of the first token, `counter` numbers its strip; `noiseTable` points
 * to the entry that belongs to the first of the 16 columns. `draw` is the index of the function that draws for strip 1.
 */
export function sumKernel(shape: KernelShape, draw: number): FunctionBuilder {
  const f = new FunctionBuilder(Array.from({ length: 11 }, () => 'i32' as const));
  const [table, records, out, outStride, tokens, offsets, counter, keys, noiseTable, scratch, keep] =
    f.params.keys();
  const { bits, strip, strips, noise } = shape;
  const planes = shape.planes.length;
  const levels = hasLevels(shape);
  const [plane, record, cursor, groupLoop, tableCursor] = f.locals('i32', 5);
  const [width, bit] = f.locals('i32', levels ? 2 : 0);
  const [address, second] = f.locals('i32', 2);
  const halves = [0, 1].map(() => ({ left: f.local('v128'), right: f.local('v128'), t: f.local('v128') }));
  const key = f.local('v128');
  const locals: SumLocals = {
    table,
    counter,
    keys,
    noiseTable,
    scratch,
    offsets,
    plane,
    record,
    width,
    address,
    second,
    acc: f.locals('v128', 2),
    v: f.locals('v128', 4),
    sum: f.locals('v128', shape.shortCodes ? 2 : 4),
    squares: f.locals('v128', 2),
    z: f.locals('v128', 4),
    negate: f.local('v128'),
    t: f.local('v128'),
  };
  const { acc, v, squares } = locals;
  const step = recordBytes(shape);
  const convert = convertKernel(f, shape, locals, draw);
  const chunked = shape.chunk > 0 && !shape.whole;

  /** Adds one entry of each table: 16 columns. */
  const lookUp = (group: number): void => {
    f.get(tableCursor, cursor)
      .at('i32_load16_u', 2 * group)
      .op('i32_add')
      .set(address);
    const base = group * groupBytes(shape);
    const startsChunk = chunked && group % shape.chunk === 0;
    const sums = shape.chunk === 0 ? v : acc;
    sums.forEach((sum, i) => {
      if (startsChunk) f.get(address).at('v128_load', base + 16 * i);
      else
        f.get(sum, address)
          .at('v128_load', base + 16 * i)
          .op(shape.chunk === 0 ? 'add' : shape.whole ? 'add16_sat' : 'add16');
      f.set(sum);
    });
    if (noise !== 'cells') return;
    squares.forEach((sum, i) => {
      f.get(sum, address)
        .at('v128_load', base + squaresAt(shape) + 16 * i)
        .op('add16')
        .set(sum);
    });
  };

  const unrolled = (): void => {
    // No address is zero. The branches keep V8 from loading all entries first and spilling them before it adds.
    f.block(() => {
      for (let group = 0; group < shape.unroll; group++) {
        lookUp(group);
        const ends = (group + 1) % shape.chunk === 0 || group === shape.unroll - 1;
        if (chunked && ends) convert.widenChunk();
        f.leaveIfZero(address);
      }
    });
  };

  const lookUpAll = (): void => {
    f.get(table).set(tableCursor).get(record).set(cursor);
    if (shape.groups === shape.unroll) {
      unrolled();
      return;
    }
    f.i32(shape.groups / shape.unroll).set(groupLoop);
    f.countDown(groupLoop, () => {
      unrolled();
      f.advance(cursor, 2 * shape.unroll);
      f.advance(tableCursor, shape.unroll * groupBytes(shape));
    });
  };

  /** Sums of a plane of several bits, from its highest bit down; leaves `record` below that of its lowest. */
  const sumLevels = (): void => {
    f.i32(packedWidths(shape.planes)).get(plane).i32(1).op('i32_sub').i32(2).op('i32_shl', 'i32_shr_u');
    f.i32(15).op('i32_and').set(width);
    for (const local of v) f.lanes(...all(0)).set(local);
    f.get(width).set(bit);
    f.countDown(bit, () => {
      for (const local of v) f.get(local).i32(1).op('shl').set(local);
      lookUpAll();
      f.get(record).i32(step).op('i32_sub').set(record);
    });
  };

  /** One hash per plane of a token, four planes side by side; what falls behind the last plane is not used. */
  const hashStrips = (): void => {
    const fours = halves.slice(0, Math.ceil(planes / 4));
    for (const [i, { left }] of fours.entries()) {
      f.get(counter)
        .op('i32_splat')
        .lanes(4 * i * strips, (4 * i + 1) * strips, (4 * i + 2) * strips, (4 * i + 3) * strips)
        .op('add')
        .set(left);
    }
    emitHash(f, fours, keys, key);
    for (const [i, { left, right }] of fours.entries()) {
      for (const [half, offset] of [
        [left, FIRST],
        [right, SECOND],
      ]) {
        f.get(scratch, half)
          .i32(shortWindows(shape) ? 1 : 2)
          .op('shl')
          .get(noiseTable)
          .op('i32_splat', 'add');
        f.at('v128_store', offset + 16 * i);
      }
    }
  };

  f.countDown(tokens, () => {
    convert.clear();
    if (noise !== 'none' && strip !== 1) hashStrips();
    f.get(records)
      .i32((bits - 1) * step)
      .op('i32_add')
      .set(record);
    f.i32(planes).set(plane);
    // From the highest plane down: the sum doubles before each plane is added.
    f.countDown(plane, () => {
      if (levels) {
        sumLevels();
        convert.finish();
        return;
      }
      convert.start();
      lookUpAll();
      convert.finish();
      f.get(record).i32(step).op('i32_sub').set(record);
    });
    convert.store(out, keep);
    f.get(out, outStride).op('i32_add').set(out);
    f.advance(records, bits * step);
    f.advance(counter, planes * strips);
  });
  return f;
}

/** Bits of up to eight planes, four bits each. */
const packedWidths = (planes: readonly number[]): number =>
  planes.reduce((packed, bits, plane) => packed | (bits << (4 * plane)), 0);
