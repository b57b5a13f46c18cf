/** The kind of a data set is told from its path. */
import test from 'ava';
import { openData } from '../../src/data/open-data.ts';
import { writeNpy } from '../../src/workload/import/npy-writer.ts';
import { plainPng } from './image-files.ts';
import { failed, memoryFiles } from './memory-files.ts';

const digits = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 200);
const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 5);

const files = memoryFiles({
  'val/cat/a.png': plainPng(4, 4, [9, 9, 9]),
  'mnist/train-images-idx3-ubyte': digits,
  'mnist/train-labels-idx1-ubyte': labels,
  'mnist/t10k-images.idx3-ubyte': digits,
  'mnist/t10k-labels.idx1-ubyte': labels,
  'cifar/test.bin': new Uint8Array(3074),
  'np/x.npy': writeNpy(Float32Array.of(1, 2), [1, 2]),
  'np/y.npy': writeNpy(Int32Array.of(0), [1]),
  'glue/dev.tsv': 'a\t1\t\tcat\n',
  'glue/vocab.txt': '[PAD]\n[UNK]\n[CLS]\n[SEP]\n',
  'classes.txt': 'dog\ncat\n',
  'data.parquet': 'PAR1',
  'val.tar.gz': 'x',
  'labels.csv': 'a,1',
  'empty/.hidden': '',
});

test('every kind is opened by its name', async t => {
  const kind = async (path: string) => (await openData(files, path)).kind;
  t.deepEqual(await Promise.all(['val', 'mnist', 'cifar', 'np/x.npy', 'glue/dev.tsv'].map(kind)), [
    'image',
    'image',
    'image',
    'tensor',
    'tokens',
  ]);
  t.is((await openData(files, 'mnist/train-images-idx3-ubyte')).name, 'train-images-idx3-ubyte');
  t.is((await openData(files, 'cifar/test.bin')).classes, 100);
});

test('a folder of MNIST has a test set and a training set', async t => {
  t.is((await openData(files, 'mnist')).name, 't10k-images.idx3-ubyte');
  t.is((await openData(files, 'mnist', { split: 'train' })).name, 'train-images-idx3-ubyte');
});

test('a list of classes gives the labels of folders', async t => {
  const set = await openData(files, 'val', { classes: 'classes.txt', size: 4, resize: { shorter: 4 } });
  t.deepEqual([set.classes, (await set.item(0)).label], [['dog', 'cat'], 1]);
  const twice = memoryFiles({ 'c.txt': 'a\na\n', 'v/a/x.png': '' });
  t.is(
    (await failed(openData(twice, 'v', { classes: 'c.txt' }))).message,
    "c.txt:2: class 'a' stands there twice",
  );
});

test('an index outside the set is a bug of the caller', async t => {
  const set = await openData(files, 'np/x.npy');
  for (const index of [-1, 1, 0.5]) await t.throwsAsync(set.item(index), { instanceOf: RangeError });
});

test('what is no data says what would be', async t => {
  const failure = async (path: string) => failed(openData(files, path));
  t.deepEqual(await failure('nowhere'), { message: 'nowhere: no such file', exitCode: 4 });
  t.regex(
    (await failure('data.parquet')).message,
    /^data\.parquet: data of no known kind; known: a folder of images/,
  );
  t.regex((await failure('val.tar.gz')).message, /: unpack the archive first; known/);
  t.regex((await failure('val/cat/a.png')).message, /: one image has no label; give its folder; known/);
  t.regex((await failure('labels.csv')).message, /: give its folder, \.; known/);
  t.regex((await failure('empty')).message, /^empty: no data: expected a sub-folder/);
});
