import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { normalizationBeside } from '../../src/accuracy/preprocessor.ts';
import { TrexError } from '../../src/base/errors.ts';
import { diskFiles } from '../../src/data/node/disk-files.ts';

const root = mkdtempSync(join(tmpdir(), 'trex-preprocessor-'));
test.after.always(() => rmSync(root, { recursive: true, force: true }));

function folder(files: Readonly<Record<string, object>>): string {
  const dir = mkdtempSync(join(root, 'f-'));
  for (const [name, json] of Object.entries(files)) writeFileSync(join(dir, name), JSON.stringify(json));
  return dir;
}

const half = [0.5, 0.5, 0.5];
const timm = {
  architecture: 'vit_tiny_patch16_224',
  pretrained_cfg: { mean: half, std: [0.25, 0.25, 0.25] },
};

test("Hugging Face's preprocessor says it", async t => {
  const json = { do_normalize: true, image_mean: half, image_std: half };
  t.deepEqual(await normalizationBeside(diskFiles, folder({ 'preprocessor_config.json': json })), {
    mean: half,
    std: half,
  });
});

test("timm's configuration says it, and the preprocessor comes first", async t => {
  t.deepEqual(await normalizationBeside(diskFiles, folder({ 'config.json': timm })), {
    mean: half,
    std: [0.25, 0.25, 0.25],
  });
  const both = {
    'config.json': timm,
    'preprocessor_config.json': { image_mean: [0, 0, 0], image_std: half },
  };
  t.deepEqual(await normalizationBeside(diskFiles, folder(both)), { mean: [0, 0, 0], std: half });
});

test('nobody says it', async t => {
  t.is(await normalizationBeside(diskFiles, folder({})), undefined);
  t.is(await normalizationBeside(diskFiles, folder({ 'config.json': { model_type: 'vit' } })), undefined);
  t.is(
    await normalizationBeside(diskFiles, folder({ 'preprocessor_config.json': { do_normalize: false } })),
    undefined,
  );
});

test('what is no list of numbers is told', async t => {
  const dir = folder({ 'preprocessor_config.json': { image_mean: 'x', image_std: half } });
  await t.throwsAsync(normalizationBeside(diskFiles, dir), {
    instanceOf: TrexError,
    message: /image_mean: expected a list/,
  });
});
