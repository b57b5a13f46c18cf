/** What a command says to try next: pasted into a shell as it stands, it is the same chip and network. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { commandLine } from '../../src/cli/io/shell.ts';
import type { OptimizeRow } from '../../src/report/optimize-result.ts';
import type { Result } from '../../src/report/result.ts';
import { trexIn } from './trex.ts';

const folder = mkdtempSync(join(tmpdir(), "trex next's-"));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const trex = trexIn(folder);

writeFileSync(
  join(folder, "my text's.yaml"),
  `name: words
family: bert
source: made for tests
vocabulary: 40
maxTokens: 32
pooler: run
tokens: 16
classes: 2
encoders: 3
dim: 16
heads: 2
mlpRatio: 2
normEps: 1e-12
`,
);
writeFileSync(join(folder, 'chip.yaml'), 'name: mine\nuse: trex\nsource: assumed\npe: { adcBanks: 2 }\n');

const nextOf = (out: string): string => /^next {4}(.*)$/m.exec(out)?.[1] ?? '';

/** As a shell reads it; with options for programs. */
const pasted = (line: string, ...more: string[]): string =>
  execFileSync('/bin/sh', ['-c', `${line} ${more.join(' ')}`], { cwd: folder, encoding: 'utf8' });

const shell = process.platform === 'win32' ? test.skip : test.serial;

shell(
  'the next line of a run carries its chip, its technology, its values, its network and its tokens',
  t => {
    const words = ['run', './chip.yaml', '--model', "./my text's.yaml", '--tokens', '9', '--images', '2'];
    const set = [
      '--tech',
      'trex-hybrid-32nm',
      '--set',
      'tech.static.write.time=2 us',
      '--set',
      'model.encoders=4',
    ];
    const first = trex(...words, ...set);
    t.is(first.code, 0, first.err);
    const line = nextOf(first.out);
    t.regex(line, / --reuse count:3$/);
    const result = JSON.parse(pasted(line, '--json', '--quiet')) as Result;
    const { code, out } = trex(...words, ...set, '--reuse', 'count:3', '--json', '--quiet');
    t.is(code, 0);
    t.is(result.energy_J, (JSON.parse(out) as Result).energy_J);
    t.is(result.latency_s, (JSON.parse(out) as Result).latency_s);
    t.is(result.tokens, 9);

    const reusing = nextOf(pasted(line, '--quiet'));
    t.regex(
      reusing,
      / explain \.\/chip\.yaml --tech trex-hybrid-32nm --set 'tech\.static\.write\.time=2 us'$/,
    );
    t.regex(pasted(reusing), /write\.time +2 us/);
  },
);

for (const more of [
  ['--target-delay', '2.4ms', '--tech', 'trex-hybrid-32nm'],
  ['--target-delay', '17ms', '--tech', 'fefet-32nm', '--encoding', 'differential'],
])
  shell(`the next line of an optimisation with ${more.slice(2).join(' ')} gives its row`, t => {
    t.timeout(300_000);
    const words = [
      'optimize',
      '--model',
      'deit-t',
      '--set',
      'model.encoders=4',
      '--set',
      'pe.adcBanks=2',
      ...more,
    ];
    const shown = trex(...words);
    t.is(shown.code, 0, shown.err);
    const row = JSON.parse(trex(...words, '--json').out) as OptimizeRow;
    t.true(row.reuse.count > 0);
    const result = JSON.parse(pasted(nextOf(shown.out), '--json', '--quiet')) as Result;
    t.deepEqual(
      [result.reuse.pattern, result.energy_J, result.latency_s, result.edap_Jsm2],
      [row.reuse.pattern, row.energy_J, row.latency_s, row.edap_Jsm2],
    );
  });

shell('a result that is run again points to its own configuration', t => {
  t.timeout(300_000);
  t.is(trex('run', './chip.yaml', '--model', 'deit-t', '--set', 'model.encoders=2', '--out', 'one').code, 0);
  const again = trex('run', 'one/result.json');
  const line = nextOf(again.out);
  t.regex(line, / run trex-out\/mine-deit-t-[0-9a-f]{8}\/config\.expanded\.yaml --reuse count:1$/);
  const result = JSON.parse(pasted(line, '--json', '--quiet')) as Result;
  const run = ['run', './chip.yaml', '--model', 'deit-t', '--set', 'model.encoders=2', '--reuse', 'count:1'];
  t.is(result.energy_J, (JSON.parse(trex(...run, '--json').out) as Result).energy_J);
});

const main = fileURLToPath(new URL('../../node/trex.js', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));

shell('the program is named as this folder finds it, and words are quoted for the shell', t => {
  const host = { main, cwd: root, path: '/usr/bin:/x/node_modules/.bin', platform: 'linux' };
  t.is(commandLine(['run', 'trex'], host), 'npx trex run trex');
  t.is(
    commandLine(['run', 'a b', "it's", '$x', 'tech.a="1"'], host),
    `npx trex run 'a b' 'it'\\''s' '$x' 'tech.a="1"'`,
  );
  t.is(commandLine(['run'], { ...host, cwd: join(root, 'docs') }), 'npx trex run');
  t.is(commandLine(['run'], { ...host, cwd: '/' }), `node ${main.slice(1)} run`);
  t.is(commandLine(['run', 'a b'], { ...host, platform: 'win32' }), 'npx trex run "a b"');
  mkdirSync(join(folder, 'bin'), { recursive: true });
  symlinkSync(main, join(folder, 'bin', 'trex'));
  t.is(commandLine(['run'], { ...host, path: join(folder, 'bin') }), 'trex run');
});
