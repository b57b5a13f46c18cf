/** Files on disk that are missing, too large, no text or no file, and where names and paths are looked up. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'ava';
import { isPath } from '../../../src/arch/source-files.ts';
import { EXIT } from '../../../src/base/errors.ts';
import { listFiles, readText, resolveFile } from '../../../src/run/node/files.ts';
import { failure } from '../../arch/fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-files-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const written = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const read = (path: string) => readText(resolveFile('arch', path));

test('a slash or a YAML ending makes a path', t => {
  t.true(['./trex', 'a/b', 'a\\b', 'trex.yaml', 'trex.YML'].every(isPath));
  t.false(['trex', 'trex-fefet-32nm', 'v1.2'].some(isPath));
});

test('a name is a shipped file, shown the same on every machine', t => {
  t.is(resolveFile('arch', 'trex').name, 'arch/trex.yaml');
  t.true(listFiles('arch').includes('trex'));
  t.deepEqual(listFiles('tech'), [...listFiles('tech')].sort());
});

test('a path is read from where it is written', t => {
  const path = written('mine.yaml', 'name: mine\n');
  t.is(resolveFile('arch', './mine.yaml', { path, name: 'x/mine.yaml' }).path, path);
  t.is(resolveFile('arch', './mine.yaml', { path, name: 'x/mine.yaml' }).name, 'x/mine.yaml');
  t.is(
    readText({ path, name: 'x' }).sha256,
    '42c7f88c7107a2133431c944ea466d4bb26f0cb5e75b2163b1f3ccdc5d41a7f4',
  );
});

test('a name that is not there proposes the nearest', t => {
  const { message, exitCode } = failure(() => resolveFile('tech', 'fefet-23nm'));
  t.is(message, "no technology is called 'fefet-23nm': did you mean fefet-22nm?");
  t.is(exitCode, EXIT.missing);
});

test('a path that is not there proposes its neighbour', t => {
  written('chip.yaml', 'name: chip\n');
  const { message, exitCode } = failure(() => resolveFile('arch', join(folder, 'chipp.yaml')));
  t.is(message, `${folder}/chipp.yaml: no such file, did you mean ${folder}/chip.yaml?`);
  t.is(exitCode, EXIT.missing);
});

test('a file over 1 MiB is refused by its size', t => {
  const path = written('large.yaml', 'a'.repeat(2 ** 20 + 1));
  const { message, exitCode } = failure(() => read(path));
  t.is(message, `${path}: 1048577 bytes, more than the 1048576 that a file may have`);
  t.is(exitCode, EXIT.invalidFile);
  t.is(read(written('full.yaml', 'a'.repeat(2 ** 20))).text.length, 2 ** 20);
});

test('bytes that are no text are refused', t => {
  const latin = written('latin.yaml', Uint8Array.from([0x6e, 0xe4, 0x0a]));
  t.is(failure(() => read(latin)).message, `${latin}: not a text file: its bytes are not UTF-8`);
  const zeros = written('zeros.yaml', 'a: \0');
  t.is(failure(() => read(zeros)).message, `${zeros}: not a text file: it holds zero bytes`);
});

test('a directory is no file', t => {
  const path = join(folder, 'chips');
  mkdirSync(path);
  const { message, exitCode } = failure(() => read(path));
  t.is(message, `${path}: expected a file, got a directory`);
  t.is(exitCode, EXIT.invalidFile);
});

test('a file that cannot be read is named', t => {
  // Root reads what has no permission; nobody reads his own memory from the start.
  const memory = '/proc/self/mem';
  const path = existsSync(memory) ? join(folder, 'memory.yaml') : written('secret.yaml', 'name: x\n');
  if (existsSync(memory)) symlinkSync(memory, path);
  else chmodSync(path, 0);
  const { message, exitCode } = failure(() => read(path));
  t.true(message.startsWith(`${path}: cannot be read: `), message);
  t.is(exitCode, EXIT.missing);
});

test('a file of the user that is called like a shipped one is shown as what it is', t => {
  const path = written('trex.yaml', 'name: x');
  const from = { path: join(dirname(path), 'chip.yaml'), name: 'arch/chip.yaml' };
  t.is(resolveFile('arch', './trex.yaml', from).name, './arch/trex.yaml');
  t.is(resolveFile('arch', 'trex', from).name, 'arch/trex.yaml');
  t.is(
    resolveFile('arch', './chip-2.yaml', { ...from, path: written('chip-2.yaml', '') }).name,
    'arch/chip-2.yaml',
  );
});
