import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import type { OptimizeResult, OptimizeRow } from '../../src/report/optimize-result.ts';
import { trexIn } from './trex.ts';

const MAIN = fileURLToPath(new URL('../../node/trex.js', import.meta.url));
const SRC = new URL('../../src/', import.meta.url).href;
const dir = mkdtempSync(join(tmpdir(), 'trex-optimize-'));
test.after.always(() => rmSync(dir, { recursive: true, force: true }));
const trex = trexIn(dir);

/** Five encoders, 5 tokens. */
const TINY = `name: tiny
family: vit
source: made for tests
imageSize: 8
patchSize: 4
inChannels: 1
classes: 4
encoders: 5
dim: 16
heads: 2
mlpRatio: 2
`;
writeFileSync(join(dir, 'tiny.yaml'), TINY);

/** Answers with a loss that depends on the encoders; `SLOW` ms later; fails for the patterns in `BAD`. */
writeFileSync(
  join(dir, 'evaluate.mjs'),
  `import { createInterface } from 'node:readline';
import { appendFileSync, writeFileSync } from 'node:fs';
const src = path => import(${JSON.stringify(SRC)} + path);
const { buildGraph } = await src('workload/graph.js');
const { randomWeights } = await src('numerics/execute/random-weights.js');
const { weightTensors } = await src('workload/import/save-weights.js');
const { writeSafetensors } = await src('workload/import/safetensors-writer.js');
const { loadModel } = await src('run/node/load.js');
const weightsOf = (network, pattern, encoders) => {
  const graph = buildGraph(loadModel(network).model, { reuse: { pattern, encoders } });
  return writeSafetensors(weightTensors(graph, randomWeights(graph, pattern)));
};
for await (const line of createInterface({ input: process.stdin })) {
  const { id, stage, reuse, pattern, folder, network } = JSON.parse(line);
  appendFileSync(process.env.LOG, id + '\\n');
  await new Promise(resolve => setTimeout(resolve, Number(process.env.SLOW ?? 0)));
  const weights = stage === 'final' ? folder + '/mine.bin' : null;
  if (weights !== null) writeFileSync(weights, weightsOf(network, pattern, reuse));
  const loss = 1 / (1 + reuse.reduce((a, b) => a + b, 0));
  console.log(JSON.stringify(reuse.join() === process.env.BAD ? { id, error: 'no luck' } : { id, loss, accuracy: 0.5, weights }));
}
`,
);
const EVALUATOR = `"${process.execPath}" "${join(dir, 'evaluate.mjs')}"`;

/** Half-way between no reuse and all of it: the delay that needs two of the four. */
const delay = ((): string => {
  const at = (reuse: string): number =>
    JSON.parse(trex('run', 'trex', '--model', './tiny.yaml', '--reuse', reuse, '--json', '--quiet').out)
      .latency_s;
  return `${at('count:2') * 1e9}ns`;
})();
const ARGS = ['optimize', '--model', './tiny.yaml', '--target-delay', delay];

const files = (out: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(dir, out)).map(name => [name, readFileSync(join(dir, out, name), 'utf8')]),
  );

function search(out: string, env: Record<string, string>, ...more: string[]): ChildProcess {
  const args = [...ARGS, '--evaluator', EVALUATOR, '--out', out, '--quiet', ...more];
  const log = join(dir, `${out}.log`);
  return spawn(process.execPath, [MAIN, ...args], { cwd: dir, env: { ...process.env, LOG: log, ...env } });
}

const end = (child: ChildProcess): Promise<number | null> =>
  new Promise(resolve => child.on('close', resolve));
const jobs = (out: string): string[] =>
  readFileSync(join(dir, `${out}.log`), 'utf8')
    .trim()
    .split('\n');

test('without data, the row of Table IV with what the paper prints beside it', t => {
  const { code, out, err } = trex(
    'optimize',
    '--model',
    'deit-s',
    '--arch',
    'trex',
    '--target-delay',
    '7ms',
    '--json',
  );
  t.is(code, 0, err);
  const row = JSON.parse(out) as OptimizeRow;
  t.deepEqual(Object.keys(row), [
    ...[
      'reuse',
      'target',
      'latency_s',
      'energy_J',
      'area_m2',
      'edap_Jsm2',
      'topsPerWatt',
      'topsPerMm2',
      'accuracy',
    ],
  ]);
  t.deepEqual(row.reuse, { count: 5, encoders: [3, 5, 7, 9, 11], pattern: 'strided:5,sl=2,start=3' });
  t.deepEqual(row.target, { metric: 'latency_s', limit: 0.007 });
  t.deepEqual(
    [row.latency_s * 1e3, row.area_m2 * 1e6, row.edap_Jsm2 * 1e12, row.topsPerWatt].map(v => v.toFixed(2)),
    ['6.82', '651.70', '484.15', '36.32'],
  );
  t.like(row.accuracy, { ideal: null, nonIdeal: null, published: { ideal: 0.784, nonIdeal: 0.781 } });
});

test('people get the patterns, the factors, and published figures marked as such', t => {
  const { out } = trex('optimize', '--model', 'deit-s', '--target-delay', '7ms');
  t.regex(out, /^> {2}strided:5,sl=2,start=3 +3 5 7 9 11 {2}6\.821 ms$/m);
  t.regex(out, /^better by +1\.21x +1\.60x +1\.19x +2\.30x/m);
  t.regex(
    out.replace(/\s+/g, ' '),
    /published top-1 ideal 78\.40 %, non-ideal 78\.10 % \(arXiv .* not measured here\)/,
  );
});

test('a network that the paper does not have gets no published figures', t => {
  const { out } = trex('optimize', '--model', 'deit-t', '--target-delay', '7ms', '--json', '--quiet');
  t.is((JSON.parse(out) as OptimizeRow).accuracy, null);
});

test('a target out of reach fails with the best there is, bad options with what they should be', t => {
  const fails = (...args: string[]) => {
    const { code, out, err } = trex('optimize', '--model', 'deit-s', '--quiet', ...args);
    t.is(out, '');
    return [code, err.trim()] as const;
  };
  t.deepEqual(fails('--target-delay', '1ms'), [
    1,
    'the target 1.0000 ms cannot be reached: the best is 1.9069 ms, with 11 of 12 encoders reusing attention',
  ]);
  t.is(fails()[0], 2);
  t.regex(fails('--target-delay', '7 mm2')[1], /^--target-delay 7 mm2: expected a positive quantity/);
  t.regex(fails('--target-delay', '7ms', '--evaluator', 'true')[1], /^training needs --out DIR/);
  t.regex(
    fails('--target-delay', '7ms', '--evaluator', 'true', '--fraction', '0', '--out', 'x')[1],
    /^--fraction 0: expected/,
  );
  t.false(existsSync(join(dir, 'x')));
});

test('a program trains the candidates; the folder has network, weights, losses and row', async t => {
  t.is(await end(search('good', {})), 0);
  const written = files('good');
  t.deepEqual(Object.keys(written).sort(), [
    ...['mine.bin', 'network.yaml', 'patterns.csv', 'progress.ndjson', 'result.json', 'weights.safetensors'],
  ]);
  const result = JSON.parse(written['result.json']) as OptimizeResult;
  // The largest sum of encoders has the least loss.
  t.deepEqual(result.row.reuse.encoders, [3, 4]);
  t.true(result.patterns.every(p => p.loss !== null && p.accuracy === 0.5));
  t.is(result.method, 'events');
  t.is(written['weights.safetensors'], written['mine.bin']);
  t.regex(written['network.yaml'], /^# --reuse continuous:2,start=3\nfamily: vit$/m);
  t.is(written['patterns.csv'].trim().split('\n').length, result.patterns.length + 1);
});

test('killed at any moment, the search goes on to the same bytes without doing a job twice', async t => {
  t.is(await end(search('whole', {})), 0);
  const total = jobs('whole').length;
  for (const done of [1, 3, total - 1]) {
    const out = `killed-${done}`;
    const child = search(out, { SLOW: '150' });
    const ended = end(child);
    while (!existsSync(join(dir, `${out}.log`)) || jobs(out).length < done + 1) await sleep(20);
    child.kill('SIGKILL');
    await ended;
    const before = jobs(out).length;
    t.is(await end(search(out, {})), 0);
    t.true(jobs(out).length <= total + 1 && before < total + 1);
    const [was, is] = [files('whole'), files(out)];
    for (const name of ['result.json', 'patterns.csv', 'network.yaml', 'weights.safetensors'])
      t.is(is[name], was[name], name);
  }
});

test('a candidate whose program fails is left out and named; other options do not take up the folder', async t => {
  t.is(await end(search('bad', { BAD: '3,4' })), 0);
  const result = JSON.parse(files('bad')['result.json']) as OptimizeResult;
  t.deepEqual(
    result.patterns.filter(p => p.failed !== null).map(p => [p.encoders, p.failed]),
    [[[3, 4], 'no luck']],
  );
  t.notDeepEqual(result.row.reuse.encoders, [3, 4]);
  const args = [...ARGS, '--evaluator', EVALUATOR, '--out', 'bad', '--seed', '2', '--quiet'];
  const { code, err } = trex(...args);
  t.is(code, 1);
  t.regex(err, /^bad\/progress\.ndjson:1: its seed is 1, now 2: not the same run; --force begins anew$/m);
});

test('a program whose every answer is nonsense is named with what it said', t => {
  // Its own id, and nothing else.
  const echo = `while read l; do echo "\${l%%,\\"stage*}}" | sed 's/"version":1,//'; done`;
  const args = [...ARGS, '--out', 'nonsense', '--quiet', '--evaluator', echo];
  const { code, err } = trex(...args);
  t.is(code, 1);
  t.regex(
    err,
    /^none of the \d+ patterns could be trained; .*: its answer has no loss that is a number: \{"id":"partial .*\}; the same command goes on from nonsense$/m,
  );
  t.false(existsSync(join(dir, 'nonsense/result.json')));
});

test('options that need training are refused without data', t => {
  for (const option of ['weights', 'vocabulary']) {
    const { code, err } = trex(...ARGS, `--${option}`, 'x', '--quiet');
    t.is(code, 2);
    t.regex(err, new RegExp(`^--${option} x has no effect without --data or --evaluator`));
  }
  const range = trex(...ARGS, '--adc-range', '2', '--data', 'x', '--quiet');
  t.regex(range.err, /^--adc-range 2: expected layer, or a number above 0, at most 1/);
});

test('pairs of cells take their arrays on the chip, without a second option', t => {
  const area = (...encoding: string[]): number => {
    const enough = ['--model', 'deit-t', '--target-delay', '1s'];
    const { out, err, code } = trex('optimize', ...enough, ...encoding, '--json', '--quiet');
    t.is(code, 0, err);
    return JSON.parse(out).area_m2;
  };
  const [one, pairs] = [area('--encoding', 'offset'), area('--encoding', 'differential')];
  t.true(pairs > 1.5 * one, `${pairs} m2 with pairs, ${one} m2 without`);
});

test('data that cannot be learned from are refused before anything is written', t => {
  t.is(trex('data', 'glyphs', '--out', 'many', '--images', '6000', '--test', '12', '--quiet').code, 0);
  const refused = (...args: string[]) => {
    const { code, err } = trex('optimize', '--quiet', '--out', 'none', ...args);
    t.false(existsSync(join(dir, 'none')));
    return [code, err.trim()] as const;
  };
  const huge = refused('--model', 'deit-s', '--target-delay', '7ms', '--data', 'many');
  t.is(huge[0], 2);
  t.regex(huge[1], /^--data many: 6000 inputs of deit-s take 3\.36 GiB of memory, .* --evaluator/);
  const rows = (label: number) => `a\t${label}\t\tThe boy sleeps.\n`;
  mkdirSync(join(dir, 'texts'));
  for (const name of ['train', 'dev']) writeFileSync(join(dir, `texts/${name}.tsv`), rows(1) + rows(1));
  writeFileSync(join(dir, 'texts/vocab.txt'), '[PAD]\n[UNK]\n[CLS]\n[SEP]\nthe\nboy\nsleeps\n.\n');
  const args = ['--model', 'bert-base', '--target-delay', '7ms', '--tokens', '128'];
  t.deepEqual(refused(...args, '--data', 'texts'), [
    2,
    '--data texts/train.tsv: all 2 labels are class 1: nothing to learn',
  ]);
  t.is(refused(...args, '--data', 'nowhere')[0], 4);
  t.deepEqual(refused(...args, '--data', 'texts/dev.tsv', '--vocabulary', 'texts/vocab.txt'), [
    2,
    '--data texts/dev.tsv: training needs data with a training and a test part',
  ]);
});
