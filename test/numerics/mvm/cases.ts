/** Random matrices, inputs and device models for the tests of the crossbar arithmetic. */
import fc from 'fast-check';
import { type StreamKey, uniformStream } from '../../../src/base/random.ts';
import type { MvmBackend, MvmInput } from '../../../src/numerics/mvm/backend.ts';
import type { ProgrammedMatrix } from '../../../src/numerics/mvm/programmed-matrix.ts';
import type { MvmSpec } from '../../../src/numerics/mvm/spec.ts';
import { ENCODING_NAMES, weightEncoding } from '../../../src/tech/encodings.ts';
import type { NoiseModel } from '../../../src/tech/noise-model.ts';

export const THERMAL = { capacitance_F: 1e-15, fullScale_V: 0.3, temperature_K: 300 };

/** One device model for each kind of noise on the way. */
export const MODELS: Readonly<Record<string, NoiseModel>> = {
  ideal: {},
  thermal: { thermal: THERMAL },
  trex: {
    write: { kind: 'multiplicative', sigma: 0.2 },
    read: { kind: 'multiplicative', sigma: 0.1, when: 'read' },
    thermal: THERMAL,
  },
  additive: {
    onOff: { ratio: 10, reference: 'column' },
    stuck: { on: 0.02, off: 0.03 },
    read: { kind: 'additive', sigma: 0.05, when: 'read' },
  },
  frozen: {
    onOff: { ratio: 100, reference: 'none' },
    write: { kind: 'clipformer', gamma: 2, sigma: 0.1 },
    read: { kind: 'multiplicative', sigma: 0.1, when: 'device' },
    adc: { offset_LSB: 0.3, gain: 0.02, inl_LSB: -0.7, columns: 8 },
    thermal: THERMAL,
  },
  telegraph: {
    onOff: { ratio: 20, reference: 'column' },
    write: { kind: 'multiplicative', sigma: 0.2 },
    telegraph: { amplitude: 0.3, probability: 0.4 },
    read: { kind: 'multiplicative', sigma: 0.1, when: 'device' },
  },
};

export interface Case {
  readonly spec: MvmSpec;
  readonly tokens: number;
  readonly seed: number;
}

/** Specs with odd sizes, any ADC, its first code anywhere, as far as float32 holds their slice sums; `lossless` takes the bits that the array needs. */
export const cases = (lossless: boolean): fc.Arbitrary<Case> =>
  fc
    .record({
      rows: fc.integer({ min: 1, max: 300 }),
      cols: fc.integer({ min: 1, max: 40 }),
      arrayRows: fc.constantFrom(1, 5, 16, 33, 64, 100, 128, 256),
      cellBits: fc.constantFrom(1, 2, 4),
      weightBits: fc.integer({ min: 2, max: 8 }),
      inputBits: fc.integer({ min: 1, max: 8 }),
      signedInput: fc.boolean(),
      encoding: fc.constantFrom(...ENCODING_NAMES),
      strip: fc.constantFrom(1 as const, 16 as const, 32 as const),
      adcBits: fc.integer({ min: 1, max: 12 }),
      arrayCols: fc.integer({ min: 1, max: 40 }),
      low: fc.oneof(fc.constant(0), fc.integer({ min: -40, max: 40 })),
      tokens: fc.integer({ min: 1, max: 5 }),
      seed: fc.integer({ min: 0, max: 1e6 }),
    })
    .map(({ adcBits, low: anyLow, tokens, seed, ...shape }) => {
      const full = shape.arrayRows * (2 ** shape.cellBits - 1);
      const least = weightEncoding(shape.encoding).referenceColumns > 0 ? -full : 0;
      const low = Math.max(least, Math.min(anyLow, full));
      const needed = Math.ceil(Math.log2(full + 1));
      const adc = lossless
        ? { bits: needed, levelsPerLsb: 'lossless' as const }
        : { bits: adcBits, levelsPerLsb: 'full-scale' as const, low };
      return { spec: { ...shape, adc }, tokens, seed };
    })
    .filter(({ spec }) => spec.rows / spec.arrayRows < 2 ** (23 - spec.adc.bits - spec.inputBits));

/** Weights [row][col] over the whole range of a spec. */
export function randomWeights({ rows, cols, weightBits, encoding }: MvmSpec, seed: number): Int32Array {
  const random = uniformStream(seed, 'test-weights');
  const high = 2 ** (weightBits - 1) - 1;
  const low = weightEncoding(encoding).lowest(weightBits);
  return Int32Array.from({ length: rows * cols }, () => low + Math.floor(random() * (high - low + 1)));
}

/** Inputs [token][row] over the whole range of a spec. */
export function randomInputs(
  { rows, inputBits, signedInput }: MvmSpec,
  tokens: number,
  seed: number,
): MvmInput {
  const random = uniformStream(seed, 'test-inputs');
  const low = signedInput ? -(2 ** (inputBits - 1)) : 0;
  const values = Array.from({ length: tokens * rows }, () => low + Math.floor(random() * 2 ** inputBits));
  return signedInput ? Int8Array.from(values) : Uint8Array.from(values);
}

/** The slice sums of one back end. */
export async function sliceSums(
  backend: MvmBackend,
  matrix: ProgrammedMatrix,
  x: MvmInput,
  tokens: number,
  key: StreamKey,
): Promise<Int32Array> {
  const handle = await backend.load(matrix);
  const out = new Int32Array(matrix.plan.slices * tokens * matrix.plan.spec.cols);
  await backend.run({ handle, x, tokens, key }, out);
  handle.dispose();
  return out;
}
