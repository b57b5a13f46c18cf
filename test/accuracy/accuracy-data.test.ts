/** The inputs of a measurement: prepared as the files beside the weights say, then as options say, and told in a line. */
import test from 'ava';
import { openAccuracyData } from '../../src/accuracy/accuracy-data.ts';
import { type AccuracyRequest, accuracyOptions } from '../../src/accuracy/accuracy-options.ts';
import type { NetworkFile } from '../../src/accuracy/network-file.ts';
import { writeNpy } from '../../src/workload/import/npy-writer.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import { failed, memoryFiles } from '../data/memory-files.ts';
import { tinyBert, tinyVit } from '../numerics/execute/tiny.ts';

/** Bytes [1, 2, 2, 3]: an image of 2 x 2 pixels. */
const image = Uint8Array.of(10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120);
const npy = (shape: string, data: Uint8Array): Uint8Array => {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape}), }\n`;
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode(`NUMPY\x01\0${String.fromCharCode(header.length)}\0${header}`),
    ...data,
  ]);
};

const data = {
  'd/x.npy': npy('1, 2, 2, 3', image),
  'd/y.npy': writeNpy(Int32Array.of(1), [1]),
  'f/x.npy': writeNpy(new Float32Array(12), [1, 3, 2, 2]),
  'f/y.npy': writeNpy(Int32Array.of(1), [1]),
  't/dev.tsv': 'sentence\tlabel\nThe the\t1\n',
  't/vocab.txt': '[PAD]\n[UNK]\n[CLS]\n[SEP]\nthe\nThe\n',
};

async function open(
  model: ModelConfig,
  files: Readonly<Record<string, object | string>>,
  request: Partial<AccuracyRequest> = {},
) {
  const texts = Object.entries(files).map(([name, f]) => [
    name,
    typeof f === 'string' ? f : JSON.stringify(f),
  ]);
  const options = accuracyOptions({ model: 'net/m.safetensors', data: 'd/x.npy', ...request });
  const network = { model, folder: 'net' } as NetworkFile;
  const opened = await openAccuracyData(
    options,
    network,
    5,
    memoryFiles({ ...data, ...Object.fromEntries(texts) }),
  );
  return { inputs: opened.inputs, values: Array.from((await opened.set.item(0)).input) };
}

const vit = tinyVit({ imageSize: 2, patchSize: 1, classes: 5 });
const f = Math.fround;
/** Planes of the image's samples, each through `of`. */
const planes = (of: (v: number) => number): number[] =>
  [0, 1, 2].flatMap(c => [0, 1, 2, 3].map(i => of(image[3 * i + c])));
const config = { image_processor_type: 'ViTImageProcessor', size: { height: 2, width: 2 } };

test('do_normalize: false is no normalisation', async t => {
  const { inputs, values } = await open(vit, {
    'net/preprocessor_config.json': { ...config, do_normalize: false },
  });
  t.deepEqual(
    values,
    planes(v => f(v / 255)),
  );
  t.is(inputs, 'to 2 x 2 bilinear, x 1/255, not normalised; by net/preprocessor_config.json');
});

test('an option goes before the file, and the line says so', async t => {
  const file = { 'net/preprocessor_config.json': config };
  const { inputs, values } = await open(vit, file, { normalization: '0:1', rescale: 'none', filter: 'box' });
  t.deepEqual(
    values,
    planes(v => v),
  );
  t.is(
    inputs,
    'to 2 x 2 box, not rescaled, not normalised; by --filter, --rescale, --normalization, else net/preprocessor_config.json',
  );
});

test('without a file the default is called assumed', async t => {
  const { inputs } = await open(vit, {});
  t.regex(
    inputs,
    /^to 2 x 2 bilinear, x 1\/255, mean 0\.485,.*; by default \(assumed: no preprocessor_config\.json or/,
  );
});

test('the files may lie in another folder', async t => {
  const { inputs } = await open(vit, { 'hub/preprocessor_config.json': config }, { preprocessing: 'hub' });
  t.regex(inputs, /; by hub\/preprocessor_config\.json$/);
});

test('a folder of preprocessing that is not there, says nothing or changes nothing is refused', async t => {
  const refused = (request: Partial<AccuracyRequest>) =>
    failed(open(vit, { 'hub/preprocessor_config.json': config, 'empty/a.txt': 'a' }, request));
  t.deepEqual(await refused({ preprocessing: 'nowhere' }), {
    message: 'nowhere: no such folder',
    exitCode: 4,
  });
  const silent = await refused({ preprocessing: 'empty' });
  t.regex(silent.message, /^--preprocessing empty: no preprocessor_config\.json, or .* there$/);
  t.is(silent.exitCode, 2);
  t.deepEqual(await refused({ preprocessing: 'hub', data: 'f/x.npy' }), {
    message: '--preprocessing hub has no effect on f/x.npy: its inputs are taken as stored',
    exitCode: 2,
  });
});

test('floats are as stored, and a size that the network does not take is refused', async t => {
  const file = { 'net/preprocessor_config.json': config };
  const floats = await open(vit, file, { data: 'f/x.npy' });
  t.is(floats.inputs, 'as stored: net/preprocessor_config.json is for images');
  const large = { 'net/preprocessor_config.json': { ...config, size: 224 } };
  t.deepEqual(await failed(open(vit, large)), {
    message:
      'net/preprocessor_config.json: images become 224 x 224, but tiny runs on 2 x 2: add --resize 2x2 --crop none',
    exitCode: 3,
  });
  t.is((await open(vit, large, { resize: '2x2', crop: 'none' })).values.length, 12);
  t.is((await failed(open(vit, file, { crop: '1' }))).exitCode, 2);
});

test('a cased text network reads its tokenizer from beside the weights', async t => {
  const bert = tinyBert({ pooler: 'run', classes: 5 });
  const text = { data: 't/dev.tsv' };
  const cased = { 'net/tokenizer_config.json': { do_lower_case: false } };
  t.deepEqual((await open(bert, cased, text)).values.slice(0, 4), [2, 5, 4, 3]);
  t.deepEqual((await open(bert, {}, { ...text, lowerCase: true })).values.slice(0, 4), [2, 4, 4, 3]);
  t.regex(
    (await open(bert, cased, text)).inputs,
    /^WordPiece, cased with accents, at most 10 tokens, by t\/vocab\.txt/,
  );
  t.regex((await failed(open(bert, {}, text))).message, /piece 'The' is in upper case/);
});

test('options for another kind of data, and words that are none, are refused', async t => {
  const message = async (model: ModelConfig, request: Partial<AccuracyRequest>) =>
    (await failed(open(model, {}, request))).message;
  t.regex(
    await message(vit, { vocabulary: 'nowhere.txt' }),
    /^d\/x\.npy: --vocabulary is no option of \.npy/,
  );
  t.regex(await message(vit, { lowerCase: true }), /--lower-case is no option/);
  t.regex(
    await message(vit, { data: 'f/x.npy', normalization: 'half' }),
    /normalization is for images, .* tensors/,
  );
  const bert = tinyBert({ pooler: 'run', classes: 5 });
  t.regex(
    await message(bert, { data: 't/dev.tsv', normalization: 'half' }),
    /normalization is no option of \.tsv/,
  );
  for (const [request, told] of [
    [{ filter: 'cubic' }, /unknown filter 'cubic': did you mean bicubic\?/],
    [{ resize: '2by2' }, /--resize 2by2: expected none, 256/],
    [{ crop: '-1' }, /--crop -1: expected none, 224/],
    [{ rescale: '0' }, /--rescale 0: expected none, 1\/255/],
    [{ normalization: '0.5:x' }, /--normalization 0\.5:x: expected imagenet/],
    [{ normalization: 'imagnet' }, /unknown normalization 'imagnet': did you mean imagenet\?/],
    [{ normalization: '0,0:1' }, /expected 1 or 3 finite numbers for mean/],
  ] as const)
    t.regex(await message(vit, request), told);
});
