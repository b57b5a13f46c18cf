/** Data on disk. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { diskFiles, openDiskData } from '../../../src/data/node/disk-files.ts';
import { plainPng } from '../image-files.ts';
import { failed } from '../memory-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-data-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

mkdirSync(join(folder, 'val', 'cat'), { recursive: true });
mkdirSync(join(folder, 'val', 'dog'));
writeFileSync(join(folder, 'val', 'cat', 'a.png'), plainPng(6, 5, [255, 0, 0]));
writeFileSync(join(folder, 'val', 'notes.txt'), 'x');
symlinkSync(join(folder, 'val', 'cat', 'a.png'), join(folder, 'val', 'dog', 'link.png'));
symlinkSync(join(folder, 'nowhere'), join(folder, 'val', 'dog', 'broken.png'));

test('a folder on disk is opened, links are followed', async t => {
  const set = await openDiskData(join(folder, 'val'), { size: 4, normalization: 'none' });
  t.deepEqual([set.name, set.classes, set.size], ['val', ['cat', 'dog'], 2]);
  const { input, name } = await set.item(1);
  t.deepEqual([name, input[0], input[16]], ['dog/link.png', 1, 0]);
});

test('files on disk that are missing, folders or too long are refused', async t => {
  const read = async (name: string) => failed(diskFiles.read(join(folder, name), 100));
  t.deepEqual(await read('none'), { message: `${join(folder, 'none')}: no such file`, exitCode: 4 });
  t.regex((await read('val')).message, /expected a file, got a folder/);
  writeFileSync(join(folder, 'long'), new Uint8Array(101));
  t.regex((await read('long')).message, /101 bytes, more than the 100 that it may have/);
  t.is((await diskFiles.read(join(folder, 'val', 'notes.txt'), 100)).length, 1);
});

test('a path that is not there is missing', async t => {
  t.is((await failed(openDiskData(join(folder, 'vall')))).exitCode, 4);
  t.is(await diskFiles.stat(join(folder, 'vall')), undefined);
});
