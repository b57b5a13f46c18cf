/** Emits the conversions of one array and 16 columns: table look-ups, noise, ADC, shift-and-add, for all tokens and planes. */
import { SQUARE_SHIFT } from '../../noise/column-noise.ts';
import { FunctionBuilder } from './assembler.ts';
import { emitHash } from './noise-kernel.ts';
import { groupBytes, type KernelShape, mantissaAt, recordBytes, tableBytes } from './shape.ts';

const VECTORS = [0, 1, 2, 3];
/** In the scratch memory: addresses into the noise table, first and second ones of up to eight planes. */
const FIRST = 16;
const SECOND = 64;
const GROUPS_PER_BRANCH = 1;

/**
 * sums(table, records, out, outStride, tokens, offsets, counter, keys, noiseTable, scratch): adds the slice sums of 16
 * columns to `out`. `records` are those of plane 0 of the first token, `counter` numbers its strip; `noiseTable` points
 * to the entry that belongs to the first of the 16 columns. `draw` is the index of the function that draws for strip 1.
 */
export function sumKernel(shape: KernelShape, draw: number): FunctionBuilder {
  const f = new FunctionBuilder(Array.from({ length: 10 }, () => 'i32' as const));
  const [table, records, out, outStride, tokens, offsets, counter, keys, noiseTable, scratch] =
    f.params.keys();
  const { planes, signed, strip, strips, noise } = shape;
  const [plane, record, address, cursor, groupLoop, tableCursor] = f.locals('i32', 6);
  const [squareAddress, squareTable] = f.locals('i32', 2);
  const [left, right, t, negate, mantissa] = f.locals('v128', 5);
  const sum = f.locals('v128', 4);
  const v = f.locals('v128', 4);
  const squares = f.locals('v128', 2);
  const z = f.locals('v128', 4);
  const step = recordBytes(shape);

  const lookUp = (group: number): void => {
    f.get(tableCursor, cursor)
      .at('i32_load16_u', 2 * group)
      .op('i32_add')
      .set(address);
    const base = group * groupBytes(shape);
    for (const i of VECTORS)
      f.get(v[i], address)
        .at('v128_load', base + 16 * i)
        .op('add')
        .set(v[i]);
    if (noise !== 'cells') return;
    // Half as wide: squares are 16-bit.
    f.get(squareTable, cursor)
      .at('i32_load16_u', 2 * group)
      .i32(1)
      .op('i32_shr_u', 'i32_add')
      .set(squareAddress);
    squares.forEach((local, i) => {
      f.get(local, squareAddress)
        .at('v128_load', base / 2 + 16 * i)
        .op('add16')
        .set(local);
    });
  };

  const lookUpAll = (): void => {
    f.get(table).set(tableCursor).get(record).set(cursor);
    if (noise === 'cells') f.get(table).i32(tableBytes(shape)).op('i32_add').set(squareTable);
    // No address is zero. The branches keep V8 from loading all entries first and spilling them before it adds.
    const unrolled = (): void => {
      f.block(() => {
        for (let group = 0; group < shape.unroll; group++) {
          lookUp(group);
          if (group % GROUPS_PER_BRANCH === GROUPS_PER_BRANCH - 1) f.leaveIfZero(address);
        }
      });
    };
    if (shape.groups === shape.unroll) {
      unrolled();
      return;
    }
    f.i32(shape.groups / shape.unroll).set(groupLoop);
    f.countDown(groupLoop, () => {
      unrolled();
      f.get(cursor)
        .i32(2 * shape.unroll)
        .op('i32_add')
        .set(cursor);
      f.get(tableCursor)
        .i32(shape.unroll * groupBytes(shape))
        .op('i32_add')
        .set(tableCursor);
      if (noise !== 'cells') return;
      f.get(squareTable)
        .i32((shape.unroll * groupBytes(shape)) / 2)
        .op('i32_add')
        .set(squareTable);
    });
  };

  /** One hash per plane of a token, four planes at a time; what falls behind the last plane is not used. */
  const hashStrips = (): void => {
    for (let first = 0; first < planes; first += 4) {
      f.get(counter)
        .op('i32_splat')
        .lanes(...VECTORS.map(i => (first + i) * strips))
        .op('add')
        .set(left);
      emitHash(f, left, right, t, keys);
      for (const [half, offset] of [
        [left, FIRST],
        [right, SECOND],
      ]) {
        f.get(scratch, half).i32(2).op('shl').get(noiseTable).op('i32_splat', 'add');
        f.at('v128_store', offset + 4 * first);
      }
    }
  };

  /** Leaves z, or the noise itself, of the 16 columns in `z`; `scratchAt` is the address of the plane's strip. */
  const drawNoise = (): void => {
    if (strip === 1) {
      for (const i of VECTORS) {
        f.get(counter, plane).i32(1).op('i32_sub').i32(strips).op('i32_mul', 'i32_add', 'i32_splat');
        f.lanes(...VECTORS.map(lane => 4 * i + lane)).op('add');
        f.get(keys, noiseTable).call(draw).set(z[i]);
      }
      return;
    }
    const index = (offset: number): FunctionBuilder =>
      f
        .get(plane)
        .i32(2)
        .op('i32_shl')
        .get(scratch)
        .op('i32_add')
        .at('i32_load', offset - 4);
    index(FIRST).set(address);
    index(SECOND).set(cursor);
    for (const i of VECTORS) {
      f.get(address)
        .at('v128_load', 16 * i)
        .get(cursor)
        .at('v128_load', 16 * i)
        .op('add')
        .set(z[i]);
    }
  };

  const addNoise = (): void => {
    if (noise === 'none') return;
    drawNoise();
    const half = shape.noiseShift > 0 ? 2 ** (shape.noiseShift - 1) : 0;
    if (noise === 'active') f.get(record).at('v128_load32_splat', mantissaAt(shape)).set(mantissa);
    for (const i of VECTORS) {
      f.get(v[i], z[i]);
      if (noise === 'active') f.get(mantissa);
      if (noise === 'cells') {
        f.get(squares[i >> 1])
          .op(i % 2 === 0 ? 'low_u16' : 'high_u16')
          .i32(SQUARE_SHIFT)
          .op('shl');
        // Exact: below 2^24, float32's root of an integer rounds up to no integer that it does not reach.
        f.op('f32_from_i32', 'f32_sqrt', 'i32_from_f32');
      }
      if (noise !== 'constant')
        f.op('dot').lanes(half, half, half, half).op('add').i32(shape.noiseShift).op('shr_s');
      f.op('add').set(v[i]);
    }
  };

  const convert = (): void => {
    for (const i of VECTORS) {
      if (shape.inl !== undefined) emitInl(f, v[i], t, shape.inl);
      f.get(v[i]).i32(shape.fracBits).op('shr_s').lanes(0, 0, 0, 0).op('max_s');
      f.lanes(...VECTORS.map(() => shape.maxCode)).op('min_s');
      if (signed) f.get(negate).op('xor').get(negate).op('sub');
      f.get(sum[i]).i32(1).op('shl', 'add').set(sum[i]);
    }
  };

  f.countDown(tokens, () => {
    for (const i of VECTORS) f.lanes(0, 0, 0, 0).set(sum[i]);
    if (signed) f.lanes(-1, -1, -1, -1).set(negate);
    if (noise !== 'none' && strip !== 1) hashStrips();
    f.get(records)
      .i32((planes - 1) * step)
      .op('i32_add')
      .set(record);
    f.i32(planes).set(plane);
    // From the highest plane down: the sum doubles before each plane is added.
    f.countDown(plane, () => {
      for (const i of VECTORS)
        f.get(offsets)
          .at('v128_load', 16 * i)
          .set(v[i]);
      if (noise === 'cells') {
        for (const local of squares) f.lanes(...VECTORS.map(() => shape.noiseFloor * 0x10001)).set(local);
      }
      lookUpAll();
      addNoise();
      convert();
      if (signed) f.lanes(0, 0, 0, 0).set(negate);
      f.get(record).i32(step).op('i32_sub').set(record);
    });
    for (const i of VECTORS) {
      f.get(out, out)
        .at('v128_load', 16 * i)
        .get(sum[i])
        .op('add')
        .at('v128_store', 16 * i);
    }
    f.get(out, outStride).op('i32_add').set(out);
    f.get(records)
      .i32(planes * step)
      .op('i32_add')
      .set(records);
    f.get(counter)
      .i32(planes * strips)
      .op('i32_add')
      .set(counter);
  });
  return f;
}

/** v += floor(u (255 - u) factor / 2^shift), u = clamp(floor(v / 2^coarse), 0, 255). */
function emitInl(f: FunctionBuilder, v: number, u: number, inl: NonNullable<KernelShape['inl']>): void {
  const all = (value: number): [number, number, number, number] => [value, value, value, value];
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
