/** `trex search` as people call it: a small front from random weights, and what it refuses. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import test from 'ava';
import { EXIT } from '../../src/base/errors.ts';
import { randomWeights } from '../../src/numerics/execute/random-weights.ts';
import { loadModel } from '../../src/run/node/load.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';
import { weightTensors } from '../../src/workload/import/save-weights.ts';
import { trexIn } from './trex.ts';

const dir = mkdtempSync(join(tmpdir(), 'trex-search-'));
test.after.always(() => rmSync(dir, { recursive: true, force: true }));
const trex = trexIn(dir);

const MAIN = fileURLToPath(new URL('../../node/trex.js', import.meta.url));
const NAMES = ['pareto.csv', 'pareto.svg', 'result.json', 'samples.csv'];
const SMALL = 'model.encoders=3';
const graph = buildGraph(loadModel('glyph-vit', { set: [SMALL] }).model);
writeFileSync(
  join(dir, 'base.safetensors'),
  writeSafetensors(weightTensors(graph, randomWeights(graph, 'search'))),
);

const args = [
  ...['search', '--model', 'glyph-vit', '--set', SMALL, '--weights', 'base.safetensors', '--data', 'glyphs'],
  ...['--samples', '3', '--partial-epochs', '1', '--images', '2', '--adc-bits', '5,6'],
  // One technology: ADC ranges are found anew for each.
  ...['--tech', 'sram-32nm'],
  ...['--population', '6', '--generations', '1', '--quiet'],
];

test.before(() => {
  trex('data', 'glyphs', '--images', '120', '--test', '24', '--out', 'glyphs', '--quiet');
});

test('a search writes its front, and the same options give the same bytes', t => {
  const first = trex(...args, '--out', 'first');
  t.is(first.code, 0, first.err);
  t.regex(first.out, /designs of \d+ are on the front; \d+ uniform patterns were among them/);
  t.regex(first.out, /^rank correlation .*:\n {3}\S+ of 3, \S+ of the \d with pruned tokens$/m);
  const { prediction } = JSON.parse(readFileSync(join(dir, 'first/result.json'), 'utf8'));
  t.is(prediction.trainings, 3);
  for (const name of NAMES) t.true(readdirSync(join(dir, 'first')).includes(name), name);
  const again = trex(...args, '--out', 'again', '--csv');
  const csv = readFileSync(join(dir, 'first/pareto.csv'), 'utf8');
  t.is(again.out, csv);
  t.is(
    readFileSync(join(dir, 'again/samples.csv'), 'utf8'),
    readFileSync(join(dir, 'first/samples.csv'), 'utf8'),
  );
  const [header, ...rows] = csv.trim().split('\n');
  t.is(header, 'reuse,weights,run_time,adc_bits,keep,latency_s,energy_J,area_m2,predicted_loss');
  const latencies = rows.map(row => Number(row.split(',')[5]));
  t.deepEqual(
    latencies,
    latencies.toSorted((a, b) => a - b),
  );
});

test('patches go before encoders with attention of their own only, and cost a loss that was measured', t => {
  const longer = args.map(word => (word === '6' ? '12' : word)).with(-2, '3');
  const out = trex(...longer, '--out', 'pruned', '--json');
  t.is(out.code, 0, out.err);
  const front = JSON.parse(out.out) as { reuse: number[]; keep: number[] }[];
  t.true(front.some(({ keep }) => keep.some(share => share < 1)));
  for (const { reuse, keep } of front) for (const e of [0, ...reuse]) t.is(keep[e], 1);
  const entries = readFileSync(join(dir, 'pruned/progress.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  const pruned = entries.filter(({ key }) => key?.startsWith('pruned ')).flatMap(e => e.value.measured);
  const measured = new Map<string, number>(pruned);
  t.true(measured.size > 2 && [...measured.values()].every(Number.isFinite));
});

/** The files of a folder but for what only a resumed run needs. */
const results = (out: string): Record<string, string> =>
  Object.fromEntries(NAMES.map(name => [name, readFileSync(join(dir, out, name), 'utf8')]));

/** Stops the process when the text of its progress has some words: at once, or by Ctrl-C. */
writeFileSync(
  join(dir, 'stop.mjs'),
  `import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const { renameSync, writeSync } = fs;
let done = false;
const look = text => {
  if (done || !text.includes(process.env.WHEN)) return;
  done = true;
  process.kill(process.pid, process.env.SIGNAL);
};
fs.renameSync = (from, to) => {
  renameSync(from, to);
  look(fs.readFileSync(to, 'latin1'));
};
fs.writeSync = (file, bytes, ...rest) => {
  const written = writeSync(file, bytes, ...rest);
  look(bytes.toString('latin1'));
  return written;
};
syncBuiltinESMExports();
`,
);

test('stopped in a training, a measurement or the search itself, it goes on to the same bytes', t => {
  t.is(trex(...args, '--out', 'whole').code, 0);
  const stop = (WHEN: string, SIGNAL: string) =>
    spawnSync(
      process.execPath,
      ['--import', pathToFileURL(join(dir, 'stop.mjs')).href, MAIN, ...args, '--out', 'stopped'],
      { cwd: dir, env: { ...process.env, WHEN, SIGNAL }, encoding: 'utf8' },
    );
  // The first lines of a checkpoint name its job.
  t.is(stop('partial encoders:', 'SIGKILL').signal, 'SIGKILL');
  t.true(existsSync(join(dir, 'stopped/checkpoint.bin')));
  t.is(stop('"partial encoders:', 'SIGKILL').signal, 'SIGKILL');
  const interrupted = stop('"noise: none"', 'SIGINT');
  t.is(interrupted.status, EXIT.interrupted, interrupted.stderr);
  t.regex(interrupted.stderr, /^interrupted; the same command goes on from stopped$/m);
  t.is(stop('5 bits, sram-32nm, static', 'SIGKILL').signal, 'SIGKILL');
  t.is(stop('"prices 0"', 'SIGKILL').signal, 'SIGKILL');
  t.false(existsSync(join(dir, 'stopped/result.json')));
  t.is(trex(...args, '--out', 'stopped').code, 0);
  t.deepEqual(results('stopped'), results('whole'));
});

test('other options on the folder of a search are refused, and --force begins anew', t => {
  t.is(trex(...args, '--out', 'mine').code, 0);
  const before = results('mine');
  const other = [...args, '--out', 'mine', '--seed', '2'];
  const refused = trex(...other);
  t.is(refused.code, 1);
  t.regex(
    refused.err,
    /^mine\/progress\.ndjson:1: its seed is 1, now 2: not the same run; --force begins anew$/m,
  );
  t.is(trex(...other, '--force').code, 0);
  t.notDeepEqual(results('mine')['samples.csv'], before['samples.csv']);
});

test('technologies of published totals, and hybrids, are refused', t => {
  const macro = trex(...args.with(args.indexOf('sram-32nm'), 'trex-fefet-32nm'));
  t.is(macro.code, 2);
  t.regex(macro.err, /has published totals for one ADC/);
  const hybrid = trex(...args.with(args.indexOf('sram-32nm'), 'hybrid-32nm'));
  t.is(hybrid.code, 2);
  t.regex(hybrid.err, /is a hybrid; name the technologies/);
});
