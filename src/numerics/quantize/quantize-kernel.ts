/** Rounding to integers in WebAssembly SIMD, emitted at run time: the same float64 steps as `roundClamped`, two lanes at a time. */
import { FunctionBuilder } from '../../wasm/function-builder.ts';
import { standalone } from '../../wasm/standalone.ts';

/** Adding and subtracting 1.5 x 2^52 rounds a float64 to a whole number, ties to even. */
export const ROUNDING_BIAS = 1.5 * 2 ** 52;
/** Values of one turn. */
const TURN = 8;
/** The bounds, twice each, and the scales behind them. */
const BOUNDS_BYTES = 32;

/** round(values[i] / scales[i mod scales.length]) in [low, high], for whole rows of `scales.length` values. */
type QuantizeKernel = (
  values: Float32Array,
  scales: ArrayLike<number>,
  low: number,
  high: number,
) => Int16Array;

/** The largest magnitude of each column of [row][col] values; a number that is none counts for nothing. */
type LargestKernel = (values: Float32Array, columns: number) => Float32Array;

export interface QuantizeKernels {
  readonly round: QuantizeKernel;
  readonly largest: LargestKernel;
}

/** Kernels with a memory of their own, which grows to the largest array that they were given; null without WebAssembly SIMD. */
export function quantizeKernels(): QuantizeKernels | null {
  const module = standalone([
    { name: 'round', build: roundKernel() },
    { name: 'largest', build: largestKernel() },
  ] as const);
  if (module === null) return null;
  const { kernels, reserve } = module;
  const largest: LargestKernel = (values, columns) => {
    const width = Math.ceil(columns / 4) * 4;
    const rowsAt = width * 4;
    const buffer = reserve(rowsAt + (values.length + 4) * 4);
    new Float32Array(buffer, rowsAt, values.length).set(values);
    const sizes = new Float32Array(buffer, 0, width).fill(0);
    kernels.largest(rowsAt, columns * 4, values.length / columns, 0, width / 4);
    return sizes.slice(0, columns);
  };
  const round: QuantizeKernel = (values, scales, low, high) => {
    const length = scales.length;
    const rows = length === 1 ? 1 : values.length / length;
    const columns = values.length / rows;
    const turns = Math.ceil(columns / TURN);
    const scaleBytes = turns * TURN * 8;
    const rowAt = BOUNDS_BYTES + (length === 1 ? TURN * 8 : scaleBytes);
    // Rows go through a place of their own if they do not end with a turn.
    const whole = columns === turns * TURN;
    const count = whole ? values.length : turns * TURN;
    const outAt = rowAt + count * 4;
    const buffer = reserve(outAt + count * 2);
    new Float64Array(buffer, 0, 4).set([low, low, high, high]);
    const divisors = new Float64Array(buffer, BOUNDS_BYTES, (rowAt - BOUNDS_BYTES) / 8).fill(1);
    if (length === 1) divisors.fill(scales[0]);
    else divisors.set(scales as Float64Array);
    const stride = length === 1 ? 0 : TURN * 8;
    const from = new Float32Array(buffer, rowAt, count);
    const to = new Int16Array(buffer, outAt, count);
    const out = new Int16Array(values.length);
    if (whole) {
      from.set(values);
      for (let row = 0; row < rows; row++)
        kernels.round(rowAt + row * columns * 4, BOUNDS_BYTES, stride, outAt + row * columns * 2, turns, 0);
      out.set(to);
      return out;
    }
    for (let row = 0; row < rows; row++) {
      from.set(values.subarray(row * columns, (row + 1) * columns));
      kernels.round(rowAt, BOUNDS_BYTES, stride, outAt, turns, 0);
      out.set(to.subarray(0, columns), row * columns);
    }
    return out;
  };
  return { round, largest };
}

/** largest(values, stride, rows, out, vectors): raises `out` to the magnitudes of the values, 4 columns a vector. */
function largestKernel(): FunctionBuilder {
  const f = new FunctionBuilder(['i32', 'i32', 'i32', 'i32', 'i32']);
  const [values, stride, rows, out, vectors] = f.params.keys();
  const [left, from, to] = f.locals('i32', 3);
  f.countDown(rows, () => {
    f.get(values).set(from).get(out).set(to).get(vectors).set(left);
    f.countDown(left, () => {
      f.get(to, to).at('v128_load').get(from).at('v128_load').op('f32_abs', 'f32_pmax');
      f.at('v128_store');
      for (const pointer of [from, to]) f.advance(pointer, 16);
    });
    f.get(values, stride).op('i32_add').set(values);
  });
  return f;
}

/** round(values, scales, stride, out, turns, bounds): eight values a turn; `stride` bytes from the scales of a turn to the next. */
function roundKernel(): FunctionBuilder {
  const f = new FunctionBuilder(Array.from({ length: 6 }, () => 'i32' as const));
  const [values, scales, stride, out, turns, bounds] = f.params.keys();
  const [low, high, x] = f.locals('v128', 3);
  const quads = f.locals('v128', 2);
  const pair = (half: number, scaleAt: number): void => {
    if (half === 0) f.get(x);
    else f.upperHalf(x);
    f.op('f64_from_f32').get(scales).at('v128_load', scaleAt).op('f64_div');
    // Unlike max and min, these keep what is not a number, which becomes 0.
    f.get(low).op('f64_pmax').get(high).op('f64_pmin');
    f.doubles(ROUNDING_BIAS).op('f64_add').doubles(ROUNDING_BIAS).op('f64_sub', 'i32_from_f64');
  };
  f.get(bounds).at('v128_load').set(low).get(bounds).at('v128_load', 16).set(high);
  f.countDown(turns, () => {
    for (const [q, quad] of quads.entries()) {
      f.get(values)
        .at('v128_load', 16 * q)
        .set(x);
      pair(0, 32 * q);
      pair(1, 32 * q + 16);
      f.lowerHalves().set(quad);
    }
    f.get(out, ...quads)
      .op('narrow_s')
      .at('v128_store');
    f.advance(values, TURN * 4).advance(out, TURN * 2);
    f.get(scales, stride).op('i32_add').set(scales);
  });
  return f;
}
