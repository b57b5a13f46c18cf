/** Byte-level tokenizers: files as transformers writes them, words and merges as huggingface/tokenizers has them. */
import test from 'ava';
import { BYTE_PIECES, BytePair, type BytePairOptions } from '../../src/data/byte-pair.ts';
import { readBytePair } from '../../src/data/byte-pair-files.ts';
import { memoryFiles } from './memory-files.ts';

/** Every byte, ' he', 'll', ' hell', 'he' and 'o!'. */
const MERGES = ['h e', 'Ġ he', 'l l', 'Ġhe ll', 'o !'];
const PIECES = new Map([...BYTE_PIECES, 'he', 'Ġhe', 'll', 'Ġhell', 'o!'].map((piece, id) => [piece, id]));
const END = PIECES.size;

const options: BytePairOptions = {
  vocabulary: PIECES,
  merges: new Map(MERGES.map((pair, rank) => [pair, rank])),
  words: 'gpt2',
  wholeWords: false,
  composed: false,
  prefixSpace: false,
  added: new Map([['<|endoftext|>', END]]),
  first: [],
};
const ids = (text: string, own: Partial<BytePairOptions> = {}): (string | number)[] => {
  const pieces = [...PIECES.keys()];
  return new BytePair(Object.assign({}, options, own)).encode(text).map(id => pieces[id] ?? id);
};

test('bytes of a word are joined in the order of the merges, words apart', t => {
  t.deepEqual(ids('hello! hell'), ['he', 'll', 'o', '!', 'Ġhell']);
  t.deepEqual(ids('ll<|endoftext|>é'), ['ll', END, 'Ã', '©']);
  t.deepEqual(ids('hello', { prefixSpace: true, first: [END] }), [END, 'Ġhell', 'o']);
  t.deepEqual(ids('e\u0301', { composed: true }), ['Ã', '©']);
  t.deepEqual(ids(' hell', { merges: new Map(), wholeWords: true }), ['Ġhell']);
  const some = new BytePair(options);
  const text = 'naïve 🙂 hello!\n\n <|endoftext|>\u0085';
  t.is(some.decode(some.encode(text)), text);
});

/** As huggingface/tokenizers 0.22 cuts them: nothing is joined, and a word that is a piece is whole. */
test('words are cut as GPT-2, Llama 3 and Qwen2 cut them', t => {
  const whole = ["'LL", '123', '12345', '45', 'ĊĊ', 'ĠĊĊ', 'Ġx'];
  const vocabulary = new Map([...BYTE_PIECES, ...whole].map((piece, id) => [piece, id]));
  const cut = (words: BytePairOptions['words']): string[] => {
    const own = { vocabulary, merges: new Map<string, number>(), wholeWords: true, words };
    const all = new BytePair(Object.assign({}, options, own)).encode("I'LL x12345 \n\n.");
    return all.map(id => [...vocabulary.keys()][id]);
  };
  t.deepEqual(cut('gpt2'), ['I', "'", 'L', 'L', 'Ġx', '12345', 'Ġ', 'Ċ', 'Ċ', '.']);
  t.deepEqual(cut('llama3'), ['I', "'LL", 'Ġx', '123', '45', 'ĠĊĊ', '.']);
  t.deepEqual(cut('qwen2'), ['I', "'LL", 'Ġx', '1', '2', '3', '4', '5', 'ĠĊĊ', '.']);
});

const model = {
  type: 'BPE',
  vocab: Object.fromEntries(PIECES),
  merges: MERGES.map(pair => pair.split(' ')),
};
const tokenizer = (own: object = {}) =>
  JSON.stringify(
    Object.assign(
      {
        version: '1.0',
        added_tokens: [{ id: END, content: '<|endoftext|>', special: true, normalized: false }],
        pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
        decoder: { type: 'ByteLevel' },
        model,
      },
      own,
    ),
  );

test('tokenizer.json, and vocab.json with merges.txt, give the same ids; what is not known is refused by name', async t => {
  const read = async (files: Record<string, string>) => await readBytePair(memoryFiles(files), 'w');
  const text = "hello! <|endoftext|>it's hell";
  const expected = new BytePair(options).encode(text);
  t.deepEqual((await read({ 'w/tokenizer.json': tokenizer() }))!.encode(text), expected);
  const slow = {
    'w/vocab.json': JSON.stringify(Object.fromEntries([...PIECES, ['<|endoftext|>', END]])),
    'w/merges.txt': `#version: 0.2\n${MERGES.join('\n')}\n`,
  };
  t.deepEqual((await read(slow))!.encode(text), expected);
  t.is(await read({ 'w/vocab.json': '{}' }), undefined);
  const bos = Object.assign(
    { 'w/tokenizer_config.json': '{"add_bos_token": true, "bos_token": "<|endoftext|>"}' },
    slow,
  );
  t.deepEqual((await read(bos))!.encode('he'), [END, PIECES.get('he')!]);
  const refused = async (own: object, message: RegExp) =>
    await t.throwsAsync(() => read({ 'w/tokenizer.json': tokenizer(own) }), { message });
  await refused(
    { model: Object.assign({}, model, { type: 'Unigram' }) },
    /model\.type: "Unigram" is not supported, only "BPE"/,
  );
  await refused(
    { model: Object.assign({}, model, { byte_fallback: true }) },
    /byte_fallback: true is not supported/,
  );
  await refused({ normalizer: { type: 'Lowercase' } }, /normalizer\.type: "Lowercase" is not supported/);
  await refused(
    { pre_tokenizer: { type: 'Metaspace' } },
    /pre_tokenizer\.type: "Metaspace" is not supported/,
  );
  await refused({ post_processor: { type: 'BertProcessing' } }, /post_processor\.type: "BertProcessing"/);
  await refused(
    { model: Object.assign({}, model, { vocab: { a: 0 } }) },
    /not a vocabulary of bytes: 255 of 256/,
  );
  await t.throwsAsync(
    () => read({ 'w/tokenizer.json': tokenizer(), 'w/tokenizer_config.json': '{"add_bos_token": true}' }),
    {
      message: /add_bos_token: true, but tokenizer\.json beside it says otherwise/,
    },
  );
});
