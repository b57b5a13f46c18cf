/**
 * Tags a release: `node scripts/release.mjs [--dry-run]`. Checks that the tree is clean, that package.json and src/base/version.ts
 * name one version, that CHANGELOG.md has a section for it, and that its tag is free; then sets the tag. It publishes nothing: it
 * prints the commands. Exit code 1 with all faults, one a line.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const git = (...args) =>
  execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
const args = process.argv.slice(2);
const dryRun = args.includes('--dry-run');
const unknown = args.find(arg => arg !== '--dry-run');

/** The text below the heading of a version, up to the next heading. */
function changelogSection(version) {
  const lines = readFileSync('CHANGELOG.md', 'utf8').split(/\r?\n/);
  const begin = lines.findIndex(line => line === `## ${version}` || line.startsWith(`## ${version} `));
  if (begin < 0) return undefined;
  const rest = lines.slice(begin + 1);
  const end = rest.findIndex(line => line.startsWith('## '));
  return (end < 0 ? rest : rest.slice(0, end)).join('\n').trim();
}

function faults(version, tag) {
  const found = [];
  const source = /VERSION = '([^']+)'/.exec(readFileSync('src/base/version.ts', 'utf8'))?.[1];
  if (source !== version) found.push(`package.json has version ${version}, src/base/version.ts ${source}`);
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  if (lock.version !== version || lock.packages[''].version !== version) {
    found.push(`package.json has version ${version}, package-lock.json ${lock.version}`);
  }
  if (!changelogSection(version)) found.push(`CHANGELOG.md has no text under '## ${version}'`);
  const changed = git('status', '--porcelain').split('\n').filter(Boolean);
  if (changed.length > 0)
    found.push(`the tree is not clean: ${changed.map(line => line.slice(3)).join(', ')}`);
  if (git('tag', '--list', tag) !== '') found.push(`the tag ${tag} is there already`);
  return found;
}

const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const tag = `v${version}`;
const found = unknown === undefined ? faults(version, tag) : [`unknown option ${unknown}; known: --dry-run`];
if (found.length > 0) {
  for (const fault of found) console.error(`release: ${fault}`);
  process.exitCode = 1;
} else {
  if (dryRun) console.log(`would tag ${tag}`);
  else {
    git(
      'tag',
      '--annotate',
      tag,
      '--message',
      `${name} ${version}\n\n${changelogSection(version)}`,
      '--cleanup=verbatim',
    );
    console.log(`tagged ${tag}`);
  }
  console.log(`then, by hand:\n  git push origin ${tag}\n  npm publish --provenance`);
}
