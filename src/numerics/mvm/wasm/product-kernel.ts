/** Emits the integer matrix product for ideal matrices: 16-bit weights times 16-bit inputs, 16 columns and two tokens at a time. */
import { FunctionBuilder } from '../../../wasm/function-builder.ts';
import { BLOCK_COLS } from './shape.ts';

const VECTORS = [0, 1, 2, 3];
/** Two rows of 16 columns. */
export const PAIR_BYTES = BLOCK_COLS * 4;

/**
 * product(x, weights, out, outStride, tokenPairs, rowPairs): x [token][row pair] int16 pairs, weights
 * [row pair][16 columns] int16 pairs, out [token][col] int32 with `outStride` bytes from token to token.
 */
export function productKernel(): FunctionBuilder {
  const f = new FunctionBuilder(Array.from({ length: 6 }, () => 'i32' as const));
  const [x, weights, out, outStride, tokenPairs, rowPairs] = f.params.keys();
  const [left, w, second, xBytes] = f.locals('i32', 4);
  const sums = [f.locals('v128', 4), f.locals('v128', 4)];
  const inputs = f.locals('v128', 2);
  const weight = f.local('v128');
  f.get(rowPairs).i32(2).op('i32_shl').set(xBytes);
  f.countDown(tokenPairs, () => {
    for (const sum of sums.flat()) f.lanes(0, 0, 0, 0).set(sum);
    f.get(rowPairs).set(left).get(weights).set(w).get(x, xBytes).op('i32_add').set(second);
    f.countDown(left, () => {
      f.get(x).at('v128_load32_splat').set(inputs[0]).get(second).at('v128_load32_splat').set(inputs[1]);
      for (const i of VECTORS) {
        f.get(w)
          .at('v128_load', 16 * i)
          .set(weight);
        sums.forEach((sum, token) => {
          f.get(sum[i], weight, inputs[token]).op('dot', 'add').set(sum[i]);
        });
      }
      f.advance(w, PAIR_BYTES);
      f.advance(x, 4);
      f.advance(second, 4);
    });
    f.get(second).set(x);
    for (const sum of sums) {
      for (const i of VECTORS) f.get(out, sum[i]).at('v128_store', 16 * i);
      f.get(out, outStride).op('i32_add').set(out);
    }
  });
  return f;
}
