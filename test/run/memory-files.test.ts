/** Files in memory stand in for those of a disk: the same names, paths, hashes and refusals. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { EXIT } from '../../src/base/errors.ts';
import { loadTechFrom } from '../../src/run/load.ts';
import { memoryFiles } from '../../src/run/memory-files.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { failure } from '../arch/fixtures.ts';

const ROOT = new URL('../../../', import.meta.url);
const text = (file: string): string => readFileSync(new URL(file, ROOT), 'utf8');
const FILES = ['tech/fefet-32nm.yaml', 'tech/sram-32nm.yaml', 'tech/hybrid-32nm.yaml'];

test('a technology of memory is that of the disk, hashes and files that it names included', async t => {
  const files = await memoryFiles(Object.fromEntries(FILES.map(file => [file, text(file)])));
  t.deepEqual(loadTechFrom(files, 'hybrid-32nm'), loadTechFrom(nodeFiles, 'hybrid-32nm'));
  t.deepEqual(files.list('tech'), ['fefet-32nm', 'hybrid-32nm', 'sram-32nm']);
});

test('a path is relative to the file that names it', async t => {
  const files = await memoryFiles({ './mine/a.yaml': 'name: a', 'mine/b.yaml': 'name: b' });
  const from = files.resolve('tech', 'mine/a.yaml');
  t.is(files.read(files.resolve('tech', './b.yaml', from)).text, 'name: b');
  t.is(files.resolve('tech', '../mine/b.yaml', from).path, 'mine/b.yaml');
});

test('what is not there is refused by name', async t => {
  const files = await memoryFiles({ 'arch/trex.yaml': '' });
  const refused = (name: string) => failure(() => files.resolve('arch', name));
  t.like(refused('trexx'), {
    message: "no architecture is called 'trexx': did you mean trex?",
    exitCode: EXIT.missing,
  });
  t.is(refused('./trexx.yaml').message, 'trexx.yaml: no such file');
});
