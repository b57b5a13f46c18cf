/** A format of data that is declared here and stands in no folder of the source; options of other data; the page of formats. */
import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { type DataFormat, dataFormat } from '../../../src/data/data-format.ts';
import type { DataOptions } from '../../../src/data/data-options.ts';
import { DATA_FORMATS } from '../../../src/data/formats/all.ts';
import { formatOf, openAs, openData } from '../../../src/data/open-data.ts';
import { writeNpy } from '../../../src/workload/import/npy-writer.ts';
import { plainPng } from '../image-files.ts';
import { failed, memoryFiles } from '../memory-files.ts';

const ROOT = new URL('../../../../', import.meta.url);

/** One number and its label on each line. */
const lines = dataFormat({
  name: 'lines',
  title: '.lines',
  about: 'A number and a label, line by line',
  of: 'file',
  asked: 'first',
  options: ['classes'],
  recognises: ({ name }) => name.endsWith('.lines'),
  async open({ files, path }, { classes }) {
    const rows = new TextDecoder()
      .decode(await files.read(path, 1000))
      .trim()
      .split('\n')
      .map(line => line.split(' ').map(Number));
    return {
      name: path,
      size: rows.length,
      kind: 'tensor',
      classes: classes ?? 2,
      item: async i => ({
        input: Float32Array.of(rows[i][0]),
        shape: [1],
        label: rows[i][1],
        name: `${path}#${i}`,
      }),
    };
  },
});

const formats: readonly DataFormat[] = [...DATA_FORMATS, lines];
const tokens = { 'x.npy': writeNpy(Int32Array.of(1, 2), [1, 2]), 'y.npy': writeNpy(Int32Array.of(0), [1]) };
const digits = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 200);
const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 5);

const files = memoryFiles({
  'a.lines': '0.5 1\n0.25 0\n',
  'names.txt': 'no\nyes\n',
  'val/cat/a.png': plainPng(4, 4, [9, 9, 9]),
  'both/t10k-images-idx3-ubyte': digits,
  'both/test.bin': new Uint8Array(3074),
  'mnist/t10k-images-idx3-ubyte': digits,
  'mnist/t10k-labels-idx1-ubyte': labels,
  'tok/x.npy': tokens['x.npy'],
  'tok/y.npy': tokens['y.npy'],
  'float/x.npy': writeNpy(Float32Array.of(1, 2), [1, 2]),
  'float/y.npy': tokens['y.npy'],
  'glue/dev.tsv': 'a\t1\t\tcat\n',
  'glue/vocab.txt': '[PAD]\n[UNK]\n[CLS]\n[SEP]\n',
});

const open = async (path: string, options: DataOptions = {}, offered: DataOptions = {}) =>
  openAs(await formatOf(files, path, formats), { files, path }, options, offered);

test('a format is one declaration: recognised, opened, and named where nothing fits', async t => {
  const set = await open('a.lines', { classes: 'names.txt' });
  t.deepEqual([set.size, set.classes, (await set.item(1)).input[0]], [2, ['no', 'yes'], 0.25]);
  t.regex((await failed(formatOf(files, 'names.txt', formats))).message, /\.tsv, \.lines$/);
  t.regex((await failed(openData(files, 'a.lines'))).message, /^a\.lines: data of no known kind/);
});

test('an option that a format does not declare is refused by name', async t => {
  t.deepEqual(await failed(open('a.lines', { split: 'train' })), {
    message: 'a.lines: --split is no option of .lines; its options are classes',
    exitCode: 2,
  });
  const refused: [string, DataOptions, RegExp][] = [
    ['val', { split: 'train' }, /^val: --split is no option of a folder of images/],
    ['val', { vocabulary: 'v.txt' }, /^val: --vocabulary is no option/],
    ['glue/dev.tsv', { normalization: 'half' }, /^glue\/dev\.tsv: --normalization is no option of \.tsv/],
    ['glue/dev.tsv', { labels: 'l.txt' }, /^glue\/dev\.tsv: --labels is no option/],
    ['mnist', { background: 0 }, /^mnist: --background is no option of MNIST's folder/],
    ['mnist', { textColumn: 'a' }, /^mnist: --text-column is no option/],
    ['both/test.bin', { labels: 'y' }, /: --labels is no option of CIFAR/],
    // A slip of somebody who writes JavaScript.
    ['mnist', { splitt: 'train' } as DataOptions, /^mnist: --splitt is no option/],
  ];
  for (const [path, options, message] of refused) {
    const { message: got, exitCode } = await failed(open(path, options));
    t.regex(got, message);
    t.is(exitCode, 2);
  }
});

test('an option for items of another kind than an array holds is refused by name', async t => {
  t.deepEqual(await failed(open('tok/x.npy', { normalization: 'half' })), {
    message: 'tok/x.npy: --normalization is for images, and these are token ids',
    exitCode: 2,
  });
  t.regex((await failed(open('float/x.npy', { size: 4 }))).message, /size is for images, .* tensors$/);
});

test('what a network offers is taken where it is of use, and what was asked for goes before it', async t => {
  t.is((await open('tok/x.npy', {}, { size: 4, vocabulary: 'v.txt' })).kind, 'tokens');
  const { shape } = await (await open('mnist', { size: 2 }, { size: 3, channels: 1, maxTokens: 9 })).item(0);
  t.deepEqual(shape, [1, 2, 2]);
});

test('a place that two formats recognise is refused', async t => {
  t.deepEqual(await failed(open('both')), {
    message: "both: may be CIFAR's folder and MNIST's folder: give the path of one of them",
    exitCode: 3,
  });
});

test('a format without one of its parts does not compile', t => {
  const { recognises, ...unknown } = lines;
  // @ts-expect-error: nothing says how it is recognised
  const noRecognition: DataFormat = unknown;
  const { options, ...open } = lines;
  // @ts-expect-error: nothing says which options it reads
  const noOptions: DataFormat = open;
  dataFormat({
    ...lines,
    options: ['classes'],
    // @ts-expect-error: reads an option that it does not declare
    open: (_, { vocabulary }) => Promise.reject(vocabulary),
  });
  t.truthy([noRecognition, noOptions, recognises, options]);
});

test('a format has the name of its file', t => {
  const folder = readdirSync(new URL('src/data/formats', ROOT)).map(file => file.replace(/\.ts$/, ''));
  t.deepEqual(DATA_FORMATS.map(({ name }) => name).sort(), folder.filter(name => name !== 'all').sort());
});

test('docs/data.md has a row for each format, as it declares itself', t => {
  const page = readFileSync(new URL('docs/data.md', ROOT), 'utf8');
  for (const { title, about, options } of DATA_FORMATS) {
    const row = `| ${title} | ${about} | ${options.map(option => `\`${option}\``).join(', ')} |`;
    t.true(page.includes(`${row}\n`), row);
  }
});
