/** Emits the programming of cells in fixed point, 16 at a time: the same as `programArray`, to the same bits. */

import { FunctionBuilder } from '../../../wasm/function-builder.ts';
import type { CellProgram } from '../../noise/cell-program.ts';
import type { MvmPlan } from '../spec.ts';
import { KEY_BYTES } from './block.ts';
import {
  all,
  type CellCode,
  emitStep,
  lookUp,
  type ShapeStep,
  shapeOf,
  tableOf,
  VECTORS,
} from './program-steps.ts';

/** What the kernel is made for; the values of levels lie in memory. */
export interface ProgramShape {
  readonly maxLevel: number;
  readonly weightOffset: number;
  /** Some slices hold what is below zero, so that what is above has to be told from it. */
  readonly negative: boolean;
  /** Conductances of levels that lie evenly are computed, others looked up. */
  readonly even: { readonly first: number; readonly step: number } | null;
  readonly steps: readonly ShapeStep[];
}

/** In memory behind each other, int32: the table of normal numbers, units of the levels, and what the steps look up by level. */
export interface ProgramTables {
  readonly normal: number;
  readonly units: number;
  /** Of a step that looks up nothing it is where the next one's stands. */
  readonly steps: readonly number[];
  readonly bytes: number;
}

/** `entries`: normal numbers. */
export function programTables({ levelUnits, steps }: CellProgram, entries: number): ProgramTables {
  const units = entries * 4;
  let bytes = units + levelUnits.byteLength;
  const at: number[] = [];
  for (const step of steps) {
    at.push(bytes);
    bytes += tableOf(step)?.byteLength ?? 0;
  }
  return { normal: 0, units, steps: at, bytes };
}

/** Only of cells whose steps are all emitted: see `emitsCell`. */
export function programShape(
  { levelUnits, steps }: CellProgram,
  { weightOffset, weightSlices }: MvmPlan,
): ProgramShape {
  const step = levelUnits[1] - levelUnits[0];
  const even = levelUnits.every((units, level) => units === levelUnits[0] + level * step);
  return {
    maxLevel: levelUnits.length - 1,
    weightOffset,
    negative: weightSlices.some(({ sign }) => sign !== 0),
    even: even ? { first: levelUnits[0], step } : null,
    steps: steps.map(one => shapeOf(one)),
  };
}

/**
 * program(weights, stride, cells, rows, column, cols, shift, sign, keys, tables): one slice of `rows` rows of 16 columns
 * from `column` of `cols`. Weights are int16 rows of `stride` bytes, cells int16 [row][16]. `draw` and `uniform` are the
 * indices of the functions of the noise kernel.
 */
export function programKernel(
  { maxLevel, weightOffset, negative, even, steps }: ProgramShape,
  at: ProgramTables,
  draw: number,
  uniform: number,
): FunctionBuilder {
  const f = new FunctionBuilder(Array.from({ length: 10 }, () => 'i32' as const));
  const [weights, stride, cells, rows, column, cols, shift, sign, keys, tables] = f.params.keys();
  const stepKeys = f.locals('i32', steps.length);
  const [counter] = f.locals('i32', 1);
  const [address, t, u] = f.locals('v128', 3);
  const [levels, g, z] = [f.locals('v128', 4), f.locals('v128', 4), f.locals('v128', 4)];
  const { normal } = at;
  const code: CellCode = { f, levels, g, z, address, t, u, counter, tables, normal, draw, uniform };

  const levelOf = (i: number): void => {
    f.get(weights).at('v128_load16x4_s', 8 * i);
    if (weightOffset > 0) f.lanes(...all(weightOffset)).op('add');
    if (negative)
      f.get(sign)
        .op('i32_splat', 'xor')
        .get(sign)
        .op('i32_splat', 'sub')
        .lanes(...all(0))
        .op('max_s');
    f.get(shift)
      .op('shr_u')
      .lanes(...all(maxLevel))
      .op('and')
      .set(levels[i]);
  };

  const unitsOf = (i: number): void => {
    if (even === null) lookUp(code, levels[i], at.units, g[i]);
    else
      f.get(levels[i])
        .lanes(...all(even.step))
        .op('mul')
        .lanes(...all(even.first))
        .op('add')
        .set(g[i]);
  };

  for (const [i, local] of stepKeys.entries())
    f.get(keys)
      .i32(i * KEY_BYTES)
      .op('i32_add')
      .set(local);
  f.get(column).set(counter);
  f.countDown(rows, () => {
    for (const i of VECTORS) {
      levelOf(i);
      unitsOf(i);
    }
    for (const [i, step] of steps.entries()) emitStep(code, step, { keys: stepKeys[i], table: at.steps[i] });
    f.get(cells, g[0], g[1]).op('narrow_s').at('v128_store');
    f.get(cells, g[2], g[3]).op('narrow_s').at('v128_store', 16);
    f.get(cells).i32(32).op('i32_add').set(cells);
    f.get(weights, stride).op('i32_add').set(weights);
    f.get(counter, cols).op('i32_add').set(counter);
  });
  return f;
}
