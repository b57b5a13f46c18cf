/** One run for time, energy, area and accuracy: one chip, one checkpoint, the same figures as `accuracy()` gives alone. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { accuracy } from '../../src/accuracy/accuracy.ts';
import { chipAccuracy } from '../../src/accuracy/chip-accuracy.ts';
import { jsonText } from '../../src/base/json-text.ts';
import { diskFiles } from '../../src/data/node/disk-files.ts';
import { compare } from '../../src/explore/compare/compare.ts';
import { openBackend } from '../../src/numerics/mvm/node/open-backend.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { requestOfConfig, rerunOf } from '../../src/run/rerun.ts';
import { type Run, type RunRequest, run } from '../../src/run/run.ts';
import { writeTinyNetwork } from './read-out.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-chip-accuracy-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const backend = () => openBackend({ backend: 'wasm', gpuMode: undefined, threads: 1 });
const hooks = { files: nodeFiles, accuracy: chipAccuracy({ files: nodeFiles, disk: diskFiles, backend }) };
const model = join(folder, 'model.yaml');
const ofData = { data: join(folder, 'x.npy'), images: 8, draws: 1, snrImages: 0 };
const request: RunRequest = { arch: 'trex', model, seed: 3, accuracy: { weights: folder, ...ofData } };
let done: Run;
test.before(async () => {
  await writeTinyNetwork(folder, 16);
  done = await run(request, hooks);
});

test('the accuracy is that of `accuracy` on the technology of the chip, and the other figures are those without', async t => {
  const own = await backend();
  const set = ['tech.adc.bits=6'];
  const asked = { ...ofData, model: folder, modelName: model, tech: 'trex-fefet-32nm', set, seed: 3 };
  const alone = await accuracy(asked, { files: nodeFiles, disk: diskFiles, backend: own });
  await own.dispose();
  const { accuracy: measured, run: said, warnings: _w, ...figures } = done.result;
  t.deepEqual(measured?.points, alone.points);
  t.deepEqual([measured?.tech, measured?.float32], [alone.tech, alone.float32]);
  const {
    run: _run,
    warnings: _warnings,
    ...without
  } = (await run({ arch: 'trex', model, seed: 3 }, hooks)).result;
  t.deepEqual(figures, without);
  t.deepEqual(
    said.accuracy?.read?.map(({ path }) => path),
    [join(folder, 'model.safetensors'), ofData.data],
  );
});

test('a result and its configuration repeat it, and what has changed since is named', async t => {
  const { run: again } = await rerunOf('r.json', new TextEncoder().encode(jsonText(done.result)), nodeFiles);
  t.is(jsonText((await run(again, hooks)).result), jsonText(done.result));
  const config = join(folder, 'config.yaml');
  writeFileSync(config, done.config);
  t.deepEqual(requestOfConfig(config, nodeFiles)?.accuracy, done.result.run.accuracy);
  const moved = { ...again.accuracy!, read: [{ path: ofData.data, sha256: '0' }] };
  const { warnings } = (await run({ ...again, accuracy: moved }, hooks)).result;
  t.true(
    warnings.some(text => text.startsWith(`${ofData.data}: not what the earlier run read`)),
    warnings.join('\n'),
  );
});

test('two chips are compared by accuracy as well, whatever differs', async t => {
  const { weights: _, ...inputs } = request.accuracy!;
  const trained = { model: folder, ...inputs };
  const names = ['trex', 'trex-full'];
  const { subjects } = await compare(
    { names, model, trained, trials: 0, seed: 3 },
    { files: nodeFiles, disk: diskFiles, backend },
  );
  t.deepEqual(subjects[0].accuracy?.points, done.result.accuracy?.points);
  t.is(subjects.length, subjects.filter(({ accuracy: one }) => one !== undefined).length);
});

const refused: [what: string, more: Partial<RunRequest>, message: RegExp][] = [
  ['weights of another network', { model: 'deit-t' }, /model\.safetensors/],
  ['another network than the weights are of', { set: ['model.encoders=1'] }, /model\.safetensors/],
  [
    'operands of 16 bits',
    { set: ['precision.weights=16'] },
    /precision\.weights is 16 bit; networks are computed in 2 to 8/,
  ],
];
for (const [what, more, message] of refused)
  test(`${what}: refused`, async t => {
    const error = await t.throwsAsync(run({ ...request, ...more }, hooks));
    t.regex(error.message, message);
  });
