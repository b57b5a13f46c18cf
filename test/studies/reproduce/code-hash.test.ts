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

test('a changed, new or renamed module is other code; commands, declarations and maps are not', t => {
  write('train/run.js', 'a');
  const seen = [codeHash(dir)];
  for (const [name, text] of [
    ['train/run.js', 'b'],
    ['train/more.js', ''],
    ['random.js', 'r'],
    ['reproduce/lab.js', 'b'],
  ] as const) {
    write(name, text);
    seen.push(codeHash(dir));
  }
  rmSync(join(dir, 'train/more.js'));
  write('train/other.js', '');
  seen.push(codeHash(dir));
  t.is(new Set(seen).size, seen.length);
  for (const name of ['cli/main.js', 'train/run.d.ts', 'train/run.js.map', 'validate/a.js']) write(name, 'x');
  t.is(codeHash(dir), seen[seen.length - 1]);
});

test('the code of this build has a name that stays', t => {
  t.regex(codeHash(), /^[0-9a-f]{64}$/);
  t.is(codeHash(), codeHash());
});
