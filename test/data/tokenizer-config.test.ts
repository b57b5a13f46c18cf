/** What lies beside a vocabulary is applied as transformers does, or refused by name and line. */
import test from 'ava';
import type { DataOptions } from '../../src/data/data-options.ts';
import { openData } from '../../src/data/open-data.ts';
import { CUT, PIECES, TEXTS } from './cut-texts.ts';
import { failed, memoryFiles } from './memory-files.ts';

const rows = ['sentence\tlabel', ...TEXTS.map(text => `${text}\t1`)].join('\n');
const vocab = PIECES.join('\n');

/** Files of a checkpoint's folder, objects as JSON. */
async function open(files: Readonly<Record<string, object | string>>, options: DataOptions = {}) {
  const texts = Object.entries(files).map(([name, file]) => [
    `bert/${name}`,
    typeof file === 'string' ? file : JSON.stringify(file),
  ]);
  return openData(memoryFiles({ 'bert/dev.tsv': rows, ...Object.fromEntries(texts) }), 'bert/dev.tsv', {
    maxTokens: 24,
    ...options,
  });
}

async function cut(files: Readonly<Record<string, object | string>>, options: DataOptions = {}) {
  const set = await open(files, options);
  const items = await Promise.all(TEXTS.map((_, i) => set.item(i)));
  return items.map(({ input, mask }) =>
    Array.from(input.subarray(1, mask!.reduce((n, m) => n + m, 0) - 1), id => PIECES[id]).join(' '),
  );
}

for (const [config, pieces] of CUT) {
  test(`tokenizer_config.json says ${JSON.stringify(config)}`, async t => {
    t.deepEqual(await cut({ 'vocab.txt': vocab, 'tokenizer_config.json': config }), [...pieces]);
  });
}

test('options go before the files', async t => {
  const [uncased, cased] = [CUT[0][1], CUT[1][1]];
  const files = { 'vocab.txt': vocab, 'tokenizer_config.json': { do_lower_case: false } };
  t.deepEqual(await cut(files, { lowerCase: true }), [...uncased]);
  t.deepEqual(await cut({ ...files, 'tokenizer_config.json': {} }, { lowerCase: false }), [...cased]);
});

test('a vocabulary with pieces in upper case is not taken for an uncased one', async t => {
  const { message, exitCode } = await failed(open({ 'vocab.txt': vocab }));
  t.regex(
    message,
    /^bert\/vocab\.txt: piece 'The' is in upper case, and no tokenizer_config\.json beside it says/,
  );
  t.is(exitCode, 2);
  await t.notThrowsAsync(open({ 'vocab.txt': vocab }, { lowerCase: false }));
});

const fast = (normalizer: object, more: object = {}) => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'].map((content, id) => ({ id, content })),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
    ...normalizer,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: { type: 'TemplateProcessing' },
  decoder: { type: 'WordPiece' },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(PIECES.map((piece, id) => [piece, id])),
  },
  ...more,
});

test('a tokenizer.json brings the vocabulary and says the same', async t => {
  for (const [lowercase, pieces] of [
    [true, CUT[0][1]],
    [false, CUT[1][1]],
  ] as const)
    t.deepEqual(await cut({ 'tokenizer.json': fast({ lowercase }) }), [...pieces]);
});

test('two files that disagree are refused, unless an option says which', async t => {
  const files = {
    'vocab.txt': vocab,
    'tokenizer.json': fast({ lowercase: true }),
    'tokenizer_config.json': { do_lower_case: false },
  };
  const { message, exitCode } = await failed(open(files));
  t.is(
    message,
    'bert/tokenizer_config.json: do_lower_case: false, but tokenizer.json beside it says true: say --lower-case or --no-lower-case',
  );
  t.is(exitCode, 3);
  t.deepEqual(await cut(files, { lowerCase: false, stripAccents: false }), [...CUT[1][1]]);
});

test('the length of a tokenizer bounds that of the network', async t => {
  const shape = async (length: number) => {
    const set = await open({ 'vocab.txt': vocab, 'tokenizer_config.json': { model_max_length: length } });
    return (await set.item(0)).shape[0];
  };
  t.deepEqual([await shape(8), await shape(512), await shape(1e30)], [8, 24, 24]);
});

test('a word of more than 100 letters is unknown, as transformers has it', async t => {
  const files = {
    'dev.tsv': `sentence\tlabel\n${'h'.repeat(101)} ${'h'.repeat(100)}\t1\n`,
    'vocab.txt': '[PAD]\n[UNK]\n[CLS]\n[SEP]\nh\n##h\n',
  };
  const set = await open({ ...files, 'tokenizer_config.json': {} }, { maxTokens: 128 });
  t.deepEqual(Array.from((await set.item(0)).input.subarray(0, 4)), [2, 1, 4, 5]);
});

test('a tokenizer without segments gives none', async t => {
  const pair = { 'dev.tsv': 'sentence1\tsentence2\tlabel\nthe\tthe\t1\n', 'vocab.txt': vocab };
  const types = async (config: object) =>
    (await (await open({ ...pair, 'tokenizer_config.json': config })).item(0)).types;
  t.is((await types({}))?.includes(1), true);
  t.is(await types({ tokenizer_class: 'DistilBertTokenizer' }), undefined);
  t.is(await types({ model_input_names: ['input_ids', 'attention_mask'] }), undefined);
});

const refused: readonly [string, object | string, RegExp][] = [
  [
    'another tokenizer',
    { tokenizer_class: 'RobertaTokenizerFast' },
    /tokenizer_class: RobertaTokenizerFast is not read here/,
  ],
  ['another padding token', { pad_token: '<pad>' }, /pad_token: "<pad>" is not supported, only \[PAD\]/],
  ['padding on the left', { padding_side: 'left' }, /padding_side: "left" is not supported, only "right"/],
  ['no basic tokenizer', { do_basic_tokenize: false }, /do_basic_tokenize: false is not supported/],
  [
    'a field with its line',
    '{\n"do_lower_case": true,\n"do_subword": "x"\n}',
    /tokenizer_config\.json:3: do_subword: not known here/,
  ],
  ['a slip', { do_lowercase: true }, /do_lowercase: not known here; did you mean do_lower_case\?/],
  [
    'an added token that the vocabulary lacks',
    { additional_special_tokens: ['[ENT]'] },
    /added token '\[ENT\]' is not in the vocabulary/,
  ],
  [
    'an added token of another id',
    { added_tokens_decoder: { 7: { content: 'the' } } },
    /added_tokens_decoder\.7: 'the' has another id/,
  ],
  ['a word for a truth', { do_lower_case: 'no' }, /do_lower_case: expected true or false, got "no"/],
];

for (const [what, config, message] of refused)
  test(`${what} is refused`, async t => {
    const { message: got, exitCode } = await failed(
      open({ 'vocab.txt': vocab, 'tokenizer_config.json': config }),
    );
    t.regex(got, message);
    t.is(exitCode, 3);
  });

test('a tokenizer.json of another kind is refused', async t => {
  const refuse = async (file: object) => (await failed(open({ 'tokenizer.json': file }))).message;
  t.regex(
    await refuse(fast({ type: 'Lowercase' })),
    /normalizer\.type: "Lowercase" is not supported, only "BertNormalizer"/,
  );
  t.regex(
    await refuse(fast({}, { model: { type: 'BPE' } })),
    /model\.type: "BPE" is not supported, only "WordPiece"/,
  );
  t.regex(
    await refuse(fast({}, { padding: { direction: 'Left' } })),
    /padding\.direction: "Left" is not supported/,
  );
  t.regex(await refuse({}), /model: missing/);
  for (const [added, message] of [
    [[null], /added_tokens: expected a list of objects, got \[null\]/],
    [{ id: 0 }, /added_tokens: expected a list of objects/],
    [[{ id: 0 }], /added_tokens\.content: missing/],
    [[{ id: 0, content: 7 }], /added_tokens\.content: expected a string, got 7/],
    [[{ id: 3, content: '[PAD]' }], /added_tokens\.id: '\[PAD\]' has another id in the vocabulary/],
    [[{ id: 0, content: '[PAD]', lstrip: true }], /added_tokens\.lstrip: true is not supported/],
    [[{ id: 0, content: '[PAD]', speciel: true }], /added_tokens\.speciel: not known here/],
  ] as const)
    t.regex(await refuse(fast({}, { added_tokens: added })), message);
});

test('special and added tokens of their own files are found in a text', async t => {
  const files = {
    'vocab.txt': vocab,
    'tokenizer_config.json': {},
    'dev.tsv': 'sentence\tlabel\nthe[unused1]the\t1\n',
  };
  const pieces = async (more: Readonly<Record<string, object>>) => {
    const { input, mask } = await (await open({ ...files, ...more })).item(0);
    return Array.from(input.subarray(1, mask!.reduce((n, m) => n + m, 0) - 1), id => PIECES[id]);
  };
  t.false((await pieces({})).includes('[unused1]'));
  const id = PIECES.indexOf('[unused1]');
  const ways: readonly Readonly<Record<string, object>>[] = [
    { 'special_tokens_map.json': { cls_token: '[CLS]', additional_special_tokens: ['[unused1]'] } },
    { 'added_tokens.json': { '[unused1]': id } },
  ];
  for (const more of ways) t.deepEqual(await pieces(more), ['the', '[unused1]', 'the']);
  const refuse = async (more: Readonly<Record<string, object>>) => (await failed(pieces(more))).message;
  t.regex(
    await refuse({ 'added_tokens.json': { '[unused1]': id + 1 } }),
    /added_tokens\.json:1: \[unused1\]: has another id/,
  );
  t.regex(
    await refuse({ 'special_tokens_map.json': { sep_token: '</s>' } }),
    /sep_token: "<\/s>" is not supported/,
  );
});

test('what is done is said in a line', async t => {
  const files = {
    'vocab.txt': vocab,
    'tokenizer_config.json': { do_lower_case: false, never_split: ['USER'] },
  };
  t.is(
    (await open(files)).reading,
    'WordPiece, cased with accents, never split: USER, at most 24 tokens, by bert/vocab.txt and tokenizer_config.json',
  );
});
