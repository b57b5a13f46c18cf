/** BERT's basic tokenizer: the cases of google-research/bert and its documentation. */
import test from 'ava';
import { basicTokens } from '../../src/data/basic-tokenizer.ts';

test('words in lower case without accents, punctuation apart', t => {
  t.deepEqual(basicTokens(' \tHeLLo!how  \n Are yoU?  '), ['hello', '!', 'how', 'are', 'you', '?']);
  t.deepEqual(basicTokens('H\u00e9llo'), ['hello']);
  t.deepEqual(basicTokens("John Johanson's,"), ['john', 'johanson', "'", 's', ',']);
});

test('a cased vocabulary keeps case and accents', t => {
  t.deepEqual(basicTokens(' \tHeLLo!how  \n Are yoU?  ', { lowerCase: false }), [
    'HeLLo',
    '!',
    'how',
    'Are',
    'yoU',
    '?',
  ]);
  t.deepEqual(basicTokens('H\u00e9llo', { lowerCase: false }), ['H\u00e9llo']);
});

test('an ideograph is a word of its own', t => {
  t.deepEqual(basicTokens('ah\u535a\u63a8zz'), ['ah', '\u535a', '\u63a8', 'zz']);
  t.deepEqual(basicTokens('a\u{20000}b'), ['a', '\u{20000}', 'b']);
  // Kana and hangul are no ideographs.
  t.deepEqual(basicTokens('\u3042\u3044'), ['\u3042\u3044']);
});

test('control characters vanish, every space parts words', t => {
  t.deepEqual(basicTokens('a\u0000b\u200dc\ufffdd'), ['abcd']);
  t.deepEqual(basicTokens('a\u00a0b\u3000c\r\nd'), ['a', 'b', 'c', 'd']);
});

test('symbols of ASCII and punctuation of Unicode stand alone, other symbols do not', t => {
  t.deepEqual(basicTokens('a$b^c`d~e'), ['a', '$', 'b', '^', 'c', '`', 'd', '~', 'e']);
  t.deepEqual(basicTokens('\u201cno\u201d\u2014yes'), ['\u201c', 'no', '\u201d', '\u2014', 'yes']);
  t.deepEqual(basicTokens('5\u20ac'), ['5\u20ac']);
});

test('a text without words has no tokens', t => {
  t.deepEqual(basicTokens(' \n\t'), []);
});
