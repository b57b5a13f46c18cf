/** What lies beside the weights is applied as transformers and timm do, or refused by name and line. */
import test from 'ava';
import { checkImageSize, preprocessingBeside } from '../../src/accuracy/preprocessor.ts';
import type { OpaquePixels } from '../../src/data/pixels.ts';
import { evaluation, stretch, type TransformOptions } from '../../src/data/transform.ts';
import { failure } from '../arch/fixtures.ts';
import { failed, memoryFiles } from '../data/memory-files.ts';
import { BYTES, FLOATS, TIMM } from './processed.ts';

const [WIDTH, HEIGHT] = [14, 21];
const photograph: OpaquePixels = {
  width: WIDTH,
  height: HEIGHT,
  channels: 3,
  data: Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => {
    const [c, x, y] = [i % 3, Math.floor(i / 3) % WIDTH, Math.floor(i / 3 / WIDTH)];
    return (x * x * 7 + y * 13 + c * 91 + x * y * 3) % 256;
  }),
};

async function beside(
  files: Readonly<Record<string, object | string>>,
  imageSize = 4,
): Promise<TransformOptions | undefined> {
  const texts = Object.entries(files).map(([name, file]) => [
    `vit/${name}`,
    typeof file === 'string' ? file : JSON.stringify(file),
  ]);
  const found = await preprocessingBeside(memoryFiles(Object.fromEntries(texts)), 'vit', {
    name: 'tiny',
    size: [imageSize, imageSize],
    channels: 3,
  });
  return found?.options;
}

const ofHub = (config: object) => beside({ 'preprocessor_config.json': config });
const prepared = (options: TransformOptions | undefined): number[] =>
  Array.from(evaluation(options)(photograph).input);

for (const [name, { config, values }] of Object.entries(BYTES))
  test(`an image as transformers prepares it, sample by sample: ${name}`, async t => {
    const input = prepared(await ofHub(config));
    const scale = (config as { do_rescale: boolean }).do_rescale ? 255 : 1;
    t.deepEqual(
      input.map(value => Math.round(value * scale)),
      values,
    );
  });

for (const [name, { config, values }] of Object.entries(FLOATS))
  test(`an image as transformers normalises it, bit for bit: ${name}`, async t => {
    t.deepEqual(prepared(await ofHub(config)), [...values]);
  });

const timm = (cfg: object) => ({
  architecture: 'vit_tiny_patch16_224',
  pretrained_cfg: { mean: [0.5, 0.4, 0.3], std: [1, 1, 1], ...cfg },
});

for (const [name, cfg] of Object.entries({
  center: { input_size: [3, 5, 5], crop_pct: 0.7, crop_mode: 'center', interpolation: 'bicubic' },
  squash: { input_size: [3, 4, 4], crop_pct: 0.8, crop_mode: 'squash', interpolation: 'bilinear' },
  border: { input_size: [3, 7, 7], crop_pct: 1, crop_mode: 'border' },
  border_cut: { input_size: [3, 4, 4], crop_pct: 0.5, crop_mode: 'border', interpolation: 'nearest' },
  lanczos: { input_size: [3, 4, 4], crop_pct: 1, interpolation: 'lanczos' },
}))
  test(`an image as timm prepares it: ${name}`, async t => {
    const options = (await beside({ 'config.json': timm(cfg) }, cfg.input_size[1]))!;
    t.deepEqual(options.normalization, { mean: [0.5, 0.4, 0.3], std: [1, 1, 1] });
    const mean = [0.5, 0.4, 0.3];
    const plane = cfg.input_size[1] ** 2;
    t.deepEqual(
      prepared(options).map((value, i) => Math.round((value + mean[Math.floor(i / plane)]) * 255)),
      [...TIMM[name]],
    );
  });

test('do_normalize false is no normalisation, and not that of ImageNet', async t => {
  const options = await ofHub({
    do_normalize: false,
    image_mean: [0.5, 0.5, 0.5],
    image_std: [0.5, 0.5, 0.5],
  });
  t.is(options?.normalization, 'none');
  t.regex(stretch(options).text, /not normalised/);
});

test('a class of processors has its own defaults', async t => {
  const vit = evaluation(await ofHub({ feature_extractor_type: 'ViTFeatureExtractor', size: 32 }));
  t.is(vit.text, 'to 32 x 32 bilinear, x 1/255, mean 0.5, std 0.5');
  const dino = evaluation(
    await ofHub({ image_processor_type: 'BitImageProcessorFast', size: { shortest_edge: 256 } }),
  );
  t.regex(dino.text, /^shorter side to 256 bicubic, crop 224 x 224, x 1\/255, mean 0\.48145466,/);
  const clip = evaluation(
    await ofHub({ feature_extractor_type: 'CLIPFeatureExtractor', size: 224, crop_size: 224 }),
  );
  t.regex(clip.text, /^shorter side to 224 bicubic, crop 224 x 224/);
  const large = await ofHub({ image_processor_type: 'ConvNextImageProcessor', size: { shortest_edge: 384 } });
  t.deepEqual([large?.resize, large?.crop], [{ to: [384, 384] }, 'none']);
});

test('a file without a class says what it says, and the rest is ours', async t => {
  const options = await ofHub({ image_mean: 0.5, image_std: [0.25], resample: 1 });
  t.deepEqual(options, {
    centre: 'transformers',
    filter: 'lanczos',
    normalization: { mean: [0.5], std: [0.25] },
  });
});

test('the preprocessor comes first, then the one of a whole processor, then timm', async t => {
  const half = { image_mean: 0.5, image_std: 0.5 };
  const all = {
    'preprocessor_config.json': { image_mean: 0, image_std: 1 },
    'processor_config.json': { processor_class: 'CLIPProcessor', image_processor: half },
    'config.json': timm({ mean: [0, 0, 0], input_size: [3, 4, 4] }),
  };
  t.deepEqual((await beside(all))?.normalization, { mean: [0], std: [1] });
  const { 'preprocessor_config.json': _, ...rest } = all;
  t.deepEqual((await beside(rest))?.normalization, { mean: [0.5], std: [0.5] });
  t.deepEqual((await beside({ 'config.json': rest['config.json'] }))?.normalization, {
    mean: [0, 0, 0],
    std: [1, 1, 1],
  });
  t.is(await beside({}), undefined);
  t.is(await beside({ 'config.json': { model_type: 'vit' } }), undefined);
});

test('timm wrote its fields beside the architecture at first, and a size to test at', async t => {
  const old = { architecture: 'vit_tiny_patch16_224', num_classes: 5, input_size: [3, 4, 4], crop_pct: 0.9 };
  t.deepEqual((await beside({ 'config.json': old }))?.resize, { shorter: 4 });
  const both = timm({ input_size: [3, 2, 2], test_input_size: [3, 4, 4], test_crop_pct: 0.5, crop_pct: 1 });
  t.deepEqual((await beside({ 'config.json': both }, 4))?.resize, { shorter: 8 });
  t.deepEqual((await beside({ 'config.json': both }, 2))?.resize, { shorter: 2 });
});

const refused: readonly [string, object | string, RegExp][] = [
  [
    'a list that is none',
    { image_mean: 'x', image_std: 1 },
    /config\.json:1: image_mean: expected a list of numbers, got "x"/,
  ],
  ['a mean alone', { image_mean: 0.5 }, /image_std: missing/],
  [
    'an unknown class',
    { image_processor_type: 'LevitImageProcessor' },
    /LevitImageProcessor is not known here; known: ViTImageProcessor,/,
  ],
  [
    'a field that is not known, with its line',
    '{\n  "do_resize": true,\n  "do_pad": true\n}',
    /preprocessor_config\.json:3: do_pad: not known here/,
  ],
  [
    'a slip, with the nearest field',
    { do_normalise: true },
    /do_normalise: not known here; did you mean do_normalize\?/,
  ],
  ['a filter that Pillow has not', { resample: 9 }, /resample: expected 0 \(nearest\), 1 \(lanczos\)/],
  [
    'a longest edge',
    { size: { longest_edge: 9 } },
    /size: expected a number, \{height, width\} or \{shortest_edge\}/,
  ],
  ['half a pixel', { size: 2.5 }, /size: expected whole numbers of pixels/],
  [
    'channels last',
    { data_format: 'channels_last' },
    /data_format: "channels_last" is not supported, only "channels_first"/,
  ],
  ['a rescaling by nothing', { rescale_factor: 0 }, /rescale_factor: expected a number above 0/],
  ['no JSON', '{', /not JSON/],
];

for (const [what, file, message] of refused)
  test(`${what} is refused`, async t => {
    const { message: got, exitCode } = await failed(beside({ 'preprocessor_config.json': file }));
    t.regex(got, message);
    t.is(exitCode, 3);
  });

test('a field that is off changes nothing', async t => {
  t.is((await ofHub({ do_pad: false, pad_size: null, do_flip_channel_order: false }))?.crop, undefined);
});

test('of timm, too', async t => {
  const refuse = async (cfg: object) => (await failed(beside({ 'config.json': timm(cfg) }))).message;
  t.regex(
    await refuse({ input_size: [1, 4, 4] }),
    /pretrained_cfg\.input_size: 1 channels; the network has 3/,
  );
  t.regex(
    await refuse({ crop_mode: 'zoom' }),
    /pretrained_cfg\.crop_mode: expected center, squash or border/,
  );
  t.regex(await refuse({ interpolation: 'random' }), /interpolation: expected nearest, lanczos/);
  t.regex(await refuse({ label_offset: 1 }), /label_offset: 1 is not supported, only 0/);
  t.regex(
    await refuse({ crop_pkt: 0.9 }),
    /pretrained_cfg\.crop_pkt: not known here; did you mean crop_pct\?/,
  );
});

test('images of another size than the network takes are told before one is read', t => {
  const model = { name: 'tiny', size: [32, 32], channels: 3 } as const;
  const said = { resize: { to: [224, 224] }, crop: 'none' } as const;
  const file = { file: 'vit/preprocessor_config.json', options: said };
  const ofFile = failure(() => checkImageSize({ size: 32, ...said }, file, model));
  t.is(
    ofFile.message,
    'vit/preprocessor_config.json: images become 224 x 224, but tiny runs on 32 x 32: add --resize 32x32 --crop none',
  );
  t.is(ofFile.exitCode, 3);
  t.is(failure(() => checkImageSize({ size: 32, ...said, crop: [8, 8] }, file, model)).exitCode, 2);
  t.notThrows(() => checkImageSize({ size: 32, ...said, resize: { to: [32, 32] } }, file, model));
  t.notThrows(() => checkImageSize({ size: 32 }, undefined, model));
});
