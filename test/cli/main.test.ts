/** `trex` as a program: exit codes, what goes to stdout and what to stderr, files whole or not at all. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { trexIn, trexProcess } from './trex.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-main-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const trex = trexIn(folder);
/** As users have it. */
const trexAlone = trexProcess(folder);

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

const badWords: readonly [string, string[], number, RegExp][] = [
  ['no command', [], 2, /which command\?/],
  ['an unknown command', ['rnu'], 2, /^unknown command 'rnu': did you mean run\?/],
  ['an unknown command that asks for help', ['frobnicate', '--help'], 2, /^unknown command 'frobnicate'/],
  ['an unknown option', ['run', 'trex', '--modle', 'deit-s'], 2, /modle/],
  ['no model', ['run', 'trex'], 2, /--model/],
  ['an unknown chip', ['run', 'trexx', '--model', 'deit-s'], 4, /did you mean trex\?/],
  ['an unknown model', ['run', 'trex', '--model', 'deit-x'], 4, /did you mean deit-/],
  ['a missing file', ['run', './nowhere.yaml', '--model', 'deit-s'], 4, /nowhere\.yaml/],
  ['reuse of encoder 0', ['run', 'trex', '--model', 'deit-s', '--reuse', 'encoders:0,3'], 2, /encoder 0/],
  ['more reuses than encoders', ['run', 'trex', '--model', 'deit-s', '--reuse', 'count:12'], 2, /at most 11/],
  [
    'a pattern that does not fit',
    ['run', 'trex', '--model', 'deit-s', '--reuse', 'strided:7'],
    2,
    /what fits 7/,
  ],
  ['junk for reuse', ['run', 'trex', '--model', 'deit-s', '--reuse', 'often'], 2, /strided/],
  ['0 rows', ['run', 'trex', '--model', 'deit-s', '--set', 'tech.crossbar.rows=0'], 2, /crossbar\.rows/],
  ['ADC bits of 40', ['run', 'trex', '--model', 'deit-s', '--set', 'tech.adc.bits=40'], 2, /adc\.bits/],
  [
    'a wrong unit',
    ['run', 'trex', '--model', 'deit-s', '--set', 'tech.read.energy=3 pW'],
    2,
    /quantity in J/,
  ],
  [
    'a negative value',
    ['run', 'trex', '--model', 'deit-s', '--set', 'tech.read.energy=-3 pJ'],
    2,
    /at least 0/,
  ],
  [
    'an unknown key',
    ['run', 'trex', '--model', 'deit-s', '--set', 'pe.crosbars=3'],
    2,
    /did you mean crossbars/,
  ],
  [
    'too small a chip',
    ['run', 'trex', '--model', 'deit-s', '--set', 'chip.tiles=5'],
    1,
    /the chip has 5 tiles, too few/,
  ],
  ['no images', ['run', 'trex', '--model', 'deit-s', '--images', '0'], 2, /--images 0/],
  ['tokens of an image network', ['run', 'trex', '--model', 'deit-s', '--tokens', '50'], 2, /197 tokens/],
  ['a result that is none', ['run', 'x.json'], 4, /x\.json/],
];

for (const [i, [what, args, code, message]] of badWords.entries())
  test(`${what} is one clear message with exit code ${code}, and nothing on stdout`, t => {
    const run = (i === 0 ? trexAlone : trex)(...args);
    t.is(run.code, code);
    t.regex(run.err, message);
    t.is(run.out, '');
    t.notRegex(run.err, /\n\s+at /, 'no stack trace');
    t.false(
      existsSync(join(folder, 'trex-out')) &&
        readdirSync(join(folder, 'trex-out')).some(f => f.includes('tmp')),
    );
  });

test('a cyclic use is an error that names the chain', t => {
  write('a.yaml', 'name: a\nuse: ./b.yaml\n');
  write('b.yaml', 'name: b\nuse: ./a.yaml\n');
  const run = trex('run', './a.yaml', '--model', 'deit-t');
  t.is(run.code, 3);
  t.regex(run.err, /a\.yaml.*b\.yaml.*a\.yaml/s);
});

test('--json prints one object with stable keys and nothing else', t => {
  const run = trexAlone('run', 'trex', '--model', 'deit-t', '--reuse', 'encoders:2', '--json', '--quiet');
  t.is(run.code, 0);
  t.is(run.err, '');
  const result = JSON.parse(run.out);
  for (const key of ['latency_s', 'energy_J', 'area_m2', 'edap_Jsm2', 'tops', 'topsPerWatt', 'topsPerMm2'])
    t.true(result[key] > 0, key);
  t.deepEqual(
    [result.arch, result.tech, result.model, result.seed],
    ['trex', 'trex-fefet-32nm', 'deit-t', 1],
  );
  t.like(result.reuse, { count: 1, encoders: [2] });
  t.is(result.schemaVersion, 1);
  t.deepEqual(Object.keys(result.breakdown), ['component', 'stage', 'encoder']);
});

test('a run writes its files, and result.json repeats it to the same bytes', t => {
  const first = trexAlone(
    'run',
    'trex',
    '--model',
    'deit-t',
    '--images',
    '2',
    '--set',
    'pe.adcBanks=2',
    '--out',
    'one',
    '--trace',
  );
  t.is(first.code, 0, first.err);
  t.deepEqual(readdirSync(join(folder, 'one')).sort(), [
    'config.expanded.yaml',
    'layers.csv',
    'result.json',
    'stats.json',
    'trace.json.gz',
  ]);
  const again = trex('run', 'one/result.json', '--out', 'two');
  t.is(again.code, 0, again.err);
  for (const file of ['result.json', 'stats.json', 'layers.csv', 'config.expanded.yaml'])
    t.is(
      readFileSync(join(folder, 'two', file), 'utf8'),
      readFileSync(join(folder, 'one', file), 'utf8'),
      file,
    );

  const refused = trex('run', 'trex', '--model', 'deit-t', '--out', 'one');
  t.is(refused.code, 1);
  t.regex(refused.err, /one: exists/);
});

test('the table for people is at most 80 columns wide and ends with the files and what to try next', t => {
  const { out } = trex('run', 'trex', '--model', 'deit-t', '--quiet');
  const all = out.trimEnd().split('\n');
  // The last one is for a shell, and as long as it has to be.
  const lines = all.slice(0, -1);
  t.true(
    lines.every(line => line.length <= 80),
    lines.find(line => line.length > 80),
  );
  t.regex(lines[lines.length - 1], /^files {3}trex-out\/trex-deit-t-[0-9a-f]{8}$/);
  t.regex(all[all.length - 1], /^next {4}node \S+trex\.js run trex --model deit-t --reuse count:5$/);
});

const folders = (): string[] => readdirSync(join(folder, 'trex-out')).sort();
const SMALL = ['--model', 'deit-t', '--set', 'model.encoders=1', '--quiet'];

test.serial(
  'a default folder is named after what went in: an edited file makes another, the same input takes its own again',
  t => {
    const chip = (banks: number): string =>
      write('chip.yaml', `name: edited\nuse: trex\nsource: assumed\npe: { adcBanks: ${banks} }\n`);
    const run = (...more: string[]): string => {
      const { out, err } = trex('run', './chip.yaml', ...SMALL, ...more);
      return /^files {3}(.*)$/m.exec(out)?.[1] ?? err;
    };
    chip(1);
    const first = run();
    const text = readFileSync(join(folder, first, 'result.json'), 'utf8');
    chip(2);
    const second = run();
    t.not(second, first);
    t.is(readFileSync(join(folder, first, 'result.json'), 'utf8'), text);
    chip(1);
    t.is(run('--trace'), first);
    t.true(existsSync(join(folder, first, 'trace.json.gz')));
    t.is(run(), first, 'and what else is there stays');
    t.true(existsSync(join(folder, first, 'trace.json.gz')));
    t.is(readFileSync(join(folder, first, 'result.json'), 'utf8'), text);

    writeFileSync(join(folder, first, 'result.json'), text.replace('"energy_J": ', '"energy_J": 1'));
    t.is(run(), `${first}-2`, 'what was edited by hand is not replaced');
    t.is(run(), `${first}-2`);
    t.deepEqual(
      folders().filter(name => name.startsWith('edited')),
      [`${first}-2`, first, second].map(path => path.replace('trex-out/', '')).sort(),
    );
  },
);

test.serial('a result that is run again never takes the place of the one that it came from', t => {
  write('cell.yaml', 'name: cell\nuse: trex-fefet-32nm\nsource: assumed\nwrite: { time: 5 us }\n');
  const first = trex('run', 'trex', '--tech', './cell.yaml', ...SMALL, '--out', 'kept');
  t.is(first.code, 0, first.err);
  const before = readFileSync(join(folder, 'kept/result.json'), 'utf8');
  write('cell.yaml', 'name: cell\nuse: trex-fefet-32nm\nsource: assumed\nwrite: { time: 9 us }\n');
  const again = trex('run', 'kept/result.json', '--out', 'again');
  t.is(again.code, 0);
  t.regex(
    again.err,
    /^warning: not here as kept\/result\.json read it: \.\/cell\.yaml; it runs with the text/m,
  );
  t.is(readFileSync(join(folder, 'again/result.json'), 'utf8'), before);

  const forced = trex('run', 'kept/result.json', '--out', 'kept', '--force');
  t.is(forced.code, 2);
  t.regex(forced.err, /^--out kept: --force would replace kept\/result\.json, which this run reads/);
  t.is(readFileSync(join(folder, 'kept/result.json'), 'utf8'), before);

  const config = trex('run', 'kept/config.expanded.yaml', '--json', '--quiet');
  t.is(config.code, 0, config.err);
  t.is(JSON.parse(config.out).energy_J, JSON.parse(before).energy_J);
  t.is(JSON.parse(config.out).latency_s, JSON.parse(before).latency_s);

  const changed = trex('run', 'kept/result.json', '--reuse', 'none');
  t.is(changed.code, 2);
  t.regex(changed.err, /^--reuse \S+ has no effect on a result, which is run as it was/);
});

test('help names every command', t => {
  const { code, out } = trex('--help');
  t.is(code, 0);
  for (const command of ['run', 'explain', 'check', 'list', 'noc', 'schema', 'validate'])
    t.regex(out, new RegExp(`trex ${command}`));
});
