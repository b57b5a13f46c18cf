/** Emits what is done with programmed cells, 16 columns at a time: squares for the read noise, the reference column, and sums of magnitudes. */
import { log2 } from '../../../base/math.ts';
import { FunctionBuilder } from '../../../wasm/function-builder.ts';

const VECTORS = [0, 1, 2, 3];
const ROW_BYTES = 32;
/** Rows of a chunk whose sums are measured: two make the larger chunk. */
const CHUNK = 16;

export interface FinishShape {
  readonly reference: boolean;
  /** square = round(g^2 sigma^2 2^exponent). */
  readonly squares?: { readonly sigma: number; readonly exponent: number };
}

/** squareSums(cells, rows, out): the sums of g^2 of 16 columns, int64. Cells are int16 [row][16]. */
export function squareSumKernel(): FunctionBuilder {
  const f = new FunctionBuilder(['i32', 'i32', 'i32']);
  const [cells, rows, out] = f.params.keys();
  const sums = f.locals('v128', 8);
  const g = f.local('v128');
  f.countDown(rows, () => {
    for (const i of VECTORS) {
      f.get(cells)
        .at('v128_load16x4_s', 8 * i)
        .set(g);
      for (const [half, op] of [
        [0, 'product_low'],
        [1, 'product_high'],
      ] as const) {
        const sum = sums[2 * i + half];
        f.get(sum, g, g).op(op, 'add64').set(sum);
      }
    }
    f.advance(cells, ROW_BYTES);
  });
  sums.forEach((sum, i) => {
    f.get(out, sum).at('v128_store', 16 * i);
  });
  return f;
}

/**
 * finish(cells, rows, reference, squares, sums): `rows` is a multiple of 32. Writes the squares, takes the reference of
 * its row off every cell, and writes the sums of magnitudes of 16 columns: of all rows, and the largest of 32 and of 16
 * rows; int32 [3][16].
 */
export function finishKernel(shape: FinishShape): FunctionBuilder {
  const f = new FunctionBuilder(Array.from({ length: 5 }, () => 'i32' as const));
  const [cells, rows, reference, squares, sums] = f.params.keys();
  const [turns, left] = f.locals('i32', 2);
  const g = f.locals('v128', 2);
  const total = f.locals('v128', 4);
  const chunk = f.locals('v128', 4);
  const pair = f.locals('v128', 4);
  const below = f.locals('v128', 4);
  const largest = [f.locals('v128', 4), f.locals('v128', 4)];
  const [low, high, double, up] = f.locals('v128', 4);

  /** round as Math.round: half a unit goes up. Leaves two squares of the two lower lanes of `from` on the stack. */
  const squareOf = (from: () => void, { sigma, exponent }: NonNullable<FinishShape['squares']>): void => {
    from();
    f.op('f64_from_i32').doubles(sigma).op('f64_mul').doubles(sigma).op('f64_mul');
    f.doubles(2 ** exponent)
      .op('f64_mul')
      .set(double);
    f.get(double).op('f64_ceil').set(up);
    f.get(up).doubles(1).get(up).doubles(0.5).op('f64_sub').get(double);
    f.op('f64_more', 'and', 'f64_sub', 'i32_from_f64');
  };

  const writeSquares = (v: number): void => {
    if (shape.squares === undefined) return;
    for (const [op, to] of [
      ['low_s16', low],
      ['high_s16', high],
    ] as const) {
      f.get(g[v]).op(op).set(to);
      f.get(to, to).op('mul').set(to);
      squareOf(() => f.get(to), shape.squares);
      squareOf(() => f.upperHalf(to), shape.squares);
      // Lanes 0 and 1 of each.
      f.lowerHalves().set(to);
    }
    f.get(squares, low, high)
      .op('narrow_u')
      .at('v128_store', 16 * v);
  };

  const row = (): void => {
    for (const v of [0, 1]) {
      f.get(cells)
        .at('v128_load', 16 * v)
        .set(g[v]);
      writeSquares(v);
      if (shape.reference) {
        f.get(g[v], reference).at('v128_load16_splat').op('sub16').set(g[v]);
        f.get(cells, g[v]).at('v128_store', 16 * v);
      }
    }
    for (const i of VECTORS) {
      f.get(g[i >> 1])
        .op(i % 2 === 0 ? 'low_s16' : 'high_s16')
        .set(low);
      f.get(chunk[i], low).op('abs', 'add').set(chunk[i]);
      f.get(below[i], low).lanes(0, 0, 0, 0).op('min_s', 'sub').set(below[i]);
    }
    f.advance(cells, ROW_BYTES);
    if (shape.reference) f.advance(reference, 4);
    if (shape.squares !== undefined) f.advance(squares, ROW_BYTES);
  };

  const keepLargest = (of: readonly number[], among: readonly number[]): void => {
    for (const i of VECTORS) f.get(of[i], among[i]).op('max_s').set(among[i]);
  };
  const clear = (locals: readonly number[]): void => {
    for (const local of locals) f.lanes(0, 0, 0, 0).set(local);
  };

  f.get(rows)
    .i32(log2(2 * CHUNK))
    .op('i32_shr_u')
    .set(turns);
  f.countDown(turns, () => {
    clear(pair);
    for (let half = 0; half < 2; half++) {
      clear(chunk);
      f.i32(CHUNK).set(left);
      f.countDown(left, row);
      keepLargest(chunk, largest[1]);
      for (const i of VECTORS) f.get(pair[i], chunk[i]).op('add').set(pair[i]);
    }
    keepLargest(pair, largest[0]);
    for (const i of VECTORS) f.get(total[i], pair[i]).op('add').set(total[i]);
  });
  [total, ...largest, below].forEach((kind, k) => {
    for (const i of VECTORS) f.get(sums, kind[i]).at('v128_store', 64 * k + 16 * i);
  });
  return f;
}
