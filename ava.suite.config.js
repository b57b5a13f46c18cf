/**
 * The whole suite as a file for each folder of test/, since to start a worker and to load the simulator costs more than most files'
 * tests: for scripts/suite.mjs (`npm test`), and all in one for `npm run coverage`. One test at a time: some watch signals, files, time.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { sep } from 'node:path';
import own from './ava.config.js';

const TESTS = new URL('dist/test/', import.meta.url);
const SUITE = new URL('dist/suite/', import.meta.url);

const files = readdirSync(TESTS, { recursive: true })
  .map(file => file.replaceAll(sep, '/'))
  .filter(file => file.endsWith('.test.js'))
  .sort();
const folderOf = file => (file.includes('/') ? file.slice(0, file.indexOf('/')) : 'top');

rmSync(SUITE, { recursive: true, force: true });
mkdirSync(SUITE);
for (const folder of new Set(files.map(folderOf))) {
  const imports = files.filter(file => folderOf(file) === folder).map(file => `import '../test/${file}';\n`);
  writeFileSync(new URL(`${folder}.test.js`, SUITE), imports.join(''));
}

export default { files: ['dist/suite/*.test.js'], timeout: own.timeout, serial: true };
