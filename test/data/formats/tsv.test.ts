/** Sentences from tab-separated files. */
import test from 'ava';
import { type TextSetOptions as TextOptions, textSet } from '../../../src/data/formats/tsv.ts';
import { failed, memoryFiles } from '../memory-files.ts';

const vocab = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'the', 'cat', 'sat', '.', '"'].join('\n');
const open = (text: string, options: TextOptions = {}) =>
  textSet(memoryFiles({ 'glue/dev.tsv': text, 'glue/vocab.txt': vocab }), 'glue/dev.tsv', {
    maxTokens: 8,
    ...options,
  });

test("CoLA's four columns have no names", async t => {
  const set = await open('gj04\t1\t\tThe cat sat.\ngj04\t0\t*\tThe sat cat.\n');
  t.deepEqual([set.size, set.kind, set.classes, set.vocabulary], [2, 'tokens', 2, 9]);
  const { input, shape, label, name, mask, types } = await set.item(1);
  t.deepEqual(Array.from(input), [2, 4, 6, 5, 7, 3, 0, 0]);
  t.deepEqual([shape, label, name], [[8], 0, 'dev.tsv#1']);
  t.deepEqual([Array.from(mask!), Array.from(types!)], [[1, 1, 1, 1, 1, 1, 0, 0], new Array(8).fill(0)]);
});

test('columns are found by their names, and quotes are text', async t => {
  const set = await open('sentence\tlabel\n"the cat\t1\n');
  t.deepEqual(Array.from((await set.item(0)).input), [2, 8, 4, 5, 3, 0, 0, 0]);
});

test('pairs of sentences, and labels that are names', async t => {
  const set = await open(
    'index\tsentence1\tsentence2\tlabel\n0\tthe cat\tsat\tnot_entailment\n1\tcat\tcat\tentailment\n',
  );
  t.deepEqual(set.classes, ['entailment', 'not_entailment']);
  const { input, types, label } = await set.item(0);
  t.deepEqual(Array.from(input), [2, 4, 5, 3, 6, 3, 0, 0]);
  t.deepEqual([Array.from(types!), label], [[0, 0, 0, 0, 1, 1, 0, 0], 1]);
});

test('other columns can be named', async t => {
  const set = await open('Review\tStars\ncat\t4\n', { textColumn: 'Review', labelColumn: 'Stars' });
  t.is((await set.item(0)).label, 4);
  t.is(
    (await failed(open('Review\tStars\ncat\t4\n', { textColumn: 'review', labelColumn: 'Stars' }))).message,
    "unknown column 'review': did you mean Review?",
  );
});

test('files that have no rows, labels or columns are refused', async t => {
  const message = async (text: string) => (await failed(open(text))).message;
  t.is(await message(''), 'glue/dev.tsv: an empty file');
  t.is(await message('sentence\tlabel\n'), 'glue/dev.tsv: no rows under the names of its columns');
  t.regex(await message('index\tsentence\n0\tcat\n'), /no column for a label .* it has index, sentence$/);
  t.is(await message('sentence\tlabel\ncat\t1\nsat\n'), 'glue/dev.tsv:3: 1 cells, expected 2');
  t.is(
    await message('sentence\tlabel\ncat\t-1\n'),
    'glue/dev.tsv:2: label -1: expected an integer from 0 to 1048575',
  );
});

test('text needs a vocabulary', async t => {
  const files = memoryFiles({ 'a.tsv': 'sentence\tlabel\ncat\t1\n' });
  t.deepEqual(await failed(textSet(files, 'a.tsv')), {
    message: 'a.tsv: text needs a vocabulary: no vocab.txt and no tokenizer.json beside it, and none given',
    exitCode: 2,
  });
});

test('an input without room for a token is refused before an item is read', async t => {
  t.is(
    (await failed(open('sentence\tlabel\ncat\t1\n', { maxTokens: 2 }))).message,
    'inputs of 2 tokens: expected 3 to 65536',
  );
});

test('a file that is not UTF-8 is no text', async t => {
  const files = memoryFiles({ 'a.tsv': Uint8Array.of(0xff, 0xfe, 0x41) });
  t.is((await failed(textSet(files, 'a.tsv'))).message, 'a.tsv: not a text file: its bytes are not UTF-8');
});
