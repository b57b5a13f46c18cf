/** `trex accuracy` on a network with a fitted head: far above chance, falling with noise, resumable to the same bytes. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { AccuracyResult } from '../../src/report/accuracy-result.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { writeNpy } from '../../src/workload/import/npy-writer.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';
import { weightTensors } from '../../src/workload/import/save-weights.ts';
import { fittedWeights, writeTinyNetwork } from '../accuracy/read-out.ts';
import { anyIds, tinyBert } from '../numerics/execute/tiny.ts';
import { trexIn } from './trex.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-accuracy-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const trex = trexIn(folder);
const network = ['--model', 'tiny', '--model-name', './tiny/model.yaml', '--data', 'tiny/x.npy'];
const mild = ['--encoding', 'differential', '--set', 'tech.adc.bits=8'];

test.before(() => writeTinyNetwork(join(folder, 'tiny')));

function json(...args: string[]): AccuracyResult {
  const { code, out, err } = trex('accuracy', ...args, '--json', '--quiet');
  if (code !== 0) throw new Error(err);
  return JSON.parse(out);
}

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

test('accuracy is far above chance, int8 near float32, and falls with the variation', t => {
  const args = ['--images', '24', '--draws', '2', '--sweep', 'sigmaRead=0,0.1,0.5', '--snr-images', '1'];
  const result = json(...network, ...mild, ...args);
  t.true(result.float32.top1 > 0.6, `${result.float32.top1}`);
  t.true(Math.abs(result.int8.top1 - result.float32.top1) < 0.1);
  const [none, some, much] = result.points;
  t.true(Math.abs(none.top1.mean - result.int8.top1) < 0.1);
  t.true(some.loss.mean > none.loss.mean);
  t.true(much.top1.mean < none.top1.mean - 0.2, `${much.top1.mean}`);
  t.true(much.snr_dB['e0.fc1']! < some.snr_dB['e0.fc1']!);
  t.is(none.snr_dB['e0.fc1'], null, 'an exact layer');
  t.deepEqual([none.draws.length, result.layerPoint], [2, 1]);
  t.like(result.data, { images: 24, size: 64, classes: 10 });
});

test('a run that stopped anywhere goes on to the same bytes, with any number of threads', t => {
  const args = [
    ...network,
    '--encoding',
    'differential',
    '--images',
    '18',
    '--draws',
    '2',
    '--layers',
    '--sweep',
    'adc=7,8',
    '--quiet',
  ];
  t.is(trex('accuracy', ...args, '--out', 'whole').code, 0);
  const names = ['accuracy.csv', 'accuracy.svg', 'layers.csv', 'progress.ndjson', 'result.json'];
  t.deepEqual(readdirSync(join(folder, 'whole')).sort(), names);
  const lines = read('whole/progress.ndjson').split('\n');
  for (const [done, torn] of [
    [1, 30],
    [9, 5],
    [lines.length - 2, 1],
  ]) {
    rmSync(join(folder, 'part'), { recursive: true, force: true });
    mkdirSync(join(folder, 'part'));
    const cut = `${lines.slice(0, done).join('\n')}\n${lines[done].slice(0, torn)}`;
    writeFileSync(join(folder, 'part', 'progress.ndjson'), cut);
    const ran = trex('accuracy', ...args, '--out', 'part', '--threads', '1');
    t.is(ran.code, 0, ran.err);
    for (const name of names) t.is(read(`part/${name}`), read(`whole/${name}`), `${name} after ${done}`);
  }
  const { layers } = JSON.parse(read('whole/result.json')) as AccuracyResult;
  t.true(layers.every(layer => layer.alone !== null));
  t.is(read('whole/layers.csv').trimEnd().split('\n').length, layers.length + 1);
});

test('changed inputs are refused, and --force begins anew', t => {
  const args = [...network, ...mild, '--images', '4', '--draws', '1', '--quiet', '--out', 'kept'];
  t.is(trex('accuracy', ...args).code, 0);
  t.is(trex('accuracy', ...args).code, 0, 'nothing to do');
  const other = trex('accuracy', ...args, '--seed', '2');
  t.is(other.code, 1);
  t.regex(other.err, /its seed is 1, now 2: not the same run; --force begins anew/);
  t.is(trex('accuracy', ...args, '--seed', '2', '--force').code, 0);
  t.is(JSON.parse(read('kept/result.json')).run.seed, 2);
  mkdirSync(join(folder, 'mine'));
  writeFileSync(join(folder, 'mine', 'thesis.txt'), 'x');
  const mine = trex('accuracy', ...args.slice(0, -1), 'mine', '--force');
  t.is(mine.code, 1);
  t.deepEqual(readdirSync(join(folder, 'mine')), ['thesis.txt']);
});

test('texts of different lengths have a correlation for two classes', async t => {
  const model = tinyBert({ pooler: 'run', classes: 2 });
  const count = 48;
  const texts = Array.from({ length: count }, (_, i) => anyIds(4 + (i % 3), 20, i));
  // Class 1: more ids of the upper half than of the lower.
  const labels = Int32Array.from(texts, ids => (ids.filter(id => id >= 10).length * 2 > ids.length ? 1 : 0));
  const graph = buildGraph(model, { tokens: 6 });
  const head = { weightId: 'classifier', feature: 'pooler.tanh' };
  const train = Array.from({ length: 150 }, (_, i) => anyIds(6, 20, 1000 + i));
  const trained = Int32Array.from(train, ids => (ids.filter(id => id >= 10).length * 2 > ids.length ? 1 : 0));
  const weights = await fittedWeights(
    graph,
    head,
    train.map(words => ({ words })),
    trained,
    'text',
  );
  const put = (name: string, content: string | Uint8Array) =>
    writeFileSync(join(folder, 'text', name), content);
  mkdirSync(join(folder, 'text'));
  put('model.safetensors', writeSafetensors(weightTensors(graph, weights)));
  put(
    'config.json',
    JSON.stringify({
      model_type: 'bert',
      architectures: ['BertForSequenceClassification'],
      vocab_size: 20,
      hidden_size: 12,
      num_hidden_layers: 2,
      num_attention_heads: 3,
      intermediate_size: 24,
      max_position_embeddings: 10,
      num_labels: 2,
    }),
  );
  // As words w4 ... w19 of a vocabulary, so that the tokeniser gives these ids back between [CLS] and [SEP].
  put(
    'vocab.txt',
    ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...Array.from({ length: 16 }, (_, i) => `w${i + 4}`)].join('\n'),
  );
  const line = (ids: Int32Array, i: number) =>
    `${labels[i]}\t${[...ids].map(id => `w${Math.max(4, id)}`).join(' ')}`;
  put('dev.tsv', ['label\tsentence', ...texts.map(line)].join('\n'));
  const result = json('--model', 'text', '--data', 'text/dev.tsv', '--images', '48', '--draws', '2');
  t.is(result.data.images, 48);
  t.true(result.float32.matthews !== null && Math.abs(result.float32.matthews) <= 1);
  t.is(result.float32.top5, null);
  t.is(result.points[0].matthews?.interval95 === null, false);
});

test('an image that does not decode stops the run, or is skipped and counted', t => {
  const bad = ['--images', '64', '--draws', '1', '--snr-images', '0'];
  mkdirSync(join(folder, 'pics', 'a'), { recursive: true });
  writeFileSync(join(folder, 'pics', 'a', 'x.png'), 'no image');
  const args = ['--model', 'tiny', '--model-name', './tiny/model.yaml', '--data', 'pics', ...bad];
  const ran = trex('accuracy', ...args);
  t.is(ran.code, 3);
  t.regex(ran.err, /x\.png/);
  const skipped = trex('accuracy', ...args, '--skip-bad');
  t.is(skipped.code, 3);
  t.regex(skipped.err, /none of 1 inputs decodes/);
});

test('what is done to the inputs is said on stderr, and kept in the result', t => {
  const args = [...network, ...mild, '--images', '2', '--draws', '1', '--snr-images', '0', '--json'];
  const ran = trex('accuracy', ...args);
  t.regex(ran.err, /^inputs {2}as stored$/m);
  t.is((JSON.parse(ran.out) as AccuracyResult).data.inputs, 'as stored');
});

test('the table is at most 80 columns wide, and the CSV has a row per network', t => {
  const args = [...network, ...mild, '--images', '8', '--draws', '2', '--quiet'];
  const { out } = trex('accuracy', ...args);
  const long = out
    .split('\n')
    .slice(1)
    .find(line => line.length > 80);
  t.is(long, undefined);
  t.regex(out, /^float32 +\d+\.\d\d %/m);
  t.regex(out, /^back end wasm \(simd, \d threads?\)$/m);
  const rows = trex('accuracy', ...args, '--csv')
    .out.trimEnd()
    .split('\n');
  t.is(rows[0], 'parameter,value,precision,draw,images,top1,top5,loss,matthews');
  t.is(rows.length, 1 + 2 + 2);
});

const refused: [string, string[], number, RegExp][] = [
  ['no data', ['--model', 'tiny'], 2, /data/],
  ['data that are not there', [...network.slice(0, 4), '--data', 'nowhere'], 4, /nowhere/],
  ['no draws', [...network, '--draws', '0'], 2, /--draws 0/],
  ['images that are no number', [...network, '--images', 'x'], 2, /--images x: expected a number/],
  ['an unknown sweep', [...network, '--sweep', 'acd=4..8'], 2, /did you mean adc/],
  ['an unknown calibrator', [...network, '--calibrator', 'kl'], 2, /unknown calibrator/],
  ['two results for stdout', [...network, '--json', '--csv'], 2, /choose one/],
  [
    'noise per read that would clip',
    [...network, '--sweep', 'sigmaRead=0.2,0.3', '--read-noise', 'read'],
    2,
    /0\.25/,
  ],
  ['force without a folder', [...network, '--force'], 2, /--out/],
  ['a bad value', [...network, '--set', 'tech.adc.bits=40'], 2, /adc\.bits/],
];

for (const [what, args, code, message] of refused)
  test(`accuracy, ${what}: one message and exit code ${code}`, t => {
    const ran = trex('accuracy', ...args);
    t.is(ran.code, code, ran.err);
    t.regex(ran.err, message);
    t.notRegex(ran.err, /\n\s+at /);
    t.is(ran.out, '');
  });

test('more classes in the data than in the network is a slip', t => {
  cpSync(join(folder, 'tiny'), join(folder, 'more'), { recursive: true });
  writeFileSync(
    join(folder, 'more', 'y.npy'),
    writeNpy(
      Int32Array.from({ length: 64 }, (_, i) => i),
      [64],
    ),
  );
  const ran = trex('accuracy', ...network.slice(0, 4), '--data', 'more/x.npy');
  t.is(ran.code, 2);
  t.regex(ran.err, /more\/x\.npy has 64 classes, but tiny-vit tells 10 apart/);
});
