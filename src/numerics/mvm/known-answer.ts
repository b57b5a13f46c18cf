/** A small noisy matrix whose sums are known: what a back end must compute to the bit before it is trusted. */
import { streamKey } from '../../base/random.ts';
import type { NoiseModel } from '../../tech/noise-model.ts';
import type { MvmBackend } from './backend.ts';
import { program } from './program.ts';
import { referenceBackend } from './reference.ts';
import type { MvmSpec } from './spec.ts';

const SPEC: MvmSpec = {
  rows: 24,
  cols: 6,
  arrayRows: 16,
  cellBits: 2,
  weightBits: 4,
  inputBits: 4,
  signedInput: false,
  encoding: 'offset',
  adc: { bits: 5, levelsPerLsb: 'full-scale' },
  strip: 16,
};
const NOISE: NoiseModel = {
  write: { kind: 'multiplicative', sigma: 0.2 },
  read: { kind: 'multiplicative', sigma: 0.1, when: 'read' },
};
const TOKENS = 3;

/** Whether it gives the bits of the reference here. @throws what it throws where it does not run */
export async function knowsAnswer(backend: MvmBackend): Promise<boolean> {
  const expected = await sums(referenceBackend());
  const found = await sums(backend);
  return found.every((value, i) => value === expected[i]);
}

/** The slice sums of the small matrix. */
async function sums(backend: MvmBackend): Promise<Int32Array> {
  const weights = Array.from({ length: SPEC.rows * SPEC.cols }, (_, i) => ((5 * i) % 16) - 8);
  const x = Uint8Array.from({ length: TOKENS * SPEC.rows }, (_, i) => (7 * i) % 16);
  const handle = await backend.load(program(weights, SPEC, NOISE, streamKey(1, 'program')));
  const out = new Int32Array(handle.plan.slices * TOKENS * SPEC.cols);
  await backend.run({ handle, x, tokens: TOKENS, key: streamKey(1, 'read') }, out);
  handle.dispose();
  return out;
}
