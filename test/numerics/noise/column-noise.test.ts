import test from 'ava';
import { gaussianStream, streamKey, uniformStream } from '../../../src/base/random.ts';
import { program } from '../../../src/numerics/mvm/program.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import type { MvmSpec } from '../../../src/numerics/mvm/spec.ts';
import type { NoiseModel } from '../../../src/tech/noise-model.ts';
import { sliceSums, THERMAL } from '../mvm/cases.ts';

/** One bit plane of 128 rows into 64 columns: the slice sums are the codes themselves. */
const SPEC: MvmSpec = {
  rows: 128,
  cols: 64,
  arrayRows: 128,
  cellBits: 2,
  weightBits: 2,
  inputBits: 1,
  signedInput: false,
  encoding: 'offset',
  adc: { bits: 8, levelsPerLsb: 'full-scale' },
  fracBits: 13,
  strip: 1,
};
const TOKENS = 1500;

/** Chi-square of the histograms of each column's codes, as a z score. */
function histogramScore(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const counts = new Map<number, [number, number]>();
  for (const [side, codes] of [a, b].entries()) {
    for (let i = 0; i < codes.length; i++) {
      const bin = (i % SPEC.cols) * 256 + codes[i];
      const pair = counts.get(bin) ?? [0, 0];
      pair[side]++;
      counts.set(bin, pair);
    }
  }
  const used = [...counts.values()].filter(([p, q]) => p + q >= 10);
  const chi2 = used.reduce((sum, [p, q]) => sum + (p - q) ** 2 / (p + q), 0);
  const freedom = used.length - SPEC.cols;
  return (chi2 - freedom) / Math.sqrt(2 * freedom);
}

/** Codes when every cell draws its own noise in every read, in floating point. */
function cellWise(
  g: Int32Array,
  x: Uint8Array,
  cellSigma: (g: number) => number,
  thermal: number,
  fracBits: number,
): Int32Array {
  const step = 2 ** fracBits;
  const gaussian = gaussianStream(1, 'cell-wise');
  const { rows, cols } = SPEC;
  const codes = new Int32Array(TOKENS * cols);
  for (let i = 0; i < codes.length; i++) {
    const [token, col] = [Math.floor(i / cols), i % cols];
    let v = step * thermal * gaussian() + step / 2;
    for (let row = 0; row < rows; row++) {
      if (x[token * rows + row] === 0) continue;
      const cell = g[row * cols + col];
      v += cell + cellSigma(cell) * gaussian();
    }
    codes[i] = Math.min(255, Math.max(0, Math.floor(v / step)));
  }
  return codes;
}

/** In ADC steps. */
const thermalSteps = (Math.sqrt((1.380649e-23 * 300) / 1e-15) / 0.3) * 256;
const LEVEL = 255 / 384;

for (const [name, model, cellSigma, thermal] of [
  [
    'multiplicative',
    { read: { kind: 'multiplicative', sigma: 0.1, when: 'read' } },
    (g: number) => 0.1 * g,
    0,
  ],
  [
    'multiplicative and thermal',
    { read: { kind: 'multiplicative', sigma: 0.05, when: 'read' }, thermal: THERMAL },
    (g: number) => 0.05 * g,
    thermalSteps,
  ],
  [
    'additive',
    { read: { kind: 'additive', sigma: 0.05, when: 'read' } },
    (_g: number, step: number) => 0.15 * LEVEL * step,
    0,
  ],
] as const satisfies [string, NoiseModel, (g: number, step: number) => number, number][]) {
  for (const fracBits of [9, 13])
    test(`noise on the column sum gives the ADC histogram of noise on every cell: ${name}, 2^${fracBits} units a step`, async t => {
      const random = uniformStream(1, 'histogram');
      const weights = Int32Array.from({ length: SPEC.rows * SPEC.cols }, () => Math.floor(random() * 4) - 2);
      // All tokens have the same input, so that nothing but noise moves the code of a column.
      const token = Uint8Array.from({ length: SPEC.rows }, () => (random() < 0.4 ? 1 : 0));
      const x = Uint8Array.from({ length: TOKENS * SPEC.rows }, (_, i) => token[i % SPEC.rows]);
      const matrix = program(weights, { ...SPEC, fracBits }, model, streamKey(1, 'program'));
      const column = await sliceSums(referenceBackend(), matrix, x, TOKENS, streamKey(1, 'read'));
      const sigma = (g: number): number => cellSigma(g, 2 ** fracBits);
      const score = histogramScore(column, cellWise(matrix.g, x, sigma, thermal, fracBits));
      t.true(Math.abs(score) < 4, `z ${score}`);
      // A quarter more noise would be seen.
      const louder = cellWise(matrix.g, x, g => 1.25 * sigma(g), 1.25 * thermal, fracBits);
      t.true(histogramScore(column, louder) > 10);
    });
}

test('a lognormal, or a Gaussian that would clip, is refused per read but not per device', t => {
  const weights = new Int32Array(SPEC.rows * SPEC.cols);
  const read = (when: 'read' | 'device', sigma: number, distribution: 'normal' | 'lognormal') =>
    program(
      weights,
      SPEC,
      { read: { kind: 'multiplicative', sigma, when, distribution } },
      streamKey(1, 'p'),
    );
  t.throws(() => read('read', 0.1, 'lognormal'), { message: /no exact column noise/ });
  t.throws(() => read('read', 0.3, 'normal'), { message: /largest is 0.25/ });
  t.notThrows(() => read('device', 0.1, 'lognormal'));
  t.notThrows(() => read('device', 0.3, 'normal'));
});

test('noise that overflows 24-bit sums is refused with the fraction that fits', t => {
  const spec: MvmSpec = { ...SPEC, adc: { bits: 9, levelsPerLsb: 'lossless' } };
  const weights = new Int32Array(SPEC.rows * SPEC.cols).fill(1);
  const model: NoiseModel = { onOff: { ratio: 1.1, reference: 'none' } };
  const error = t.throws(() => program(weights, spec, model, streamKey(1, 'p')), {
    message: /largest fracBits/,
  });
  const fit = Number(/fits is (\d+)/.exec(error!.message)?.[1]);
  t.notThrows(() => program(weights, { ...spec, fracBits: fit }, model, streamKey(1, 'p')));
  t.throws(() => program(weights, { ...spec, fracBits: fit + 1 }, model, streamKey(1, 'p')));
});
