/** Folders of images, by sub-folder and by labels file. */
import test from 'ava';
import type { DataSet } from '../../../src/data/data-set.ts';
import { imageFolder } from '../../../src/data/formats/image-folder.ts';
import { plainPng } from '../image-files.ts';
import { failed, memoryFiles } from '../memory-files.ts';

const red = plainPng(9, 8, [255, 0, 0]);
const small = { size: 4, normalization: 'none' } as const;

const items = async (set: DataSet) => {
  const all = Array.from({ length: set.size }, (_, i) => set.item(i));
  return (await Promise.all(all)).map(({ name, label }) => [name, label]);
};

test('sub-folders in the order of their names are the classes', async t => {
  const files = memoryFiles({
    'val/n02/b.png': red,
    'val/n02/a.PNG': red,
    'val/n01/z.jpeg': red,
    'val/n01/readme.txt': 'not an image',
    'val/n01/.DS_Store': 'hidden',
    'val/synsets.txt': 'beside the classes',
  });
  const set = await imageFolder(files, 'val', small);
  t.deepEqual([set.name, set.kind, set.classes], ['val', 'image', ['n01', 'n02']]);
  t.deepEqual(await items(set), [
    ['n01/z.jpeg', 0],
    ['n02/a.PNG', 1],
    ['n02/b.png', 1],
  ]);
  const { input, shape } = await set.item(0);
  t.deepEqual(shape, [3, 4, 4]);
  t.deepEqual([input[0], input[16]], [1, 0]);
});

test('a part of the classes keeps the labels of the whole list', async t => {
  const files = memoryFiles({ 'val/tench/a.png': red, 'val/shark/b.png': red });
  const set = await imageFolder(files, 'val', { ...small, classes: ['tench', 'ray', 'shark'] });
  t.deepEqual(await items(set), [
    ['shark/b.png', 2],
    ['tench/a.png', 0],
  ]);
  t.is(
    (await failed(imageFolder(files, 'val', { ...small, classes: ['tench', 'sharks'] }))).message,
    "val/shark: 'shark' is none of the 2 classes, did you mean sharks?",
  );
});

test('a labels file gives numbers, in its order', async t => {
  const files = memoryFiles({
    'val/b.png': red,
    'val/a.png': red,
    'val/labels.csv': 'name,label\nb.png,7\n"a.png", 0\n',
  });
  const set = await imageFolder(files, 'val', small);
  t.deepEqual(await items(set), [
    ['b.png', 7],
    ['a.png', 0],
  ]);
  t.is(set.classes, 8);
});

test('a labels file with spaces, as ImageNet has val.txt', async t => {
  const files = memoryFiles({ 'val/a b.png': red, 'val.txt': 'a b.png 65\n' });
  t.deepEqual(await items(await imageFolder(files, 'val', { ...small, labels: 'val.txt' })), [
    ['a b.png', 65],
  ]);
});

test('names of classes in a labels file are numbered in their order', async t => {
  const files = memoryFiles({
    'v/a.png': red,
    'v/b.png': red,
    'v/labels.txt': 'a.png,sea lion\nb.png,cat\n',
  });
  const set = await imageFolder(files, 'v', small);
  t.deepEqual(
    [set.classes, await items(set)],
    [
      ['cat', 'sea lion'],
      [
        ['a.png', 1],
        ['b.png', 0],
      ],
    ],
  );
});

test('a bad labels file is refused at its line', async t => {
  const labels = (text: string) => memoryFiles({ 'v/a.png': red, 'v/labels.csv': text });
  const message = async (text: string) => (await failed(imageFolder(labels(text), 'v', small))).message;
  t.is(await message('a.png\n'), "v/labels.csv:1: expected 'name,label', got 'a.png'");
  t.is(await message('a.png,1\na.png,2\n'), "v/labels.csv:2: 'a.png' stands there twice");
  t.is(await message('a.png,1\n../b.png,2\n'), "v/labels.csv:2: '../b.png' leads out of the folder");
  t.is(await message('a.png,-1\n'), 'v/labels.csv:1: label -1: expected an integer from 0 to 1048575');
  t.is(await message('\n'), "v/labels.csv: no entries: expected lines of 'name,label'");
});

test('an image that does not decode is named when it is read', async t => {
  const files = memoryFiles({
    'v/cat/a.png': red,
    'v/cat/b.png': red.slice(0, 60),
    'v/cat/c.webp': 'RIFF....WEBP',
  });
  const set = await imageFolder(files, 'v', small);
  t.is(set.size, 3);
  t.regex((await failed(set.item(1))).message, /^v\/cat\/b\.png: truncated PNG/);
  t.regex((await failed(set.item(2))).message, /^v\/cat\/c\.webp: a WebP image/);
});

test('an image of the labels file that is not there is missing', async t => {
  const files = memoryFiles({ 'v/labels.csv': 'a.png,1\n' });
  const set = await imageFolder(files, 'v', small);
  t.deepEqual(await failed(set.item(0)), { message: 'v/a.png: no such file', exitCode: 4 });
});

test('folders without a class, an image or an order are refused', async t => {
  const message = async (contents: Record<string, Uint8Array>) =>
    (await failed(imageFolder(memoryFiles(contents), 'v', small))).message;
  t.is(
    await message({ 'v/a.png': red }),
    'v: no data: expected a sub-folder of images per class, or labels.csv or labels.txt',
  );
  t.is(await message({ 'v/cat/a.txt': red }), 'v/cat: a class without images');
  t.regex(await message({ 'v/cat/x/a.png': red }), /^v\/cat\/x: a folder inside a class/);
});
