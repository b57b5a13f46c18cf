/** The name of the code that computes: it changes with what computes, and with nothing else. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { codeHash } from '../../../studies/reproduce/code-hash.ts';

const dir = mkdtempSync(join(tmpdir(), 'trex-code-'));
test.after.always(() => rmSync(dir, { recursive: true, force: true }));
const write = (name: string, text: string): void => {
  mkdirSync(join(dir, name, '..'), { recursive: true });
  writeFileSync(join(dir, name), text);
};

test('a changed, new or renamed module is other code; commands, tests, declarations and maps are not', t => {
  write('src/train/run.js', 'a');
  const seen = [codeHash(dir)];
  for (const [name, text] of [
    ['src/train/run.js', 'b'],
    ['src/train/more.js', ''],
    ['src/index.js', 'r'],
    ['studies/reproduce/experiment.js', 'b'],
  ] as const) {
    write(name, text);
    seen.push(codeHash(dir));
  }
  rmSync(join(dir, 'src/train/more.js'));
  write('src/train/other.js', '');
  seen.push(codeHash(dir));
  t.is(new Set(seen).size, seen.length);
  for (const name of [
    ...['src/cli/main.js', 'src/train/run.d.ts', 'src/train/run.js.map', 'src/validate/a.js'],
    ...['test/train/run.test.js', 'bench/all.js'],
  ])
    write(name, 'x');
  t.is(codeHash(dir), seen[seen.length - 1]);
});

test('the code of this build has a name that stays', t => {
  t.regex(codeHash(), /^[0-9a-f]{64}$/);
  t.is(codeHash(), codeHash());
});
