/** `trex infer`: logits that equal the library's, for every kind of checkpoint; bad files are told, and nothing is left. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { openNetwork } from '../../src/accuracy/network-file.ts';
import { EXIT } from '../../src/base/errors.ts';
import { diskFiles } from '../../src/data/node/disk-files.ts';
import { prepare } from '../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../src/numerics/execute/random-weights.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { parseNpy } from '../../src/workload/import/npy.ts';
import { writeNpy } from '../../src/workload/import/npy-writer.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';
import { weightTensors } from '../../src/workload/import/save-weights.ts';
import { reusePlan } from '../../src/workload/reuse.ts';
import { anyIds, anyImage, tinyBert, tinyVit } from '../numerics/execute/tiny.ts';
import { timmVit, written } from '../workload/import/checkpoints.ts';
import { trexIn } from './trex.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-infer-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const trex = trexIn(folder);

const vit = tinyVit();
const graph = buildGraph(vit);
const weights = randomWeights(graph, 3);
const images = [anyImage(vit, 1), anyImage(vit, 2), anyImage(vit, 3)];
const write = (name: string, content: string | Uint8Array): void =>
  writeFileSync(join(folder, name), content);

const YAML = `name: tiny
family: vit
source: a test
imageSize: 12
patchSize: 4
classes: 5
encoders: 2
dim: 12
heads: 3
mlpRatio: 2
`;

test.before(() => {
  write('tiny.safetensors', writeSafetensors(weightTensors(graph, weights)));
  write('tiny.yaml', YAML);
  const all = new Float32Array(images.length * images[0].length);
  for (const [i, image] of images.entries()) all.set(image, i * image.length);
  write('x.npy', writeNpy(all, [3, 3, 12, 12]));
  write('one.npy', writeNpy(images[1], [3, 12, 12]));
});

const network = ['--model', 'tiny.safetensors', '--model-name', './tiny.yaml'];

function logitsIn(name: string): { shape: readonly number[]; values: number[] } {
  const { shape, data } = parseNpy(Uint8Array.from(readFileSync(join(folder, name))), name);
  return { shape, values: [...data] };
}

async function expected(image: Float32Array): Promise<number[]> {
  return [...(await prepare(graph, weights).run({ image })).logits.data];
}

test('float logits are those of the library, image by image', async t => {
  const { code, out, err } = trex('infer', ...network, '--input', 'x.npy', '--out', 'l.npy');
  t.is(code, 0, err);
  t.is(out, 'l.npy: 3 x 5 float32; float32, 1 thread\n');
  const { shape, values } = logitsIn('l.npy');
  t.deepEqual(shape, [3, 5]);
  t.deepEqual(values, (await Promise.all(images.map(expected))).flat());
});

test('an image without batch axis gives one row', async t => {
  t.is(trex('infer', ...network, '--input', 'one.npy', '--out', 'l1.npy', '--quiet').code, 0);
  t.deepEqual(logitsIn('l1.npy'), { shape: [1, 5], values: await expected(images[1]) });
});

test('crossbars without any error give the integers, on every back end and number of threads', t => {
  const calibrated = [...network, '--input', 'x.npy', '--out'];
  const exact = ['--tech', 'trex-sram-32nm', '--set', 'tech.adc.bits=7'];
  t.is(trex('infer', ...calibrated, 'i.npy', '--precision', 'int8').code, 0);
  const ran = trex('infer', ...calibrated, 'a.npy', '--precision', 'analog', ...exact, '--threads', '2');
  t.regex(ran.out, /analog on trex-sram-32nm, wasm \(simd, 2 threads\), draw 0, seed 1/, ran.err);
  t.deepEqual(logitsIn('a.npy'), logitsIn('i.npy'));
});

test('noise depends on seed and draw alone, not on the back end', t => {
  const run = (out: string, ...args: string[]) => {
    const { code, err } = trex(
      'infer',
      ...network,
      '--input',
      'one.npy',
      '--out',
      out,
      '--precision',
      'analog',
      '--quiet',
      ...args,
    );
    t.is(code, 0, err);
    return logitsIn(out).values;
  };
  const first = run('n1.npy');
  t.deepEqual(run('n2.npy', '--backend', 'reference'), first);
  t.deepEqual(run('n3.npy', '--backend', 'gpu', '--gpu-mode', 'cpu'), first);
  t.notDeepEqual(run('n4.npy', '--draw', '1'), first);
});

test('the configuration of Hugging Face is found beside the weights, and shards are put together', async t => {
  const bert = tinyBert({ pooler: 'run', classes: 2, heads: 2 });
  const bertGraph = buildGraph(bert);
  const bertWeights = randomWeights(bertGraph, 4);
  const dir = mkdtempSync(join(folder, 'hf-'));
  const put = (name: string, content: string | Uint8Array): void => writeFileSync(join(dir, name), content);
  const tensors = [...weightTensors(bertGraph, bertWeights)];
  put('a.safetensors', writeSafetensors(new Map(tensors.slice(0, 9))));
  put('b.safetensors', writeSafetensors(new Map(tensors.slice(9))));
  const map = Object.fromEntries(
    tensors.map(([name], i) => [name, i < 9 ? 'a.safetensors' : 'b.safetensors']),
  );
  put('model.safetensors.index.json', JSON.stringify({ metadata: {}, weight_map: map }));
  put(
    'config.json',
    JSON.stringify({
      model_type: 'bert',
      architectures: ['BertForSequenceClassification'],
      vocab_size: 20,
      hidden_size: 12,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      intermediate_size: 24,
      max_position_embeddings: 10,
      num_labels: 2,
    }),
  );
  const words = anyIds(14, 20, 1);
  put('x.npy', writeNpy(words, [2, 7]));
  put('m.npy', writeNpy(Int32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0), [2, 7]));
  const ran = trex(
    'infer',
    '--model',
    dir,
    '--input',
    join(dir, 'x.npy'),
    '--mask',
    join(dir, 'm.npy'),
    '--out',
    'b.npy',
  );
  t.is(ran.code, 0, ran.err);
  const run = async (ids: Int32Array) => {
    const sized = buildGraph(bert, { tokens: ids.length });
    return [...(await prepare(sized, bertWeights).run({ words: ids })).logits.data];
  };
  const want = [...(await run(words.slice(0, 7))), ...(await run(words.slice(7, 11)))];
  t.deepEqual(logitsIn('b.npy'), { shape: [2, 2], values: want });

  put('model.safetensors.index.json', JSON.stringify({ weight_map: { ...map, extra: '../a.safetensors' } }));
  await t.throwsAsync(openNetwork({ model: dir, reuse: 'none' }, { files: nodeFiles, disk: diskFiles }), {
    message: /weight_map: expected names/,
  });
  put('model.safetensors.index.json', JSON.stringify({ weight_map: { ...map, extra: 'a.safetensors' } }));
  await t.throwsAsync(openNetwork({ model: dir, reuse: 'none' }, { files: nodeFiles, disk: diskFiles }), {
    message: /extra is not in a\.safetensors/,
  });
});

test('a text network without head gives a row per token', async t => {
  const bert = tinyBert({ pooler: 'stored', heads: 2 });
  const own = randomWeights(buildGraph(bert), 5);
  const dir = mkdtempSync(join(folder, 'bare-'));
  writeFileSync(join(dir, 'model.safetensors'), writeSafetensors(weightTensors(buildGraph(bert), own)));
  const config = {
    model_type: 'bert',
    architectures: ['BertModel'],
    vocab_size: 20,
    max_position_embeddings: 10,
    hidden_size: 12,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    intermediate_size: 24,
  };
  writeFileSync(join(dir, 'config.json'), JSON.stringify(config));
  const words = anyIds(14, 20, 1);
  writeFileSync(join(dir, 'x.npy'), writeNpy(words, [2, 7]));
  const ran = trex('infer', '--model', dir, '--input', join(dir, 'x.npy'), '--out', 'h.npy');
  t.is(ran.code, 0, ran.err);
  t.regex(ran.out, /2 x 7 x 12 float32, the last hidden states/);
  const sized = buildGraph(bert, { tokens: 7 });
  const one = (from: number) => prepare(sized, own).run({ words: words.slice(from, from + 7) });
  const want = [...(await one(0)).logits.data, ...(await one(7)).logits.data];
  t.deepEqual(logitsIn('h.npy'), { shape: [2, 7, 12], values: want });
});

test("a folder of timm is known by its architecture's name; other heads are a slip", t => {
  const dir = mkdtempSync(join(folder, 'timm-'));
  const put = (name: string, content: string | Uint8Array): void => writeFileSync(join(dir, name), content);
  const config = { architecture: 'vit_tiny_patch16_224', global_pool: 'token', model_args: { num_heads: 2 } };
  put('config.json', JSON.stringify(config));
  put('model.safetensors', writeSafetensors(written(timmVit)));
  put('x.npy', writeNpy(new Float32Array(48).fill(1), [3, 4, 4]));
  const args = ['--model', dir, '--input', join(dir, 'x.npy'), '--out', 't.npy'];
  const ran = trex('infer', ...args);
  t.is(ran.code, 0, ran.err);
  t.is(trex('infer', ...args, '--heads', '2').code, 0);
  const slip = trex('infer', ...args, '--heads', '4');
  t.is(slip.code, EXIT.usage);
  t.regex(slip.err, /--heads 4: .* names a network of 2 heads/);
  put('config.json', JSON.stringify({ ...config, global_pool: 'max' }));
  t.regex(trex('infer', ...args, '--heads', '2').err, /global_pool: "max" is not supported/);
});

test("PyTorch's pickles are told with how to convert them, whatever they are called", t => {
  const dir = mkdtempSync(join(folder, 'pickle-'));
  writeFileSync(join(dir, 'pytorch_model.bin'), 'x');
  write('w.pth', 'x');
  const zip = Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 8, 8, 0, 0);
  write('zip.safetensors', zip);
  write('bare.safetensors', Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9));
  for (const model of [dir, join(dir, 'pytorch_model.bin'), 'w.pth', 'zip.safetensors', 'bare.safetensors']) {
    const ran = trex('infer', '--model', model, '--heads', '3', '--input', 'one.npy', '--out', 'bad.npy');
    t.is(ran.code, EXIT.invalidFile, model);
    t.regex(ran.err, /a pickle of PyTorch, .*python3 -c "import torch, safetensors\.torch/);
  }
});

test('attention reuse runs with transformation blocks from the file', async t => {
  const reused = buildGraph(vit, { reuse: reusePlan([1], 2) });
  write('reuse.safetensors', writeSafetensors(weightTensors(reused, randomWeights(reused, 3))));
  const args = [
    '--model-name',
    './tiny.yaml',
    '--input',
    'one.npy',
    '--out',
    'r.npy',
    '--reuse',
    'encoders:1',
  ];
  t.is(trex('infer', '--model', 'reuse.safetensors', ...args).code, 0);
  const want = await prepare(reused, randomWeights(reused, 3)).run({ image: images[1] });
  t.deepEqual(logitsIn('r.npy').values, [...want.logits.data]);
  const without = trex('infer', '--model', 'tiny.safetensors', ...args);
  t.is(without.code, EXIT.invalidFile);
  t.regex(without.err, /transformation blocks/);
});

const refused: [string, string[], number, RegExp][] = [
  [
    'weights that are not there',
    ['--model', 'no.safetensors', '--heads', '3'],
    4,
    /no\.safetensors: no such file/,
  ],
  ['a name instead of weights', ['--model', 'deit-s'], 2, /a network without weights/],
  ['no description of the network', ['--model', 'tiny.safetensors'], 2, /no config\.json beside it/],
  ['two descriptions', [...network, '--heads', '3'], 2, /give one/],
  ['an unknown model', ['--model', 'tiny.safetensors', '--model-name', 'deit-x'], 4, /did you mean deit-/],
  ['another network', ['--model', 'tiny.safetensors', '--model-name', 'deit-t'], 3, /does not fit deit-t/],
  ['weights that are no weights', ['--model', 'x.npy', '--model-name', './tiny.yaml'], 3, /x\.npy/],
  ['a bad precision', [...network, '--precision', 'int4'], 2, /precision/],
  [
    'a back end that is not there',
    [...network, '--precision', 'analog', '--backend', 'cuda'],
    2,
    /unknown back end/,
  ],
  [
    'a mode that is not there',
    [...network, '--precision', 'analog', '--backend', 'gpu', '--gpu-mode', 'webgl2'],
    4,
    /webgl2/,
  ],
  ['a digital technology', [...network, '--precision', 'analog', '--tech', 'cmos-32nm'], 2, /no crossbars/],
  ['options about threads', [...network, '--precision', 'analog', '--threads', '0'], 2, /--threads 0/],
  ['too many bits', [...network, '--input-bits', '9'], 2, /--input-bits 9/],
];

for (const [what, args, code, message] of refused)
  test(`${what}: one message, exit code ${code}, no file`, t => {
    const ran = trex('infer', ...args, '--input', 'one.npy', '--out', 'bad.npy');
    t.is(ran.code, code, ran.err);
    t.regex(ran.err, message);
    t.notRegex(ran.err, /\n\s+at /);
    t.is(ran.out, '');
    t.false(existsSync(join(folder, 'bad.npy')));
    t.false(readdirSync(folder).some(name => name.endsWith('.tmp')));
  });

test('inputs that do not fit are told with their shape', t => {
  write('wide.npy', writeNpy(new Float32Array(3 * 8 * 8), [3, 8, 8]));
  write('ids.npy', writeNpy(Int32Array.of(1, 2), [1, 2]));
  write('nan.npy', writeNpy(new Float32Array(432).fill(Number.NaN), [3, 12, 12]));
  for (const [input, message] of [
    ['wide.npy', /shape \[3, 8, 8\]; tiny runs on \[N, 3, 12, 12\]/],
    ['ids.npy', /shape \[1, 2\]/],
    ['nan.npy', /element 0 is NaN/],
    ['tiny.yaml', /not a \.npy file/],
  ] as const) {
    const ran = trex('infer', ...network, '--input', input, '--out', 'bad.npy');
    t.is(ran.code, EXIT.invalidFile);
    t.regex(ran.err, message);
  }
  const nowhere = trex('infer', ...network, '--input', 'one.npy', '--out', 'no/l.npy');
  t.regex(nowhere.err, /there is no folder no/);
  t.is(nowhere.code, EXIT.failed);
});
