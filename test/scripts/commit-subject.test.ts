/** The commit-msg hook lets conventional subjects pass, and what git writes itself. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const SCRIPT = fileURLToPath(new URL('../../../scripts/commit-subject.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'trex-subject-'));
test.after.always(() => rmSync(folder, { recursive: true }));

function check(message: string): string {
  const file = join(folder, 'message');
  writeFileSync(file, message);
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, file], { encoding: 'utf8' });
  return status === 0 ? 'passes' : stderr;
}

test('conventional subjects pass, with a scope or without', t => {
  for (const subject of [
    'fix: a',
    'feat(noc): b',
    'refactor(numerics/noise)!: c',
    'docs: d\n\nbody of any form',
  ])
    t.is(check(subject), 'passes', subject);
});

test('what git writes itself passes, and its comments are no subject', t => {
  for (const subject of ["Merge branch 'a'", 'Revert "feat: a"', 'fixup! whatever', '# comment\n\nfix: a'])
    t.is(check(subject), 'passes', subject);
});

test('other subjects are refused with the form that is expected', t => {
  for (const subject of ['A last look', 'feature: a', 'fix:a', 'fix (noc): a', ''])
    t.regex(check(subject), /^subject '.*': expected 'type\(scope\): what was done'.*feat, fix/, subject);
  t.regex(check(`fix: ${'a'.repeat(96)}`), /101 characters, more than 100/);
});
