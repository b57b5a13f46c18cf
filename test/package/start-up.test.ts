/** A command loads what it needs: the first minute is fast. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { lateImportsOf, loadedWith } from './bundle.ts';

const FOLDER = fileURLToPath(new URL('../../node/', import.meta.url));
const sizeOf = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + statSync(join(FOLDER, file)).size, 0);

/** The file of a command, as the command line imports it late. */
function commandFile(name: string): string {
  const [main] = lateImportsOf(readFileSync(join(FOLDER, 'trex.js'), 'utf8'));
  const late = lateImportsOf(readFileSync(join(FOLDER, main), 'utf8'));
  const found = late.find(from => from.startsWith(`./${name}-`));
  if (found === undefined) throw new Error(`no file of ${name} among ${late.join(', ')}`);
  return found.slice('./'.length);
}

test('the version needs no parser, no schema and no simulator', t => {
  const { files, modules } = loadedWith(FOLDER, 'trex.js');
  t.true(sizeOf(files) < 4096, files.join(', '));
  t.deepEqual(modules, []);
});

test('a run loads no crossbar arithmetic, no threads and no GPU.js', t => {
  const { files, modules } = loadedWith(FOLDER, commandFile('run'));
  t.true(
    // Graphs of ONNX, decoders and the check of their names are a quarter of it.
    sizeOf(files) < 1.3e6,
    `${sizeOf(files)} bytes: "import * as z from 'zod'" instead of "import * as z" takes all of zod`,
  );
  const text = files.map(file => readFileSync(join(FOLDER, file), 'utf8')).join('\n');
  for (const what of ['WebAssembly', 'seedrandom', 'gpu.cjs"', 'createGzip'])
    t.false(text.replace(/\bimport\("[^"]+"\)/g, '').includes(what), what);
  for (const module of ['node:worker_threads', 'node:zlib', 'node:child_process'])
    t.false(modules.includes(module), module);
});

test('a list of files loads no event kernel', t => {
  const { files } = loadedWith(FOLDER, commandFile('schema'));
  const text = files.map(file => readFileSync(join(FOLDER, file), 'utf8')).join('\n');
  t.false(text.includes('drainWheel'));
});
