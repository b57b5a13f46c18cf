/** Emits the effects on cells, kind by kind: the same steps as `numerics/noise/cell-step.ts`, to the same bits, or not at all. */
import type { CellKind } from '../../../tech/noise-effects.ts';
import type { FunctionBuilder } from '../../../wasm/function-builder.ts';
import type { CellStep, CellStepKinds, ShareOf } from '../../noise/cell-step.ts';
import { MAX_MANTISSA } from '../../noise/gaussian.ts';
import { emitCounters, emitGather } from './noise-kernel.ts';

export const VECTORS = [0, 1, 2, 3];

/** Locals of the kernel, 16 cells in four vectors each, and its functions. */
export interface CellCode {
  readonly f: FunctionBuilder;
  readonly levels: readonly number[];
  readonly g: readonly number[];
  readonly z: readonly number[];
  readonly address: number;
  readonly t: number;
  readonly u: number;
  readonly counter: number;
  /** Address of the tables, and where the normal numbers stand in them. */
  readonly tables: number;
  readonly normal: number;
  readonly draw: number;
  readonly uniform: number;
}

/** What the code of a step depends on; what goes by level lies in memory. */
interface ShapeKinds extends Omit<CellStepKinds, 'levelSpread' | 'factor'> {
  readonly levelSpread: { readonly bits: number };
  readonly factor: never;
}

/** `keys`: local with the address of the step's round keys; `table`: where its values of the levels stand. */
interface Place {
  readonly keys: number;
  readonly table: number;
}

interface Emission<K extends CellKind> {
  shape(step: CellStepKinds[K]): ShapeKinds[K];
  emit(code: CellCode, shape: ShapeKinds[K], place: Place): void;
  /** The values of the levels. */
  table?(step: CellStepKinds[K]): Int32Array;
}

/** The reference programs a matrix with such cells. */
const ELSEWHERE = undefined;

const EMISSIONS: { readonly [K in CellKind]: Emission<K> | typeof ELSEWHERE } = {
  levelSpread: {
    shape: ({ scale }) => ({ bits: scale.shift }),
    table: ({ mantissas }) => mantissas,
    emit(code, { bits }, { keys, table }) {
      drawAll(code, keys);
      for (const i of VECTORS) {
        lookUp(code, code.levels[i], table, code.t);
        addScaled(code, i, bits);
      }
    },
  },
  cellSpread: {
    shape: ({ base, scale, preShift, factor, factorShift }) => ({
      base,
      scale,
      preShift,
      factor,
      factorShift,
    }),
    emit(code, { base, scale, ...share }, { keys }) {
      const { f, t } = code;
      drawAll(code, keys);
      for (const i of VECTORS) {
        takeShare(code, i, share);
        f.lanes(...all(base)).op('add');
        f.lanes(...all(MAX_MANTISSA))
          .op('min_s')
          .set(t);
        addScaled(code, i, scale.shift);
      }
    },
  },
  stuckAt: {
    shape: ({ off, on, low, high }) => ({ off, on, low, high }),
    emit(code, { off, on, low, high }, { keys }) {
      const { f, g, u } = code;
      for (const i of VECTORS) {
        drawUniform(code, i, keys);
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
    },
  },
  partialLoss: {
    shape: ({ below, preShift, factor, factorShift }) => ({ below, preShift, factor, factorShift }),
    emit(code, { below, ...share }, { keys }) {
      const { f, g, u } = code;
      for (const i of VECTORS) {
        drawUniform(code, i, keys);
        f.get(g[i]);
        takeShare(code, i, share);
        f.get(u)
          .lanes(...all(below))
          .op('less_s', 'and', 'sub')
          .set(g[i]);
      }
    },
  },
  // An exponential has no bits in common between an engine and SIMD.
  factor: ELSEWHERE,
};

export const emitsCell = (kind: CellKind): boolean => EMISSIONS[kind] !== ELSEWHERE;

const emissionOf = <K extends CellKind>(kind: K): Emission<K> => {
  const emission: Emission<K> | typeof ELSEWHERE = EMISSIONS[kind];
  if (emission === ELSEWHERE) throw new Error(`cells with ${kind} are programmed elsewhere`);
  return emission;
};

/** The values of the levels that a step looks up. */
export const tableOf = <K extends CellKind>(step: CellStep<K>): Int32Array | undefined =>
  emissionOf<K>(step.kind).table?.(step);

export type ShapeStep<K extends CellKind = CellKind> = {
  [P in K]: { readonly kind: P; readonly shape: ShapeKinds[P] };
}[K];

export const shapeOf = <K extends CellKind>(step: CellStep<K>): ShapeStep<K> => ({
  kind: step.kind,
  shape: emissionOf<K>(step.kind).shape(step),
});

export const emitStep = <K extends CellKind>(code: CellCode, step: ShapeStep<K>, place: Place): void =>
  emissionOf<K>(step.kind).emit(code, step.shape, place);

export const all = (value: number): [number, number, number, number] => [value, value, value, value];

/** The int32 at `at` of a table by level. */
export function lookUp({ f, tables, address }: CellCode, level: number, at: number, to: number): void {
  f.get(level).i32(2).op('shl').get(tables).i32(at).op('i32_add', 'i32_splat', 'add').set(address);
  emitGather(f, address, to);
}

/** Leaves z of the 16 columns in `z`. */
function drawAll({ f, counter, tables, normal, draw, z }: CellCode, keys: number): void {
  f.get(counter, keys, tables).i32(normal).op('i32_add').call(draw);
  for (const local of z.toReversed()) f.set(local);
}

/** Leaves 24-bit uniform integers of four columns in `u`. */
function drawUniform({ f, counter, t, u, uniform }: CellCode, i: number, keys: number): void {
  emitCounters(f, counter, i, t);
  f.get(t, keys).call(uniform).set(u);
}

/** max(0, g + floor((mantissa z + 2^(bits - 1)) / 2^bits)), the mantissa in `t`. */
function addScaled({ f, g, z, t }: CellCode, i: number, bits: number): void {
  f.get(g[i], t, z[i])
    .op('dot')
    .lanes(...all(2 ** (bits - 1)))
    .op('add')
    .i32(bits)
    .op('shr_s', 'add')
    .lanes(...all(0))
    .op('max_s')
    .set(g[i]);
}

/** Leaves the share of four conductances on the stack. */
function takeShare({ f, g }: CellCode, i: number, { preShift, factor, factorShift }: ShareOf): void {
  f.get(g[i])
    .i32(preShift)
    .op('shr_s')
    .lanes(...all(factor))
    .op('mul')
    .i32(factorShift)
    .op('shr_s');
}
