import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import test from 'ava';

const SRC = new URL('../../src/', import.meta.url);

/** Files without a folder that everybody may import. */
const BASE = ['errors.ts', 'units.ts', 'version.ts', 'random.ts', 'fields.ts'];

/** What the files of a folder may import beside the base and their own folder: folders, or single files. */
const MAY: Record<string, readonly string[]> = {
  base: [],
  wasm: [],
  sim: [],
  tech: ['sim/tick.ts'],
  hw: ['sim/', 'tech/'],
  arch: ['sim/', 'hw/', 'tech/'],
  workload: [],
  map: ['workload/', 'arch/', 'hw/program.ts', 'tech/'],
  data: ['workload/import/'],
  numerics: ['tech/', 'wasm/', 'workload/'],
  train: ['numerics/', 'wasm/', 'workload/', 'data/', 'tech/'],
  // A trace listens to the chip; the expanded configuration says where values come from.
  report: ['sim/probe.ts', 'sim/tick.ts', 'hw/program.ts', 'arch/origins.ts'],
};

/** Above the layers, the highest last: what stands in none of these lists is as low as `simulate.ts`. */
const ABOVE = [['explore', 'reproduce', 'validate'], ['index.ts'], ['cli']];

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map(file => file.replaceAll('\\', '/'))
  .filter(file => file.endsWith('.ts'))
  .sort();

/** Everything that a file imports or exports from, types included. */
function importsOf(file: string): string[] {
  const text = readFileSync(new URL(file, SRC), 'utf8');
  const statements = text.matchAll(/^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm);
  const bare = text.matchAll(/\bimport\s*\(?\s*['"]([^'"]+)['"]/g);
  return [...statements, ...bare].map(match => match[1]);
}

/** The file in src/ that a relative import means; undefined for packages. */
const target = (file: string, word: string): string | undefined =>
  word.startsWith('.') ? posix.join(posix.dirname(file), word) : undefined;

const folderOf = (file: string): string => {
  if (BASE.includes(file)) return 'base';
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : file;
};

function allowed(file: string, to: string): boolean {
  const from = folderOf(file);
  if (folderOf(to) === 'base' || folderOf(to) === from) return true;
  const may = MAY[from];
  if (may !== undefined) return may.some(word => (word.endsWith('/') ? to.startsWith(word) : to === word));
  return heightOf(to) <= heightOf(file);
}

const heightOf = (file: string): number => ABOVE.findIndex(level => level.includes(folderOf(file)));

test('files import downwards only', t => {
  t.true(files.length > 50);
  const upwards = files.flatMap(file =>
    importsOf(file)
      .map(word => target(file, word))
      .filter(to => to !== undefined)
      .filter(to => !allowed(file, to))
      .map(to => `src/${file} imports src/${to}`),
  );
  t.deepEqual(upwards, []);
});

test('only the command line, its runners and the loading of files know Node', t => {
  const withNode = files.filter(file => importsOf(file).some(word => word.startsWith('node:')));
  const allowedHere = (file: string): boolean =>
    file === 'files.ts' ||
    file.startsWith('cli/') ||
    file.startsWith('explore/run/') ||
    file.includes('/node/');
  t.deepEqual(
    withNode.filter(file => !allowedHere(file)),
    [],
  );
  t.true(withNode.includes('files.ts'));
});

test('relative imports end in .ts, and lead to a file', t => {
  const broken = files.flatMap(file =>
    importsOf(file)
      .map(word => target(file, word))
      .filter(to => to !== undefined && !files.includes(to))
      .map(to => `src/${file}: ${to}`),
  );
  t.deepEqual(broken, []);
});
