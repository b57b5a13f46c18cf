/** The release script tags what is whole and refuses what is not, all faults at once. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';

const SCRIPT = fileURLToPath(new URL('../../../scripts/release.mjs', import.meta.url));
/** A hook of git that runs these tests must not lend them its repository. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));

interface State {
  readonly version?: string;
  readonly source?: string;
  readonly changelog?: string;
}

/** A repository of one commit, and the script in it. */
function repository(t: ExecutionContext, { version = '1.2.0', source = version, changelog }: State = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'trex-release-'));
  t.teardown(() => rmSync(cwd, { recursive: true }));
  const git = (...args: string[]) => execFileSync('git', args, { cwd, env, encoding: 'utf8' }).trim();
  mkdirSync(join(cwd, 'src/base'), { recursive: true });
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: 'x', version }));
  writeFileSync(join(cwd, 'package-lock.json'), JSON.stringify({ version, packages: { '': { version } } }));
  writeFileSync(join(cwd, 'src/base/version.ts'), `export const VERSION = '${source}';\n`);
  writeFileSync(
    join(cwd, 'CHANGELOG.md'),
    changelog ?? `# Changelog\n\n## ${version}\n- New.\n\n## 1.1.0\nOld.\n`,
  );
  git('init', '--quiet');
  git('config', 'user.name', 'a');
  git('config', 'user.email', 'a@b.c');
  git('config', 'core.hooksPath', 'none');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'feat: all');
  const release = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], {
      cwd,
      env,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  return { cwd, git, release };
}

test('a clean tree is tagged with its section of the changelog, and publishing is left to a person', t => {
  const { git, release } = repository(t);
  const { status, stdout } = release();
  t.is(status, 0);
  t.regex(stdout, /tagged v1\.2\.0\n.*\n +git push origin v1\.2\.0\n +npm publish --provenance/);
  t.is(git('tag', '--list', '--format=%(contents)'), 'x 1.2.0\n\n- New.');
  const again = release();
  t.is(again.status, 1);
  t.is(again.stderr, 'release: the tag v1.2.0 is there already\n');
});

test('a dry run says what it would do and tags nothing', t => {
  const { git, release } = repository(t);
  const { status, stdout } = release('--dry-run');
  t.is(status, 0);
  t.regex(stdout, /^would tag v1\.2\.0\n[\s\S]*npm publish --provenance/);
  t.is(git('tag', '--list'), '');
});

test('two versions, no section and a changed tree are refused together', t => {
  const { cwd, git, release } = repository(t, { source: '1.1.9', changelog: '## 1.2.0\n\n## 1.1.0\nOld.\n' });
  writeFileSync(join(cwd, 'extra'), '');
  const { status, stderr } = release();
  t.is(status, 1);
  t.deepEqual(stderr.trim().split('\n'), [
    'release: package.json has version 1.2.0, src/base/version.ts 1.1.9',
    "release: CHANGELOG.md has no text under '## 1.2.0'",
    'release: the tree is not clean: extra',
  ]);
  t.is(git('tag', '--list'), '');
});

test('an unknown option is refused', t => {
  const { status, stderr } = repository(t).release('--dryrun');
  t.is(status, 1);
  t.is(stderr, 'release: unknown option --dryrun; known: --dry-run\n');
});
