/** Technologies at equal accuracy, measured on a trained network as `trex accuracy` does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { accuracy } from '../../../src/accuracy/accuracy.ts';
import { diskFiles } from '../../../src/data/node/disk-files.ts';
import { type CompareRequest, compare } from '../../../src/explore/compare/compare.ts';
import { openBackend } from '../../../src/numerics/mvm/node/open-backend.ts';
import { nodeFiles } from '../../../src/run/node/files.ts';
import { writeTinyNetwork } from '../../accuracy/read-out.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-target-'));
test.before(() => writeTinyNetwork(folder));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const backend = () => openBackend({ backend: 'wasm', gpuMode: undefined, threads: 1 });
const model = join(folder, 'model.yaml');
const trained = { model: folder, data: join(folder, 'x.npy'), images: 24, draws: 1 };
const request: CompareRequest = {
  names: ['fefet-32nm', 'sram-32nm'],
  arch: 'trex-full',
  model,
  trials: 0,
  target: { name: 'accuracy', value: 0.6 },
  trained,
};
const hooks = { files: nodeFiles, disk: diskFiles, backend };

test('the accuracy that is reached is that of `trex accuracy` on the same crossbars', async t => {
  const { iso, differing } = await compare(request, hooks);
  const { text } = iso.find(({ name }) => name === 'accuracy') ?? { text: '' };
  const [, share, bits] = /fefet-32nm ([\d.]+) % with adc\.bits=(\d)/.exec(text) ?? [];
  t.true(Number(share) >= 60, text);
  const own = await backend();
  const top1 = async (adcBits: number): Promise<number> => {
    const set = [`tech.adc.bits=${adcBits}`];
    const options = { ...trained, modelName: model, tech: 'fefet-32nm', set, snrImages: 0 };
    return (await accuracy(options, { files: nodeFiles, disk: diskFiles, backend: own })).points[0].top1.mean;
  };
  t.is((100 * (await top1(Number(bits)))).toFixed(1), share);
  t.true((await top1(Number(bits) - 1)) < 0.6);
  await own.dispose();
  t.true(differing.length > 0);
});

test('an accuracy that none of them reaches says what they do', async t => {
  const error = await t.throwsAsync(compare({ ...request, target: { name: 'accuracy', value: 1 } }, hooks));
  t.regex(error.message, /^fefet-32nm reaches [\d.]+ % at most, with .*: [\d.]+ points short of 100\.0 %/);
});

const refused: [string, Partial<CompareRequest>, RegExp][] = [
  ['no trained network', { trained: null }, /--weights w\.safetensors --data/],
  ['another network than the weights are of', { set: ['model.encoders=1'] }, /model\.safetensors/],
  ['a signal to noise without trials', { target: { name: 'snr', value: 9 }, trained: null }, /--trials 0/],
];
for (const [what, more, message] of refused)
  test(`${what}: refused`, async t => {
    const error = await t.throwsAsync(compare({ ...request, ...more }, hooks));
    t.regex(error.message, message);
  });
