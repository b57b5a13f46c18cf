/** `trex xbar`: the same rows as table, CSV, JSON and in a folder that a later run goes on with. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import type { XbarRow } from '../../src/report/xbar-row.ts';
import { trexIn } from './trex.ts';

const MAIN = fileURLToPath(new URL('../../node/trex.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'trex-xbar-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const trex = trexIn(folder);
const small = ['--rows', '32,64', '--adc', '4..6', '--quiet'];

function rows(...args: string[]): XbarRow[] {
  const { out, err } = trex('xbar', ...small, ...args, '--json');
  if (out === '') throw new Error(err);
  return JSON.parse(out);
}

test('JSON rows have the promised keys, in SI units', t => {
  const [row] = rows('--trials', '0');
  t.like(row, { tech: 'fefet-32nm', rows: 32, cols: 32, cellBits: 2, adc: { bits: 4 }, error: null });
  t.is(row.node_m, 32e-9);
  for (const value of [row.area_m2, row.read.energy_J, row.read.time_s, row.write.energy_J, row.leakage_W])
    t.true(value > 0 && value < 1e-3);
  t.true(row.topsPerWatt > 1 && row.topsPerMm2 > 0.01);
});

test('CSV has a row per point with the same figures', t => {
  const [head, ...lines] = trex('xbar', ...small, '--trials', '0', '--csv')
    .out.trimEnd()
    .split('\n');
  const column = head.split(',').indexOf('read.energy_J');
  t.deepEqual(
    lines.map(line => Number(line.split(',')[column])),
    rows('--trials', '0').map(row => row.read.energy_J),
  );
});

test('errors come with intervals, and do not depend on the threads', t => {
  const one = rows('--trials', '2', '--threads', '1');
  t.deepEqual(rows('--trials', '2', '--threads', '3'), one);
  const error = one[0].error!;
  t.is(error.trials, 2);
  t.true(error.rmse.mean > 0 && error.rmse.interval95! > 0);
  t.notDeepEqual(rows('--trials', '2', '--seed', '2')[0].error, error);
});

test('the table marks the front, and a figure is written', t => {
  const { code, out } = trex('xbar', ...small, '--trials', '0', '--figure', 'x.svg');
  t.is(code, 0);
  t.regex(out, /^12 of 12 points; \* no other has better tops-per-watt and area$/m);
  t.regex(out, /^\* +fefet-32nm/m);
  t.true(readFileSync(join(folder, 'x.svg'), 'utf8').endsWith('</svg>\n'));
});

test('a folder goes on behind its last whole row, to the same bytes', t => {
  const args = ['xbar', ...small, '--trials', '0', '--out'];
  t.is(trex(...args, 'whole').code, 0);
  const text = readFileSync(join(folder, 'whole/rows.ndjson'), 'utf8');
  const lines = text.split('\n');
  trex(...args, 'torn');
  writeFileSync(
    join(folder, 'torn/rows.ndjson'),
    `${lines.slice(0, 5).join('\n')}\n${lines[5].slice(0, 30)}`,
  );
  const again = trex(...args, 'torn', '--csv');
  t.is(again.code, 0, again.err);
  t.is(readFileSync(join(folder, 'torn/rows.ndjson'), 'utf8'), text);
  t.is(again.out, readFileSync(join(folder, 'whole/results.csv'), 'utf8'));
  t.deepEqual(readdirSync(join(folder, 'torn')), readdirSync(join(folder, 'whole')));
});

test('rows of other options are not mixed in; --force begins anew', t => {
  t.is(trex('xbar', ...small, '--trials', '0', '--out', 'mine').code, 0);
  const other = ['xbar', ...small, '--trials', '0', '--mux', '4', '--out', 'mine'];
  const mixed = trex(...other);
  t.is(mixed.code, 1);
  t.regex(mixed.err, /rows\.ndjson:1: its .*: not the same run; --force/);
  t.is(trex(...other, '--force').code, 0);
  appendFileSync(join(folder, 'notes.txt'), 'x');
  const foreign = trex('xbar', ...small, '--out', '.');
  t.is(foreign.code, 1);
  t.regex(foreign.err, /not the folder of trex xbar/);
});

test('twelve thousand points stream through a small heap', t => {
  const many = [
    '--rows',
    '16..1024:16',
    '--cols',
    '16..1024:16',
    '--adc',
    '4..6',
    '--trials',
    '0',
    '--out',
    'many',
  ];
  const heap = '--max-old-space-size=40';
  const args = [heap, MAIN, 'xbar', '--tech', 'fefet-32nm', '--quiet', ...many];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  t.is(status, 0, stderr);
  const lines = readFileSync(join(folder, 'many/results.csv'), 'utf8').trimEnd().split('\n');
  t.is(lines.length, 1 + 64 * 64 * 3);
});

const refused: [string, string[], number, RegExp][] = [
  ['a macro', ['--tech', 'trex-sram-32nm'], 2, /level circuit/],
  ['no technology', ['--tech', ''], 2, /--tech is empty/],
  ['no rows', ['--rows', '0'], 2, /--rows 0/],
  ['a figure that is none', ['--x', 'topsperwatt'], 2, /unknown --x/],
  ['an error that is not measured', ['--y', 'snr', '--trials', '0'], 2, /not measured/],
  ['an error of wide operands', ['--input-bits', '16', '--trials', '2'], 2, /at most 8 bits/],
  ['JSON and CSV', ['--json', '--csv'], 2, /choose one/],
  ['--force alone', ['--force'], 2, /--force has no effect without --out/],
  ['a node that is no length', ['--node', '32 kg'], 2, /--node 32 kg/],
  ['a node out of range', ['--node', '3nm'], 2, /expected a node/],
];

for (const [what, args, code, message] of refused)
  test(`xbar, ${what}: one message and exit code ${code}`, t => {
    const ran = trex('xbar', '--quiet', ...args);
    t.is(ran.code, code, ran.err);
    t.regex(ran.err, message);
    t.notRegex(ran.err, /\n\s+at /);
    t.is(ran.out, '');
  });
