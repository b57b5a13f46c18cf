/** Emits the programming of cells in fixed point, four at a time: the same steps as `programCell`, to the same bits. */

import { FunctionBuilder } from '../../../wasm/function-builder.ts';
import type { CellProgram, FrozenRead } from '../../noise/cell-program.ts';
import { MAX_MANTISSA } from '../../noise/gaussian.ts';
import { emitCounters, emitGather } from './noise-kernel.ts';

const VECTORS = [0, 1, 2, 3];
const KEY_BYTES = 28;

/** What the kernel is made for; the values of levels lie in memory. */
export interface ProgramShape {
  readonly maxLevel: number;
  readonly weightOffset: number;
  /** Conductances of levels that lie evenly are computed, others looked up. */
  readonly even?: { readonly first: number; readonly step: number };
  readonly writeShift?: number;
  readonly stuck?: { readonly off: number; readonly on: number; readonly low: number; readonly high: number };
  readonly read?: NormalRead;
}

type NormalRead = Extract<FrozenRead, { kind: 'normal' }>;

/** In memory behind each other, int32: the table of normal numbers, then units and write mantissas of the levels. */
export interface ProgramTables {
  readonly normal: number;
  readonly units: number;
  readonly mantissas: number;
}

export function programTables(entries: number, maxLevel: number): ProgramTables & { readonly bytes: number } {
  const levels = (maxLevel + 1) * 4;
  const normal = entries * 4;
  return { normal: 0, units: normal, mantissas: normal + levels, bytes: normal + 2 * levels };
}

export function programShape(cells: CellProgram, maxLevel: number, weightOffset: number): ProgramShape {
  const { levelUnits, write, stuck, read } = cells;
  const step = levelUnits[1] - levelUnits[0];
  const even = levelUnits.every((units, level) => units === levelUnits[0] + level * step);
  return {
    maxLevel,
    weightOffset,
    ...(even && { even: { first: levelUnits[0], step } }),
    ...(write && { writeShift: write.scale.shift }),
    ...(stuck && { stuck: { ...stuck, low: levelUnits[0], high: levelUnits[maxLevel] } }),
    ...(read?.kind === 'normal' && { read }),
  };
}

/**
 * program(weights, stride, cells, rows, column, cols, shift, sign, keys, tables): one slice of `rows` rows of 16 columns
 * from `column` of `cols`. Weights are int16 rows of `stride` bytes, cells int16 [row][16]. `draw` and `uniform` are the
 * indices of the functions of the noise kernel.
 */
export function programKernel(
  shape: ProgramShape,
  tablesAt: ProgramTables,
  draw: number,
  uniform: number,
): FunctionBuilder {
  const f = new FunctionBuilder(Array.from({ length: 10 }, () => 'i32' as const));
  const [weights, stride, cells, rows, column, cols, shift, sign, keys, tables] = f.params.keys();
  const [writeKeys, stuckKeys, readKeys, counter] = f.locals('i32', 4);
  const [address, t, u] = f.locals('v128', 3);
  const [levels, g, z] = [f.locals('v128', 4), f.locals('v128', 4), f.locals('v128', 4)];
  const { even, writeShift, stuck, read } = shape;
  const all = (value: number): [number, number, number, number] => [value, value, value, value];

  const lookUp = (level: number, at: number, to: number): void => {
    f.get(level).i32(2).op('shl').get(tables).i32(at).op('i32_add', 'i32_splat', 'add').set(address);
    emitGather(f, address, to);
  };

  /** Leaves z of the 16 columns in `z`. */
  const drawAll = (from: number): void => {
    f.get(counter, from, tables).i32(tablesAt.normal).op('i32_add').call(draw);
    for (const local of z.toReversed()) f.set(local);
  };

  /** max(0, g + floor((mantissa z + 2^(bits - 1)) / 2^bits)), the mantissa in `t`. */
  const addScaled = (i: number, bits: number): void => {
    f.get(g[i], t, z[i])
      .op('dot')
      .lanes(...all(2 ** (bits - 1)))
      .op('add')
      .i32(bits)
      .op('shr_s', 'add')
      .lanes(...all(0))
      .op('max_s')
      .set(g[i]);
  };

  const levelOf = (i: number): void => {
    f.get(weights).at('v128_load16x4_s', 8 * i);
    if (shape.weightOffset > 0) f.lanes(...all(shape.weightOffset)).op('add');
    else
      f.get(sign)
        .op('i32_splat', 'xor')
        .get(sign)
        .op('i32_splat', 'sub')
        .lanes(...all(0))
        .op('max_s');
    f.get(shift)
      .op('shr_u')
      .lanes(...all(shape.maxLevel))
      .op('and')
      .set(levels[i]);
  };

  const unitsOf = (i: number): void => {
    if (even === undefined) lookUp(levels[i], tablesAt.units, g[i]);
    else
      f.get(levels[i])
        .lanes(...all(even.step))
        .op('mul')
        .lanes(...all(even.first))
        .op('add')
        .set(g[i]);
  };

  const write = (bits: number): void => {
    drawAll(writeKeys);
    for (const i of VECTORS) {
      lookUp(levels[i], tablesAt.mantissas, t);
      addScaled(i, bits);
    }
  };

  const stick = ({ off, on, low, high }: NonNullable<ProgramShape['stuck']>): void => {
    for (const i of VECTORS) {
      emitCounters(f, counter, i, t);
      f.get(t, stuckKeys).call(uniform).set(u);
      for (const [value, bound] of [
        [high, on],
        [low, off],
      ]) {
        f.lanes(...all(value))
          .get(g[i], u)
          .lanes(...all(bound))
          .op('less_s', 'select')
          .set(g[i]);
      }
    }
  };

  const frozenRead = ({ base, preShift, factor, factorShift, scale }: NormalRead): void => {
    drawAll(readKeys);
    for (const i of VECTORS) {
      f.get(g[i])
        .i32(preShift)
        .op('shr_s')
        .lanes(...all(factor))
        .op('mul');
      f.i32(factorShift)
        .op('shr_s')
        .lanes(...all(base))
        .op('add');
      f.lanes(...all(MAX_MANTISSA))
        .op('min_s')
        .set(t);
      addScaled(i, scale.shift);
    }
  };

  f.get(keys).set(writeKeys);
  f.get(keys).i32(KEY_BYTES).op('i32_add').set(stuckKeys);
  f.get(keys)
    .i32(2 * KEY_BYTES)
    .op('i32_add')
    .set(readKeys);
  f.get(column).set(counter);
  f.countDown(rows, () => {
    for (const i of VECTORS) {
      levelOf(i);
      unitsOf(i);
    }
    if (writeShift !== undefined) write(writeShift);
    if (stuck !== undefined) stick(stuck);
    if (read !== undefined) frozenRead(read);
    f.get(cells, g[0], g[1]).op('narrow_s').at('v128_store');
    f.get(cells, g[2], g[3]).op('narrow_s').at('v128_store', 16);
    f.get(cells).i32(32).op('i32_add').set(cells);
    f.get(weights, stride).op('i32_add').set(weights);
    f.get(counter, cols).op('i32_add').set(counter);
  });
  return f;
}
