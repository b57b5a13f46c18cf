/** What every command prints fits 80 columns, and more where there are more. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { COMMANDS as ALL } from '../../src/cli/command-line.ts';
import { displayWidth } from '../../src/report/table.ts';
import { writeTinyNetwork } from '../accuracy/read-out.ts';
import { trexIn } from './trex.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-width-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const trex = trexIn(folder);

writeFileSync(
  join(folder, 'study.yaml'),
  'metrics: [xbar]\niso: { tech: fefet-32nm }\nvary:\n  xbar.rows: [32, 64]\n  xbar.vdd: [0.8, 0.9]\n',
);

const tiny = ['--model', 'tiny', '--model-name', './tiny/model.yaml'];
const small = ['--model', 'glyph-vit', '--trials', '0'];

/** By command; null: what it prints is a file, or takes minutes. */
const COMMANDS: Readonly<Record<string, readonly (readonly string[])[] | null>> = {
  run: [['trex-full', '--model', 'glyph-vit', '--reuse', 'strided:3', '--quiet']],
  report: [['study']],
  figure: [['study', '--kind', 'pareto', '--out', 'pareto.svg']],
  explain: [['trex'], ['trex-full', '--tech', 'hybrid-32nm']],
  xbar: [['--rows', '32,64', '--tech', 'fefet-32nm', '--vdd', '0.9,1', '--trials', '0', '--quiet']],
  compare: [
    ['trex-fefet-32nm', 'trex-sram-32nm', 'trex-hybrid-32nm', ...small],
    ['trex', 'trex-full', ...small],
  ],
  check: [['trex', 'fefet-32nm', 'deit-s']],
  sweep: [
    ['study.yaml', '--dry-run'],
    ['study.yaml', '--out', 'swept', '--shard', '1/1', '--jobs', '1', '--quiet'],
  ],
  merge: [['swept', '--out', 'merged']],
  export: [['swept', '--out', 'swept.csv']],
  init: [['my']],
  // It takes a training: init.test.ts.
  train: null,
  systems: [['glyph-vit', 'grammar-bert', '--arch', 'trex', '--quiet']],
  map: [['isaac-ce', '--model', 'glyph-vit', '--budget', '3', '--quiet']],
  list: [[], ['patterns', '--model', 'deit-s', '--reuse-count', '5']],
  noc: [
    ['--mesh', '2x2', '--measure', '500'],
    ['--mesh', '2x2', '--zero-load'],
    ['--mesh', '2x2', '--batch', '2'],
  ],
  infer: [[...tiny, '--input', 'tiny/x.npy', '--out', 'y.npy', '--precision', 'analog', '--quiet']],
  accuracy: [
    [
      ...tiny,
      '--data',
      'tiny/x.npy',
      '--images',
      '4',
      '--draws',
      '2',
      '--snr-images',
      '1',
      '--layers',
      '--quiet',
    ],
  ],
  mvm: [['--rows', '64', '--cols', '64', '--tech', 'pcm-32nm', '--quiet']],
  optimize: [['--model', 'deit-s', '--target-delay', '7ms', '--quiet']],
  // Its table is that of search/front.test.ts.
  search: null,
  data: [['glyphs', '--images', '24', '--test', '12', '--out', 'glyphs']],
  // It says what happens, in lines for stderr.
  worker: null,
  doctor: [[]],
  schema: null,
  // It serves until Ctrl-C.
  ui: null,
  validate: null,
};

const widest = (text: string): number => Math.max(...text.split('\n').map(displayWidth));
/** What can be pasted, and names of files, stay whole. */
const tables = (text: string): string => text.replace(/^(next|files) .*$/gm, '');

test.before(async () => {
  await writeTinyNetwork(join(folder, 'tiny'));
  mkdirSync(join(folder, 'study'));
  const row = (bits: number) =>
    `{"id":"h${bits}","point":{"tech.adc.bits":${bits}},"latency_s":${bits},"energy_J":1}\n`;
  writeFileSync(join(folder, 'study/results.ndjson'), row(4) + row(5));
});

test('every command is here', t => {
  t.deepEqual(Object.keys(COMMANDS).sort(), Object.keys(ALL).sort());
});

for (const [name, runs] of Object.entries(COMMANDS)) {
  for (const words of runs ?? [])
    test(`trex ${name} ${words.join(' ')}: fits 80 columns`.trim(), t => {
      const { code, out, err } = trex(name, ...words);
      t.is(code, 0, err);
      t.true(widest(tables(out)) <= 80, out);
    });
  test(`trex ${name} --help fits 80 columns and 39 lines, and has an example`, t => {
    const { out } = trex(name, '--help');
    t.true(widest(out) <= 80);
    t.true(out.trimEnd().split('\n').length < 40, out);
    t.regex(out, /^Examples:\n {2}trex /m);
  });
}

test('a wider terminal gets more', t => {
  const run = (columns: string): string => trexIn(folder, { COLUMNS: columns })('explain', 'trex').out;
  t.true(widest(run('140')) > 100);
  t.true(widest(run('140')) <= 140);
  t.true(widest(run('60')) <= 60);
});
