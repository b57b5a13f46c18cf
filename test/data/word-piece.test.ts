/** WordPiece: the cases of google-research/bert, and the inputs of a network. */
import test from 'ava';
import fc from 'fast-check';
import { encode, readVocabulary, tokenize, wordPieces } from '../../src/data/word-piece.ts';
import { failure } from '../arch/fixtures.ts';
import { failed, memoryFiles } from './memory-files.ts';

const PIECES = '[PAD] [UNK] [CLS] [SEP] want ##want ##ed wa un runn ##ing , low'.split(' ');
const vocabulary = new Map(PIECES.map((piece, id) => [piece, id]));

test('the longest piece is taken first', t => {
  t.deepEqual(wordPieces('unwanted', vocabulary), ['un', '##want', '##ed']);
  t.deepEqual(wordPieces('running', vocabulary), ['runn', '##ing']);
});

test('a word that can not be covered is unknown as a whole', t => {
  t.deepEqual(tokenize('unwantedX running', vocabulary), ['[UNK]', 'runn', '##ing']);
  t.deepEqual(wordPieces('want'.repeat(51), vocabulary), ['[UNK]']);
  t.is(wordPieces('want'.repeat(50), vocabulary).length, 50);
});

test('a text becomes [CLS] text [SEP] and padding', t => {
  const { ids, types, mask } = encode(tokenize('UNwanted, running', vocabulary), undefined, vocabulary, 10);
  t.deepEqual(Array.from(ids), [2, 8, 5, 6, 11, 9, 10, 3, 0, 0]);
  t.deepEqual(Array.from(mask), [1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
  t.true(types.every(type => type === 0));
});

test('a pair has its second text in segment 1', t => {
  const { ids, types, mask } = encode(['want'], ['low', '##ed'], vocabulary, 8);
  t.deepEqual(Array.from(ids), [2, 4, 3, 12, 6, 3, 0, 0]);
  t.deepEqual(Array.from(types), [0, 0, 0, 1, 1, 1, 0, 0]);
  t.deepEqual(Array.from(mask), [1, 1, 1, 1, 1, 1, 0, 0]);
});

test('a long text loses its end', t => {
  t.deepEqual(Array.from(encode(['un', 'want', 'low'], undefined, vocabulary, 4).ids), [2, 8, 4, 3]);
});

test('of a pair the longer text loses first, at a tie the second', t => {
  const lengths = (a: number, b: number, most: number) => {
    const { types, mask } = encode(new Array(a).fill('un'), new Array(b).fill('low'), vocabulary, most);
    const second = types.reduce((sum, type) => sum + type, 0) - 1;
    return [mask.reduce((sum, bit) => sum + bit, 0) - 3 - second, second];
  };
  t.deepEqual(lengths(5, 2, 8), [3, 2]);
  t.deepEqual(lengths(4, 4, 8), [3, 2]);
  t.deepEqual(lengths(1, 9, 8), [1, 4]);
});

test('pieces put together again are the word', t => {
  const letters = new Map(
    ['[UNK]', ...[...'abc'].flatMap(c => [c, `##${c}`]), 'ab', '##ca'].map((piece, id) => [piece, id]),
  );
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 30 }), chars => {
      const pieces = wordPieces(chars.join(''), letters);
      t.is(pieces.map(piece => piece.replace('##', '')).join(''), chars.join(''));
      t.true(pieces.every((piece, i) => piece.startsWith('##') === i > 0));
    }),
  );
});

test('an input has room for a token', t => {
  t.is(
    failure(() => encode([], undefined, vocabulary, 2)).message,
    'inputs of 2 tokens: expected 3 to 65536',
  );
  t.is(failure(() => encode([], [], vocabulary, 3)).message, 'inputs of 3 tokens: expected 4 to 65536');
});

test('a vocabulary has the special pieces, and each piece once', async t => {
  const read = (text: string) => readVocabulary(memoryFiles({ 'vocab.txt': text }), 'vocab.txt');
  t.is((await read(PIECES.join('\r\n'))).get('##ing'), 10);
  t.is(
    (await failed(read('[PAD]\n[UNK]\n'))).message,
    'vocab.txt: not a WordPiece vocabulary: no [CLS], [SEP]',
  );
  t.is(
    (await failed(read(`${PIECES.join('\n')}\nwant\n`))).message,
    "vocab.txt:14: piece 'want' stands there twice",
  );
});
