/**
 * The whole suite, as `npm test` runs it: the folders of test/ one by one, as many at a time as there are processors. What a folder
 * says is printed when it has ended; the last lines add up.
 */
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
// Bundles the command line, and writes a file for each folder.
import '../ava.suite.config.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const AVA = fileURLToPath(new URL('../node_modules/ava/entrypoints/cli.mjs', import.meta.url));
const SUITE = fileURLToPath(new URL('../dist/suite/', import.meta.url));

/** What takes longest first, so that nobody waits for it at the end. */
const LONG = ['cli', 'explore', 'numerics', 'docs', 'run', 'arch', 'optimize', 'train'];

/** Text and exit code of a folder's tests. */
const tested = file =>
  new Promise((resolve, reject) => {
    const words = [AVA, '--config', 'ava.folder.config.js', `dist/suite/${file}`];
    const child = spawn(process.execPath, words, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', text => texts.push(text));
    child.on('error', reject);
    child.on('close', code => resolve({ text: Buffer.concat(texts).toString(), code: code ?? 1 }));
  });

const rank = file => {
  const at = LONG.indexOf(file.split('.')[0]);
  return at < 0 ? LONG.length : at;
};
const size = file => statSync(SUITE + file).size;
const files = readdirSync(SUITE).sort((a, b) => rank(a) - rank(b) || size(b) - size(a));
const total = { passed: 0, failed: 0, skipped: 0 };
/** Folders that did not end well: a test failed, or a worker broke off, which no number says. */
const broken = [];

async function work() {
  for (let file = files.shift(); file !== undefined; file = files.shift()) {
    const { text, code } = await tested(file);
    process.stdout.write(text);
    if (code !== 0) broken.push(file.split('.')[0]);
    for (const what of Object.keys(total))
      total[what] += Number(new RegExp(`^ *(\\d+) tests? ${what}`, 'm').exec(text)?.[1] ?? 0);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
const count = (n, what) => `  ${n} ${n === 1 ? 'test' : 'tests'} ${what}\n`;
process.stdout.write(
  `\n  ---\n\n${total.failed > 0 ? count(total.failed, 'failed') : ''}${count(total.passed, 'passed')}`,
);
if (total.skipped > 0) process.stdout.write(count(total.skipped, 'skipped'));
if (broken.length > 0) {
  process.stdout.write(`  not passed: ${broken.join(', ')}\n`);
  process.exitCode = 1;
}
