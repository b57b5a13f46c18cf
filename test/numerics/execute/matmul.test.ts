/** Matrix products: float32 in one order of summation, integers exact, whatever the shape. */
import test from 'ava';
import fc from 'fast-check';
import { gaussianStream } from '../../../src/base/random.ts';
import { floatMatmul, plainFloatMatmul } from '../../../src/numerics/execute/float-matmul.ts';
import { intKernel } from '../../../src/numerics/execute/int-kernel.ts';
import { intMatmul, plainIntMatmul } from '../../../src/numerics/execute/int-matmul.ts';
import { intPanels } from '../../../src/numerics/kernels/int-product.ts';

const shape = fc.tuple(
  fc.integer({ min: 1, max: 11 }),
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: 21 }),
);

const numbers = <T>(one: fc.Arbitrary<T>, count: number): fc.Arbitrary<T[]> =>
  fc.array(one, { minLength: count, maxLength: count });

/** Plain loops; sums in float64. */
function product(a: ArrayLike<number>, b: ArrayLike<number>, m: number, k: number, n: number): number[] {
  return Array.from({ length: m * n }, (_, at) => {
    let sum = 0;
    for (let i = 0; i < k; i++) sum += a[Math.floor(at / n) * k + i] * b[i * n + (at % n)];
    return sum;
  });
}

/** Rounded to float32 after each product and sum: over blocks of 64 rows, then over the blocks. */
function floatProduct(a: Float32Array, b: Float32Array, m: number, k: number, n: number): number[] {
  return Array.from({ length: m * n }, (_, at) => {
    let total = 0;
    for (let first = 0; first < k; first += 64) {
      let sum = 0;
      for (let i = first; i < Math.min(k, first + 64); i++)
        sum = Math.fround(sum + Math.fround(a[Math.floor(at / n) * k + i] * b[i * n + (at % n)]));
      total = Math.fround(total + sum);
    }
    return total;
  });
}

test('a float product has the bits of float32 sums over 64 rows at a time, in the kernel and in plain loops', t => {
  const value = fc.float({ min: -100, max: 100, noNaN: true });
  const cases = fc
    .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 21 }))
    .chain(([m, k, n]) => fc.tuple(fc.constant({ m, k, n }), numbers(value, m * k), numbers(value, k * n)));
  fc.assert(
    fc.property(cases, ([{ m, k, n }, aValues, bValues]) => {
      const [a, b] = [Float32Array.from(aValues), Float32Array.from(bValues)];
      const want = floatProduct(a, b, m, k, n);
      for (const multiply of [floatMatmul, plainFloatMatmul])
        t.true(multiply(a, m, b, k, n).every((v, i) => v === want[i]));
    }),
    { numRuns: 60 },
  );
});

test('a float product is as near the exact one as its documentation says', t => {
  const [m, k, n] = [3, 1000, 5];
  const next = gaussianStream(1, 'matmul');
  const a = Float32Array.from({ length: m * k }, next);
  const b = Float32Array.from({ length: k * n }, next);
  const bound = product(a.map(Math.abs), b.map(Math.abs), m, k, n).map(v => v * (64 + k / 64) * 2 ** -24);
  const [got, want] = [floatMatmul(a, m, b, k, n), product(a, b, m, k, n)];
  t.true(want.every((v, i) => Math.abs(got[i] - v) <= bound[i]));
  // The bound is one for unlucky signs; as a rule the error is a hundredth of it.
  t.true(want.every((v, i) => Math.abs(got[i] - v) <= bound[i] / 20));
});

test('integer products are exact at the ends of their ranges, in the kernel and in plain loops', t => {
  const input = fc.oneof(fc.integer({ min: -128, max: 255 }), fc.constantFrom(-128, 255, 0));
  const weight = fc.oneof(fc.integer({ min: -127, max: 127 }), fc.constantFrom(-127, 127));
  const cases = shape.chain(([m, k, n]) =>
    fc.tuple(fc.constant({ m, k, n }), numbers(input, m * k), numbers(weight, k * n)),
  );
  fc.assert(
    fc.property(cases, ([{ m, k, n }, aValues, bValues]) => {
      const [a, b] = [Int16Array.from(aValues), Int16Array.from(bValues)];
      const panels = intPanels(b, k, n);
      const want = product(a, b, m, k, n);
      const got = [intMatmul(a, m, panels), plainIntMatmul(a, m, panels)];
      return got.every(c => c.length === m * n && want.every((v, i) => v === c[i]));
    }),
  );
  const deep = 60_000;
  const sum = intMatmul(
    new Int16Array(deep).fill(255),
    1,
    intPanels(new Int16Array(deep).fill(127), deep, 1),
  );
  t.deepEqual([...sum], [255 * 127 * deep]);
});

test('a small product after a large one sees nothing of it', t => {
  const kernel = intKernel();
  if (kernel === null) throw new Error('this host has no WebAssembly SIMD');
  kernel(new Int16Array(100 * 300).fill(7), 100, intPanels(new Int16Array(300 * 90).fill(9), 300, 90));
  const c = kernel(Int16Array.of(2, 3, 5), 1, intPanels(Int16Array.of(1, 10, 100), 3, 1));
  t.deepEqual([...c], [2 + 30 + 500]);
});
