/** Checks the first line of a commit message: `node scripts/commit-subject.mjs FILE`, as the hook commit-msg calls it. */
import { readFileSync } from 'node:fs';

const TYPES = ['build', 'chore', 'ci', 'docs', 'feat', 'fix', 'perf', 'refactor', 'revert', 'style', 'test'];
const MOST = 100;
const SUBJECT = new RegExp(`^(${TYPES.join('|')})(\\([a-z0-9./,-]+\\))?!?: \\S`);
/** What git and its rebase write. */
const OWN = /^(Merge |Revert "|fixup! |squash! |amend! )/;

// Empty lines and comments before the subject are dropped by git.
const lines = readFileSync(process.argv[2], 'utf8').split(/\r?\n/);
const subject = lines.find(line => line.trim() !== '' && !line.startsWith('#')) ?? '';
const fault = OWN.test(subject)
  ? undefined
  : !SUBJECT.test(subject)
    ? `expected 'type(scope): what was done', scope optional, type one of ${TYPES.join(', ')}`
    : subject.length > MOST
      ? `${subject.length} characters, more than ${MOST}`
      : undefined;
if (fault !== undefined) {
  console.error(`subject '${subject}': ${fault}`);
  process.exitCode = 1;
}
