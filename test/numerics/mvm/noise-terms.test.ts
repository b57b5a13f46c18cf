/** Every noise term, alone: no back end ignores it. A term of `src/tech/noise/` without an example here does not compile. */
import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { streamKey } from '../../../src/base/random.ts';
import type { MvmBackend } from '../../../src/numerics/mvm/backend.ts';
import { type GpuBackend, gpuBackend } from '../../../src/numerics/mvm/gpu/backend.ts';
import { loadWeights } from '../../../src/numerics/mvm/multiply.ts';
import { program } from '../../../src/numerics/mvm/program.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import type { MvmSpec } from '../../../src/numerics/mvm/spec.ts';
import { wasmBackend } from '../../../src/numerics/mvm/wasm/backend.ts';
import { type NoiseModel, TERM_NAMES, type TermName } from '../../../src/tech/noise-model.ts';
import { cellDeviations } from '../../../src/train/variation/cell-deviation.ts';
import { sameNumbers } from '../../helpers/same-numbers.ts';
import { randomInputs, randomWeights, sliceSums } from './cases.ts';

const SPEC: MvmSpec = {
  rows: 70,
  cols: 20,
  arrayRows: 33,
  cellBits: 2,
  weightBits: 8,
  inputBits: 4,
  signedInput: false,
  encoding: 'differential',
  adc: { bits: 8, levelsPerLsb: 'full-scale' },
  strip: 16,
};
const TOKENS = 3;

interface Example<N extends TermName> {
  readonly params: NonNullable<NoiseModel[N]>;
  /** Back ends that refuse it; others compute the bits of the reference. */
  readonly refused: readonly ('gpu' | 'training')[];
  /** What it needs of the crossbars. */
  readonly spec?: Partial<MvmSpec>;
}

const EXAMPLES: { readonly [N in TermName]: readonly Example<N>[] } = {
  // A reference column of perfect cells would take it off to the last bit.
  onOff: [{ params: { ratio: 5, reference: 'none' }, refused: [] }],
  write: [
    { params: { kind: 'multiplicative', sigma: 0.2 }, refused: [] },
    { params: { kind: 'device', device: 'pcm-joshi', range_uS: [0, 25] }, refused: [] },
  ],
  measured: [
    {
      params: {
        points: [
          { target: 0, mean: 1e-6, sigma: 1e-6 },
          { target: 40e-6, mean: 38e-6, sigma: 2e-6 },
        ],
        range_S: [1e-6, 40e-6],
      },
      refused: ['training'],
    },
    {
      params: {
        points: [
          { target: 0, mean: 0, sigma: 1e-6, time: 1 },
          { target: 40e-6, mean: 40e-6, sigma: 3e-6, time: 1 },
          { target: 0, mean: 0, sigma: 2e-6, time: 100 },
          { target: 40e-6, mean: 40e-6, sigma: 4e-6, time: 100 },
        ],
        time_s: 10,
        range_S: [0, 40e-6],
      },
      refused: [],
    },
  ],
  stuck: [{ params: { on: 0.05, off: 0.1 }, refused: ['training'] }],
  drift: [
    { params: { time_s: 1e4, t0_s: 1, nu: 0.1, nuSigma: 0.02 }, refused: ['gpu', 'training'] },
    {
      params: {
        time_s: 1e4,
        t0_s: 1,
        nu: 0,
        nuSigma: 0,
        states: {
          points: [
            { target: 0, nu: 0.1, nuSigma: 0.02 },
            { target: 20e-6, nu: 0.02, nuSigma: 0 },
          ],
          range_S: [0, 20e-6],
        },
      },
      refused: ['gpu', 'training'],
    },
  ],
  retention: [
    {
      params: { time_s: 1e4, t0_s: 1, loss: 0.05, spread: 0.2, towards: 'middle' },
      refused: ['training'],
    },
  ],
  telegraph: [{ params: { amplitude: 0.3, probability: 0.4 }, refused: ['training'] }],
  read: [
    { params: { kind: 'multiplicative', sigma: 0.2, when: 'device' }, refused: [] },
    { params: { kind: 'additive', sigma: 0.1, when: 'device' }, refused: [] },
    {
      params: { kind: 'multiplicative', sigma: 0.2, when: 'device', distribution: 'lognormal' },
      refused: ['gpu'],
    },
    { params: { kind: 'multiplicative', sigma: 0.2, when: 'read' }, refused: [] },
    { params: { kind: 'additive', sigma: 0.1, when: 'read' }, refused: [] },
  ],
  irDrop: (['grounded', 'cut-off', 'floating'] as const).map(idle => ({
    params: { onResistance_ohm: 1e4, rowWire_ohm: 5, colWire_ohm: 5, arrayCols: 20, idle },
    refused: ['training'],
  })),
  adc: [
    { params: { offset_LSB: 2, gain: 0, inl_LSB: 0, columns: 4 }, refused: [] },
    { params: { offset_LSB: 0, gain: 0.1, inl_LSB: 0, columns: 4 }, refused: [] },
    { params: { offset_LSB: 0, gain: 0, inl_LSB: 3, columns: 4 }, refused: [] },
  ],
  merge: (
    [
      ['c-2c', 'column'],
      ['charge-sharing', 'column'],
      ['c-2c', 'cell'],
    ] as const
  ).map(([law, at]) => ({
    params: {
      law,
      at,
      unit_F: 2e-15,
      mismatch: 0.006,
      parasitic: 0.05,
      fullScale_V: 1,
      temperature_K: 300,
    },
    refused: ['training'],
    spec: { merge: true },
  })),
  thermal: [{ params: { capacitance_F: 1e-15, fullScale_V: 0.1, temperature_K: 300 }, refused: [] }],
};

const reference = referenceBackend();
let wasm: MvmBackend;
let gpu: GpuBackend;
test.before(async () => {
  wasm = await wasmBackend();
  gpu = await gpuBackend({ mode: 'cpu' });
});
test.after.always(() => Promise.all([wasm?.dispose(), gpu?.dispose()]));

const [PROGRAM, READ] = [streamKey(1, 'program'), streamKey(1, 'read')];
const weights = randomWeights(SPEC, 1);
const x = randomInputs(SPEC, TOKENS, 1);

async function programmedBy(backend: MvmBackend, model: NoiseModel, spec = SPEC): Promise<Int32Array> {
  const [handle] = await loadWeights(backend, spec, model, [{ weights, key: PROGRAM }]);
  const out = new Int32Array(handle.plan.slices * TOKENS * SPEC.cols);
  await backend.run({ handle, x, tokens: TOKENS, key: READ }, out);
  handle.dispose();
  return out;
}

for (const name of TERM_NAMES)
  for (const [i, { params, refused, spec: own }] of EXAMPLES[name].entries()) {
    const spec: MvmSpec = { ...SPEC, ...own };
    const model: NoiseModel = { [name]: params };
    const named = (message: string): { instanceOf: typeof TrexError; message: RegExp } => ({
      instanceOf: TrexError,
      message: new RegExp(`noise term ${name}\\b.*${message}`),
    });

    test(`${name} ${i} changes what is read, and to the same bits on every back end`, async t => {
      const matrix = program(weights, spec, model, PROGRAM);
      const expected = await sliceSums(reference, matrix, x, TOKENS, READ);
      t.notDeepEqual(expected, await programmedBy(reference, {}, spec));
      sameNumbers(t, await sliceSums(wasm, matrix, x, TOKENS, READ), expected);
      sameNumbers(t, await programmedBy(wasm, model, spec), expected);
      sameNumbers(t, await sliceSums(gpu, matrix, x, TOKENS, READ), expected);
    });

    test(`${name} ${i} is programmed by gpu.js alike, or refused by its name`, async t => {
      const programmed = () => gpu.program(weights, spec, model, PROGRAM);
      if (refused.includes('gpu')) await t.throwsAsync(programmed, named('float32'));
      else sameNumbers(t, (await programmed()).g, program(weights, spec, model, PROGRAM).g);
    });

    test(`${name} ${i} is known to training, or refused by its name`, t => {
      const deviations = () => cellDeviations({ ...spec, noise: model }, 8);
      if (refused.includes('training')) t.throws(deviations, named('leave it out'));
      else t.notThrows(deviations);
    });
  }

test('a term that nobody knows is refused by every back end, with the nearest name', async t => {
  const model = JSON.parse('{"telegraf": {"amplitude": 0.1, "probability": 0.5}}') as NoiseModel;
  const message = /telegraf.*did you mean telegraph\?/;
  for (const backend of [reference, wasm])
    await t.throwsAsync(loadWeights(backend, SPEC, model, [{ weights, key: PROGRAM }]), { message });
  await t.throwsAsync(gpu.program(weights, SPEC, model, PROGRAM), { message });
  t.throws(() => cellDeviations({ ...SPEC, noise: model }, 8), { message });
});
