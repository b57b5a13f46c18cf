/** Emits the digital end: the shift-and-add over the slices, and the way from integers back to activations. */
import { log2 } from '../../../base/math.ts';
import { FunctionBuilder } from '../../../wasm/function-builder.ts';

/** combine(sums, stride, out, vectors): `sums` of a slice lie `stride` bytes behind those of the one before; 4 columns a vector. */
export function combineKernel(sliceWeights: readonly number[]): FunctionBuilder {
  const f = new FunctionBuilder(['i32', 'i32', 'i32', 'i32']);
  const [sums, stride, out, vectors] = f.params.keys();
  const at = f.local('i32');
  f.countDown(vectors, () => {
    f.get(sums).set(at).get(out);
    sliceWeights.forEach((weight, slice) => {
      f.get(at)
        .at('v128_load')
        .i32(log2(Math.abs(weight)))
        .op('shl');
      if (slice > 0) f.op(weight < 0 ? 'sub' : 'add');
      f.get(at, stride).op('i32_add').set(at);
    });
    f.at('v128_store');
    for (const pointer of [sums, out]) f.advance(pointer, 16);
  });
  return f;
}

/**
 * scale(sums, offsets, columns, vectors, tokens): sums [token][col] int32 become float32 in their place,
 * ((levels sum - offset) / steps) factor + shift in float64. `offsets` holds a float64 per token, `columns` the factors
 * and shifts of two columns at a time, float64; 4 columns a vector.
 */
export function scaleKernel(levels: number, steps: number): FunctionBuilder {
  const f = new FunctionBuilder(['i32', 'i32', 'i32', 'i32', 'i32']);
  const [sums, offsets, columns, vectors, tokens] = f.params.keys();
  const [left, column] = f.locals('i32', 2);
  const [offset, sum, low] = f.locals('v128', 3);
  const half = (push: () => void, at: number): void => {
    push();
    f.op('f64_from_i32').doubles(levels).op('f64_mul').get(offset).op('f64_sub').doubles(steps).op('f64_div');
    f.get(column)
      .at('v128_load', at)
      .op('f64_mul')
      .get(column)
      .at('v128_load', at + 16)
      .op('f64_add', 'f32_from_f64');
  };
  f.countDown(tokens, () => {
    f.get(offsets).at('v128_load64_splat').set(offset).get(columns).set(column).get(vectors).set(left);
    f.countDown(left, () => {
      f.get(sums).at('v128_load').set(sum);
      half(() => f.get(sum), 0);
      f.set(low);
      f.get(sums, low);
      half(() => f.upperHalf(sum), 32);
      // Lanes 0 and 1 of each.
      f.lowerHalves().at('v128_store');
      f.advance(sums, 16);
      f.advance(column, 64);
    });
    f.advance(offsets, 8);
  });
  return f;
}
