/** `trex optimize` with our trainer: killed, on a full disk, with other encodings. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import test from 'ava';
import type { OptimizeResult } from '../../../src/report/optimize-result.ts';
import { trexIn } from '../trex.ts';

const MAIN = fileURLToPath(new URL('../../../node/trex.js', import.meta.url));
const RESULTS = ['result.json', 'patterns.csv', 'network.yaml', 'base.safetensors', 'weights.safetensors'];
const dir = mkdtempSync(join(tmpdir(), 'trex-optimize-training-'));
test.after.always(() => rmSync(dir, { recursive: true, force: true }));
const trex = trexIn(dir);

/** Five encoders, 10 tokens. */
writeFileSync(
  join(dir, 'glyph.yaml'),
  `name: glyph
family: vit
source: made for tests
imageSize: 12
patchSize: 4
inChannels: 1
classes: 12
encoders: 5
dim: 16
heads: 2
mlpRatio: 2
`,
);
trex('data', 'glyphs', '--out', 'data', '--images', '240', '--test', '48', '--size', '12', '--quiet');

/** The delay that three reuse encoders meet. */
const { latency_s } = JSON.parse(
  trex('run', 'trex', '--model', './glyph.yaml', '--reuse', 'count:3', '--json', '--quiet').out,
) as { latency_s: number };
const args = [
  ...['optimize', '--model', './glyph.yaml', '--target-delay', `${latency_s * 1e9}ns`, '--data', 'data'],
  ...['--base-epochs', '2', '--partial-epochs', '2', '--final-epochs', '2'],
  ...['--images', '16', '--draws', '2', '--quiet'],
];
const files = (out: string): Record<string, string> =>
  Object.fromEntries(RESULTS.map(name => [name, readFileSync(join(dir, out, name), 'latin1')]));

const first = trex(...args, '--out', 'whole');
const whole = (): Record<string, string> => files('whole');

test('base, candidates and fine-tuning on crossbars, with accuracies', t => {
  t.is(first.code, 0, first.err);
  const result = JSON.parse(whole()['result.json']) as OptimizeResult;
  t.is(result.row.reuse.count, 3);
  t.true(result.patterns.length >= 2 && result.patterns.every(p => p.loss !== null && p.loss > 0));
  t.is(result.lossHistory.length, 2);
  t.like(result.row.accuracy, { score: 'top1', published: null });
  t.is(result.row.accuracy?.nonIdeal?.draws, 2);
  t.is(typeof result.baseline.accuracy?.ideal, 'number');
});

/** Kills the process when a checkpoint of the stage is on the disk: after the stage's first epoch. */
writeFileSync(
  join(dir, 'kill.mjs'),
  `import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const rename = fs.renameSync;
fs.renameSync = (from, to) => {
  rename(from, to);
  const killed = to.endsWith('checkpoint.bin') && fs.readFileSync(to, 'latin1').split('\\n')[1].startsWith(process.env.STAGE);
  if (killed) process.kill(process.pid, 'SIGKILL');
};
syncBuiltinESMExports();
`,
);

const runWith = (module: string, out: string, env: Record<string, string>) =>
  spawnSync(
    process.execPath,
    ['--import', pathToFileURL(join(dir, module)).href, MAIN, ...args, '--out', out],
    { cwd: dir, env: { ...process.env, ...env }, encoding: 'utf8' },
  );

test('killed in the base, in a candidate and in the last job, a run goes on to the same bytes', t => {
  for (const STAGE of ['base', 'partial', 'final']) {
    t.is(runWith('kill.mjs', 'killed', { STAGE }).signal, 'SIGKILL');
    t.true(readFileSync(join(dir, 'killed/checkpoint.bin'), 'latin1').split('\n')[1].startsWith(STAGE));
  }
  t.false(existsSync(join(dir, 'killed/result.json')));
  t.is(trex(...args, '--out', 'killed').code, 0);
  t.deepEqual(files('killed'), whole());
  t.false(existsSync(join(dir, 'killed/checkpoint.bin')));
});

test('the encoding of signed weights changes fine-tuning and measurement, is in the result, and is another run', t => {
  const pairs = trex(...args, '--encoding', 'differential', '--adc-range', '0.33', '--out', 'pairs');
  t.is(pairs.code, 0, pairs.err);
  const [a, b] = [files('pairs'), whole()];
  t.is(a['base.safetensors'], b['base.safetensors']);
  // Pairs take more arrays, and with them more time: another row meets the target.
  t.not(a['patterns.csv'], b['patterns.csv']);
  t.not(a['weights.safetensors'], b['weights.safetensors']);
  const [mine, other] = [a, b].map(one => JSON.parse(one['result.json']) as OptimizeResult);
  t.like(mine.run, { encoding: 'differential', adcRange: '0.33' });
  t.like(other.run, { encoding: undefined, adcRange: 'layer' }, 'that of the technology');
  t.notDeepEqual(mine.baseline.accuracy?.nonIdeal, other.baseline.accuracy?.nonIdeal);
  const refused = trex(...args, '--out', 'pairs');
  t.is(refused.code, 1);
  t.regex(refused.err, /its encoding is "differential", now absent: not the same run/);
});

/** Refuses to write more than so many bytes in all, as a disk that fills. */
writeFileSync(
  join(dir, 'full-disk.mjs'),
  `import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const write = fs.writeFileSync;
let left = Number(process.env.ROOM);
fs.writeFileSync = (path, data, ...rest) => {
  left -= data.length;
  if (left >= 0) return write(path, data, ...rest);
  write(path, data.slice(0, 10), ...rest);
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
};
syncBuiltinESMExports();
`,
);

test('a disk that fills stops the run with its last good state, and room lets it go on to the same bytes', t => {
  // In the first progress, in the checkpoints of the base, and among the candidates.
  for (const room of [1000, 300_000, 700_000]) {
    const { status, stderr } = runWith('full-disk.mjs', 'full', { ROOM: `${room}` });
    t.is(status, 1, stderr);
    t.regex(stderr, /^full\/.*: cannot be written: ENOSPC: no space left on device, write/m);
    if (room > 1000) t.regex(stderr, /; the same command goes on from full$/m);
    t.notRegex(stderr, /^ +at /m);
    t.false(readdirSync(join(dir, 'full')).some(name => name.endsWith('.tmp')));
  }
  const last = trex(...args, '--out', 'full');
  t.is(last.code, 0, last.err);
  t.deepEqual(files('full'), whole());
});
