/** `trex run --profile`: what it prints, what it writes, and what it refuses. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { trexIn } from './trex.ts';

const dir = mkdtempSync(join(tmpdir(), 'profile-'));
const trex = trexIn(dir);
writeFileSync(join(dir, 'p.csv'), 'skip,count\n1,9\n,1\n');
writeFileSync(join(dir, 'bad.csv'), 'skip,count\n1,9\n12,1\n');
const run = (...more: string[]) => trex('run', 'trex', '--model', 'deit-t', '--quiet', ...more);

test('text for people, a row for each kind of work as CSV, and files', t => {
  const { code, out, err } = run('--profile', 'p.csv', '--arrival', 'poisson=20', '--out', 'out');
  t.is(code, 0, err);
  t.regex(out, /deit-t over 10 images of 2 kinds of work/);
  t.regex(out, /one chip for all/);
  t.regex(out, /latency from +to +images/);
  t.regex(out, /Poisson arrivals at 20\.00 images\/s/);
  t.true(
    out.split('\n').every(line => line.length <= 80),
    out,
  );
  t.deepEqual(readdirSync(join(dir, 'out')).sort(), ['config.expanded.yaml', 'profile.json', 'rows.csv']);
  const result = JSON.parse(readFileSync(join(dir, 'out', 'profile.json'), 'utf8'));
  t.is(result.images, 10);
  t.is(result.arrival.rate_Hz, 20);
  t.is(result.latency_s.p50, result.rows[0].latency_s);
  const again = trex('run', join('out', 'profile.json'));
  t.is(again.code, 3);
  t.regex(again.err, /profile/);
});

for (const [title, args, code, message] of [
  [
    'a bad row has file and line',
    ['--profile', 'bad.csv'],
    3,
    /bad\.csv:3 {2}skip: encoder 12 of 12 encoders/,
  ],
  ['a missing file', ['--profile', 'none.csv'], 4, /none\.csv: no such file/],
  [
    'arrivals need a profile',
    ['--arrival', 'rate=3'],
    2,
    /--arrival rate=3 has no effect while schedule.images is one/,
  ],
  [
    'images are those of the profile',
    ['--profile', 'p.csv', '--images', '3'],
    2,
    /--images .*has no effect beside --profile/,
  ],
  [
    'no trace of many runs',
    ['--profile', 'p.csv', '--trace', '--out', 'x'],
    2,
    /--trace has no effect beside --profile/,
  ],
  [
    'more than the chip can take',
    ['--profile', 'p.csv', '--arrival', 'poisson=1e6'],
    2,
    /would grow for ever/,
  ],
] as const)
  test(title, t => {
    const ran = run(...args);
    t.is(ran.code, code, ran.err);
    t.regex(ran.err, message);
  });
