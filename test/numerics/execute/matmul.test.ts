/** Matrix products: float32 rounded once, integers exact, whatever the shape. */
import test from 'ava';
import fc from 'fast-check';
import { floatMatmul } from '../../../src/numerics/execute/float-matmul.ts';
import { intKernel } from '../../../src/numerics/execute/int-kernel.ts';
import { intMatmul, plainIntMatmul } from '../../../src/numerics/execute/int-matmul.ts';
import { floatPanels, intPanels } from '../../../src/numerics/execute/panels.ts';

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

test('a float product is the float64 sum, rounded once', t => {
  const value = fc.float({ min: -100, max: 100, noNaN: true });
  const cases = shape.chain(([m, k, n]) =>
    fc.tuple(fc.constant({ m, k, n }), numbers(value, m * k), numbers(value, k * n)),
  );
  fc.assert(
    fc.property(cases, ([{ m, k, n }, aValues, bValues]) => {
      const [a, b] = [Float32Array.from(aValues), Float32Array.from(bValues)];
      const got = floatMatmul(a, m, floatPanels(b, k, n));
      return Float32Array.from(product(a, b, m, k, n)).every((v, i) => v === got[i]);
    }),
  );
  // 2^24 + 1 does not fit float32: a float32 sum would lose the ones, a float64 sum keeps them.
  const ones = Float32Array.from({ length: 257 }, (_, i) => (i === 0 ? 2 ** 24 : 1));
  const got = floatMatmul(ones, 1, floatPanels(new Float32Array(257).fill(1), 257, 1));
  t.is(got[0], 2 ** 24 + 256);
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
