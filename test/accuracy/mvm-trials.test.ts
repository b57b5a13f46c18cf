import test from 'ava';
import { countClipping } from '../../src/accuracy/clipping.ts';
import { type MvmTrialOptions, mvmTrials } from '../../src/accuracy/mvm-trials.ts';
import { streamKey } from '../../src/base/random.ts';
import { program } from '../../src/numerics/mvm/program.ts';
import { referenceBackend } from '../../src/numerics/mvm/reference.ts';
import type { MvmSpec } from '../../src/numerics/mvm/spec.ts';
import { wasmBackend } from '../../src/numerics/mvm/wasm/backend.ts';

const spec: MvmSpec = {
  rows: 70,
  cols: 20,
  arrayRows: 64,
  cellBits: 2,
  weightBits: 8,
  inputBits: 8,
  signedInput: false,
  encoding: 'offset',
  adc: { bits: 8, levelsPerLsb: 'lossless' },
  strip: 16,
};
const setting: MvmTrialOptions = { spec, noise: {}, tokens: 12, density: 0.5, trials: 3, seed: 1 };
const read = { kind: 'multiplicative', sigma: 0.1, when: 'device' } as const;

test('a lossless ADC without noise is exact, in every trial', async t => {
  const { rmse, snr_dB, effectiveBits, bias, trials } = await mvmTrials(referenceBackend(), setting);
  t.deepEqual([rmse.mean, bias.mean, snr_dB, effectiveBits], [0, 0, null, null]);
  t.is(trials.length, 3);
});

test('the error grows with the variation, and not with the back end', async t => {
  const wasm = await wasmBackend();
  let before = 0;
  for (const sigma of [0.02, 0.05, 0.1, 0.2]) {
    const options = { ...setting, noise: { read: { ...read, sigma } } };
    const result = await mvmTrials(wasm, options);
    t.true(result.rmse.mean > 1.5 * before, `${sigma}`);
    before = result.rmse.mean;
    t.deepEqual(await mvmTrials(referenceBackend(), options), result);
  }
  await wasm.dispose();
});

test('the effective bits are those of a quantiser with that signal to noise', async t => {
  const { trials } = await mvmTrials(referenceBackend(), { ...setting, noise: { read } });
  for (const { snr_dB, effectiveBits } of trials)
    t.true(Math.abs(effectiveBits! - (snr_dB! - 1.7609) / 6.0206) < 1e-4);
});

test('the histogram holds every product of every trial', async t => {
  const { histogram } = await mvmTrials(referenceBackend(), { ...setting, noise: { read } });
  t.is(
    histogram.counts.reduce((a, b) => a + b),
    3 * 12 * 20,
  );
  t.is(histogram.edges.length, histogram.counts.length + 1);
  t.is(histogram.edges[0], -histogram.edges.at(-1)!);
  // The middle bin is that of 0, whatever the width.
  for (const sigma of [0.01, 0.03, 0.07, 0.1, 0.2]) {
    const noise = { read: { ...read, sigma } };
    const { edges } = (await mvmTrials(referenceBackend(), { ...setting, noise })).histogram;
    t.is(edges[8] + edges[9], 0);
  }
});

test('clipped conversions by hand', t => {
  // 3 rows of 1-bit cells all on, 1-bit inputs: sums 3, 2, 0 against codes 0..1 of one level each.
  const tiny: MvmSpec = {
    rows: 3,
    cols: 1,
    arrayRows: 3,
    cellBits: 1,
    weightBits: 1,
    inputBits: 1,
    signedInput: false,
    encoding: 'offset',
    adc: { bits: 1, levelsPerLsb: { levels: 1, steps: 1 } },
    strip: 1,
  };
  const matrix = program([0, 0, 0], tiny, {}, streamKey(1, 'x'));
  t.deepEqual(countClipping(matrix, Uint8Array.of(1, 1, 1, 1, 1, 0, 0, 0, 0), 3), {
    conversions: 3,
    above: 2,
    below: 0,
  });
});

test('where idle rows are cut off, sparse inputs lose less of their signal along the lines', async t => {
  const lossOf = async (idle: 'cut-off' | 'grounded', density: number): Promise<number> => {
    const wires = { onResistance_ohm: 6e3, rowWire_ohm: 0, colWire_ohm: 5, arrayCols: 64, idle } as const;
    const pairs = { ...spec, encoding: 'differential' as const };
    const options = { ...setting, spec: pairs, density, tokens: 40, noise: { irDrop: wires } };
    const { rmse, signal } = await mvmTrials(referenceBackend(), options);
    return rmse.mean / signal;
  };
  t.true((await lossOf('cut-off', 0.1)) < 0.6 * (await lossOf('cut-off', 0.9)));
  t.true((await lossOf('grounded', 0.1)) > 0.8 * (await lossOf('grounded', 0.9)));
});
