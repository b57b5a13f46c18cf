/** What the page does with the library: a network is prepared once, inputs come one by one, and figures come while a measurement runs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { accuracy } from '../../src/accuracy/accuracy.ts';
import { INFER_DEFAULTS, infer, networkOptions } from '../../src/accuracy/infer.ts';
import type { JobRecord } from '../../src/accuracy/jobs.ts';
import { openNetwork } from '../../src/accuracy/network-file.ts';
import { Runner } from '../../src/accuracy/runner.ts';
import { readSamples, type Sample } from '../../src/accuracy/samples.ts';
import { diskFiles } from '../../src/data/node/disk-files.ts';
import { openData } from '../../src/data/open-data.ts';
import { subset } from '../../src/data/subset.ts';
import type { MvmBackend } from '../../src/numerics/mvm/backend.ts';
import { wasmBackend } from '../../src/numerics/mvm/wasm/backend.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { writeNpy } from '../../src/workload/import/npy-writer.ts';
import { writeTinyNetwork } from './read-out.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-input-by-input-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);
const weights = path('model.safetensors');
const chip = {
  model: weights,
  modelName: path('model.yaml'),
  tech: 'fefet-32nm',
  set: ['tech.adc.bits=5', 'tech.noise.readVariation.sigma=20 %'],
};
const IMAGES = 20;
let backend: MvmBackend;
let inputs: Sample[];
let calibration: Sample[];
let runner: Runner;

test.before(async () => {
  await writeTinyNetwork(folder, IMAGES);
  backend = await wasmBackend();
  const network = await openNetwork(
    { model: weights, modelName: chip.modelName, reuse: 'none' },
    { files: nodeFiles, disk: diskFiles },
  );
  const all = await openData(diskFiles, path('x.npy'), {}, {});
  const drawn = async (count: number, seed: number | string): Promise<Sample[]> => {
    const samples = await readSamples(subset(all, count, seed), network.model);
    return Promise.all(Array.from({ length: count }, async (_, i) => (await samples.sample(i))!));
  };
  inputs = await drawn(IMAGES, 1);
  calibration = await drawn(16, '1/calibration');
  const options = { ...INFER_DEFAULTS, ...chip, input: '', precision: 'analog' as const };
  const some = calibration.map(({ input }) => input);
  const how = await networkOptions(options, network, some, { files: nodeFiles, disk: diskFiles, backend });
  runner = new Runner(network, how);
});
test.after.always(async () => {
  runner.dispose();
  await backend.dispose();
});

const pixels = ({ input }: Sample): Float32Array => ('image' in input ? input.image : new Float32Array());
const array = (samples: readonly Sample[]): Uint8Array => {
  const [{ length }] = samples.map(pixels);
  const data = new Float32Array(samples.length * length);
  for (const [i, one] of samples.entries()) data.set(pixels(one), i * length);
  return writeNpy(data, [samples.length, 3, 16, 16]);
};

test.serial('an input by itself gives the logits of `infer` with the same calibration', async t => {
  writeFileSync(path('few.npy'), array(inputs.slice(0, 3)));
  writeFileSync(path('calibration.npy'), array(calibration));
  const request = {
    ...chip,
    input: path('few.npy'),
    calibrate: path('calibration.npy'),
    precision: 'analog' as const,
  };
  const { logits } = await infer(request, { files: nodeFiles, disk: diskFiles, backend });
  for (const [image, { input }] of inputs.slice(0, 3).entries()) {
    const own = await runner.run(input, { image });
    t.deepEqual([...own.logits.data], [...logits.slice(10 * image, 10 * (image + 1))]);
  }
});

test.serial(
  'the records of a measurement add up to its figures, which are those of its inputs one by one',
  async t => {
    const records: JobRecord[] = [];
    const request = { ...chip, data: path('x.npy'), images: IMAGES, draws: 1, snrImages: 0 };
    const measured = await accuracy(request, {
      files: nodeFiles,
      disk: diskFiles,
      backend,
      open: () => ({ records: new Map(), append: record => void records.push(record) }),
    });
    const hits = records
      .filter(({ key }) => key.startsWith('analog/0/0/'))
      .reduce((sum, { tally }) => sum + tally.top1, 0);
    t.is(hits / IMAGES, measured.points[0].draws[0].top1);
    let right = 0;
    for (const { input, index, label } of inputs) {
      const { data } = (await runner.run(input, { image: index })).logits;
      if (data.indexOf(data.reduce((most, value) => Math.max(most, value))) === label) right++;
    }
    t.is(right, hits);
    t.true(right > 0);
  },
);

test.serial('a measurement that is handed records of exact networks computes crossbars alone', async t => {
  const first: JobRecord[] = [];
  const request = { ...chip, data: path('x.npy'), images: 4, draws: 1, snrImages: 0 };
  const measure = (known: readonly JobRecord[], done: JobRecord[]) =>
    accuracy(request, {
      files: nodeFiles,
      disk: diskFiles,
      backend,
      open: () => ({
        records: new Map(known.map(one => [one.key, one])),
        append: record => void done.push(record),
      }),
    });
  const whole = await measure([], first);
  const rest: JobRecord[] = [];
  const again = await measure(
    first.filter(({ key }) => !key.startsWith('analog/')),
    rest,
  );
  t.deepEqual(
    rest.map(({ key }) => key),
    ['analog/0/0/0'],
  );
  t.deepEqual([again.points, again.int8], [whole.points, whole.int8]);
});
