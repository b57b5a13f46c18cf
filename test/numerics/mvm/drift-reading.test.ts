/** Drift that all cells share is made up for, as far as converters can tell it; without drift nothing changes. */
import test from 'ava';
import { crossbarDevice } from '../../../src/accuracy/device.ts';
import { type MvmTrials, mvmTrials } from '../../../src/accuracy/mvm-trials.ts';
import { trialOptions } from '../../../src/accuracy/product-error.ts';
import type { MvmBackend } from '../../../src/numerics/mvm/backend.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import { wasmBackend } from '../../../src/numerics/mvm/wasm/backend.ts';
import { loadTech } from '../../../src/run/node/load.ts';
import type { CompensationScope } from '../../../src/tech/drift-compensation-schema.ts';

let wasm: MvmBackend;
test.before(async () => {
  wasm = await wasmBackend();
});
test.after.always(() => wasm?.dispose());

const PRODUCT = {
  rows: 96,
  cols: 24,
  weightBits: 8,
  inputBits: 8,
  tokens: 8,
  density: 0.5,
  trials: 1,
  seed: 1,
};

const trials = (
  driftCompensation: CompensationScope,
  set: readonly string[],
  backend = wasm,
): Promise<MvmTrials> => {
  const { devices } = loadTech('pcm-32nm', { set: [...set] });
  const device = crossbarDevice(devices!.static, false, { driftCompensation });
  return mvmTrials(backend, trialOptions(device, PRODUCT));
};

const aged = ['tech.noise.drift.time=1 ks'];

test('PCM after 1 ks: compensation by layer gives back decibels, and every back end the same bits', async t => {
  const [without, by] = [await trials('none', aged), await trials('layer', aged)];
  t.is(without.driftGains, undefined);
  t.true(by.snr_dB!.mean > without.snr_dB!.mean + 2, `${without.snr_dB!.mean} to ${by.snr_dB!.mean} dB`);
  t.deepEqual(await trials('layer', aged, referenceBackend()), by);
});

test('equal drift of all cells is made up for by its inverse', async t => {
  const { driftGains } = await trials('layer', [...aged, 'tech.noise.drift.nuSigma=0']);
  const lost = (1000 / 20) ** -0.049;
  t.true(Math.abs(driftGains![0] * lost - 1) < 0.03, `${driftGains![0]} for ${1 / lost}`);
});

test('where nothing has drifted, or no interval has passed, nothing changes to the bit', async t => {
  t.deepEqual(await trials('layer', []), await trials('none', []));
  const set = [...aged, 'tech.driftCompensation.interval=1 Ms'];
  t.deepEqual(await trials('layer', set), await trials('none', set));
});

test('reference columns take the place of weights, and are refused where nobody would pay for them', t => {
  const of = (name: string, ...set: string[]) =>
    crossbarDevice(loadTech(name, { set }).devices!.static, false);
  const columns = 'tech.driftCompensation.columns=2';
  t.is(of('pcm-32nm', columns).arrayCols, 62);
  t.throws(() => of('trex-fefet-32nm', columns), { message: /columns: expected 0 on published totals/ });
  t.throws(() => of('pcm-32nm', columns, 'tech.encoding=reference-column'), {
    message: /columns: expected 0 in reference-column/,
  });
});
