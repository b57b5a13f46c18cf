/** Every kernel against its formula in float64, for lengths and strides of all kinds. */
import test from 'ava';
import fc from 'fast-check';
import { erf } from '../../../src/base/erf.ts';
import { hashCounter, streamKey, uniformStream } from '../../../src/base/random.ts';
import { Z_TABLE } from '../../../src/numerics/noise/normal-table.ts';
import { compileKernels, type Kernels } from '../../../src/train/wasm/kernels.ts';
import { normalFloats } from '../../../src/train/wasm/noise.ts';
import { wasmEngine } from '../../../src/wasm/engine.ts';
import { instantiate } from '../../../src/wasm/module.ts';

const memory = new (wasmEngine()!.Memory)({ initial: 16, maximum: 16, shared: false });
const kernels = instantiate<Kernels>(compileKernels(false), memory);
const floats = new Float32Array(memory.buffer);
const ints = new Int32Array(memory.buffer);

const [A, B, C, D, E, PACKED, TILE, ZEROS] = [1, 2, 3, 4, 5, 6, 7, 8].map(i => i * 65536);

function numbers(count: number, seed: number, at: number): Float32Array {
  const next = uniformStream(seed, 'kernel');
  const values = Float32Array.from({ length: count }, () => 4 * next() - 2);
  floats.set(values, at / 4);
  return values;
}

const near = (got: number, want: number, tolerance = 1e-6): boolean =>
  Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want));

const sizes = fc.record({
  m: fc.integer({ min: 1, max: 17 }),
  k: fc.integer({ min: 1, max: 19 }),
  n: fc.integer({ min: 1, max: 27 }),
  accumulate: fc.constantFrom(0, 1),
  transposedA: fc.boolean(),
  transposedB: fc.boolean(),
  seed: fc.nat(),
});

test('products of all sizes, operands transposed or not, added or stored, write their matrix and nothing else', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(sizes, ({ m, k, n, accumulate, transposedA, transposedB, seed }) => {
        const [a, b, c] = [
          numbers(m * k, seed, A),
          numbers(k * n, seed + 1, B),
          numbers(m * n + 8, seed + 2, C),
        ];
        const bias = numbers(n, seed + 3, D);
        if (transposedB) kernels.packTransposed(B, k * 4, k, n, PACKED);
        else kernels.pack(B, n * 4, k, n, PACKED);
        const strides = transposedA ? [4, m * 4] : [k * 4, 4];
        const gemm = transposedA ? kernels.gemmColumns : kernels.gemm;
        gemm(A, ...strides, PACKED, C, n * 4, m, n, k, D, 32, accumulate, TILE);
        for (let i = 0; i < m; i++)
          for (let j = 0; j < n; j++) {
            let sum = bias[j] + accumulate * c[i * n + j];
            for (let p = 0; p < k; p++)
              sum += a[transposedA ? p * m + i : i * k + p] * b[transposedB ? j * k + p : p * n + j];
            if (!near(floats[C / 4 + i * n + j], sum, 1e-5)) return false;
          }
        return floats.subarray(C / 4 + m * n, C / 4 + m * n + 8).every((v, i) => v === c[m * n + i]);
      }),
      { numRuns: 300 },
    ),
  );
});

const phi = (x: number): number => 0.5 * (1 + erf(x * Math.SQRT1_2));
const cubic = (x: number): number => Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
const FUNCTIONS = {
  gelu: (x: number) => x * phi(x),
  geluTanh: (x: number) => 0.5 * x * (1 + Math.tanh(cubic(x))),
  relu: (x: number) => Math.max(0, x),
  tanh: Math.tanh,
} as const;

for (const name of ['gelu', 'geluTanh', 'relu', 'tanh'] as const) {
  test(`${name} and its derivative from -12 to 12`, t => {
    const f = FUNCTIONS[name];
    const count = 4096;
    // Off zero, where ReLU has no derivative.
    const x = Float32Array.from({ length: count }, (_, i) => ((i - 2047.5) * 24) / count);
    floats.set(x, A / 4);
    floats.fill(2, B / 4, B / 4 + count);
    kernels[name](A, C, count / 4, 0);
    kernels[`${name}Backward`](A, B, D, count / 4, 0);
    let [worst, worstSlope] = [0, 0];
    for (const [i, v] of x.entries()) {
      const slope = (f(v + 1e-4) - f(v - 1e-4)) / 2e-4;
      worst = Math.max(worst, Math.abs(floats[C / 4 + i] - f(v)) / Math.max(1, Math.abs(v)));
      worstSlope = Math.max(worstSlope, Math.abs(floats[D / 4 + i] / 2 - slope));
    }
    t.true(worst < 3e-7, `${worst}`);
    t.true(worstSlope < 2e-6, `${worstSlope}`);
    kernels[`${name}Backward`](A, B, D, count / 4, 1);
    t.true(near(floats[D / 4 + 3000], (4 * (f(x[3000] + 1e-4) - f(x[3000] - 1e-4))) / 2e-4, 1e-5));
  });
}

const rowSizes = fc.record({
  rows: fc.integer({ min: 1, max: 5 }),
  width: fc.integer({ min: 1, max: 23 }),
  cut: fc.nat(),
  seed: fc.nat(),
});

test('softmax of rows of any length, with padding; its derivative is that of its formula', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(rowSizes, ({ rows, width, cut, seed }) => {
        const valid = 1 + (cut % width);
        const [x, dy] = [numbers(rows * width, seed, A), numbers(rows * width, seed + 1, B)];
        kernels.softmax(A, C, rows, width, valid, 0.7);
        kernels.softmaxBackward(C, B, D, rows, width, 0, 0.7);
        for (let i = 0; i < rows; i++) {
          const e = Array.from({ length: width }, (_, j) =>
            j < valid ? Math.exp(0.7 * x[i * width + j]) : 0,
          );
          const sum = e.reduce((s, v) => s + v, 0);
          const y = e.map(v => v / sum);
          const inner = y.reduce((s, v, j) => s + v * dy[i * width + j], 0);
          for (const [j, v] of y.entries()) {
            if (!near(floats[C / 4 + i * width + j], v)) return false;
            if (!near(floats[D / 4 + i * width + j], 0.7 * v * (dy[i * width + j] - inner))) return false;
          }
        }
        return true;
      }),
      { numRuns: 200 },
    ),
  );
});

test('LayerNorm of rows of any length; its derivative equals finite differences', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(rowSizes, ({ rows, width, seed }) => {
        const x = numbers(rows * width, seed, A);
        const [gain, shift] = [numbers(width, seed + 1, B), numbers(width, seed + 2, C)];
        const dy = numbers(rows * width, seed + 3, D);
        // Output, statistics, and derivatives by x, gain and shift.
        const [y, stats, dx, dGain, dShift] = [E, E + 4096, E + 8192, E + 12288, E + 16384];
        kernels.layerNorm(A, B, C, y, stats, rows, width, 0.1);
        floats.fill(0, dGain / 4, dShift / 4 + width);
        kernels.layerNormBackward(A, B, D, stats, dx, dGain, dShift, rows, width, 0);
        const row = (values: ArrayLike<number>): number[] => {
          const v = Array.from(values);
          const mean = v.reduce((s, a) => s + a, 0) / width;
          const variance = v.reduce((s, a) => s + (a - mean) ** 2, 0) / width;
          return v.map(a => (a - mean) / Math.sqrt(variance + 0.1));
        };
        for (let i = 0; i < rows; i++) {
          const own = x.subarray(i * width, (i + 1) * width);
          const dot = (values: ArrayLike<number>): number =>
            row(values).reduce((s, h, j) => s + h * gain[j] * dy[i * width + j], 0);
          for (const [j, h] of row(own).entries()) {
            if (!near(floats[y / 4 + i * width + j], h * gain[j] + shift[j], 1e-5)) return false;
            const moved = (by: number): number => dot([...own].map((v, q) => (q === j ? v + by : v)));
            const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            if (!near(floats[dx / 4 + i * width + j], slope, 2e-5)) return false;
          }
        }
        for (let j = 0; j < width; j++) {
          let [byGain, byShift] = [0, 0];
          for (let i = 0; i < rows; i++) {
            byGain += row(x.subarray(i * width, (i + 1) * width))[j] * dy[i * width + j];
            byShift += dy[i * width + j];
          }
          if (!near(floats[dGain / 4 + j], byGain, 1e-5) || !near(floats[dShift / 4 + j], byShift, 1e-5))
            return false;
        }
        return true;
      }),
      { numRuns: 100 },
    ),
  );
});

test('normal numbers are those of the counter-based generator', t => {
  const key = streamKey(1, 'kernel');
  ints.set(key, B / 4);
  floats.set(normalFloats(), C / 4);
  const counter = 2 ** 24 - 6;
  kernels.normals(A, 3, B, counter, C);
  for (let i = 0; i < 12; i++) {
    const hash = hashCounter(key, (counter + i) % 2 ** 24);
    t.is(floats[A / 4 + i], Math.fround((Z_TABLE[hash >> 12] + Z_TABLE[hash & 4095]) / 512));
  }
});

test('weights become whole steps of their column, then get the noise of their code', t => {
  const [rows, columns] = [3, 8];
  const w = numbers(rows * columns, 5, A);
  floats.fill(0, ZEROS / 4, ZEROS / 4 + 8);
  kernels.columnPeaks(A, columns * 4, rows, columns / 4, D);
  kernels.programWeights(A, E, rows, columns / 4, D, 0, B, 0, C, 127);
  for (let j = 0; j < columns; j++) {
    const peak = Math.max(...Array.from({ length: rows }, (_, i) => Math.abs(w[i * columns + j])));
    t.is(floats[D / 4 + j], Math.fround(peak));
    for (let i = 0; i < rows; i++) {
      const steps = (floats[E / 4 + i * columns + j] * 127) / peak;
      t.true(Math.abs(steps - Math.round((w[i * columns + j] * 127) / peak)) < 1e-4);
    }
  }
  // A table of deviations that only spares code 0: every other weight moves.
  const sigmas = PACKED + 512;
  floats.fill(3, (sigmas - 512) / 4, (sigmas + 512) / 4);
  floats[sigmas / 4] = 0;
  ints.set(streamKey(1, 'noise'), B / 4);
  floats.set(normalFloats(), C / 4);
  kernels.programWeights(A, TILE, rows, columns / 4, D, sigmas, B, 0, C, 127);
  const moved = Array.from({ length: rows * columns }, (_, i) => floats[TILE / 4 + i] - floats[E / 4 + i]);
  t.true(moved.some(v => v > 0) && moved.some(v => v < 0));
});

test('a step of AdamW', t => {
  const [p, g, m, v] = [numbers(4, 1, A), numbers(4, 2, B), numbers(4, 3, C), numbers(4, 4, D).map(Math.abs)];
  floats.set(v, D / 4);
  kernels.adamw(A, B, C, D, 1, 0.5, 0.9, 0.99, 0.02, 1.5, 1e-8, 0.999);
  for (let i = 0; i < 4; i++) {
    const first = 0.9 * m[i] + 0.1 * 0.5 * g[i];
    const second = 0.99 * v[i] + 0.01 * (0.5 * g[i]) ** 2;
    t.true(near(floats[A / 4 + i], 0.999 * p[i] - (0.02 * first) / (1.5 * Math.sqrt(second) + 1e-8)));
    t.true(near(floats[C / 4 + i], first) && near(floats[D / 4 + i], second));
  }
});
