/** Text to words as BERT's BasicTokenizer cuts them (Devlin et al., google-research/bert, tokenization.py). */

/** CJK ideographs, each a word of its own: first and last code point of the blocks that BERT lists. */
const IDEOGRAPHS: readonly (readonly [first: number, last: number])[] = [
  [0x4e00, 0x9fff],
  [0x3400, 0x4dbf],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b820, 0x2ceaf],
  [0xf900, 0xfaff],
  [0x2f800, 0x2fa1f],
];

/** Every ASCII character that is no letter, digit, space or control counts, `$` and `^` too. */
const PUNCTUATION = /[!-/:-@[-`{-~]|\p{P}/u;

/** What transformers' BertTokenizer calls do_lower_case, strip_accents, tokenize_chinese_chars and never_split. */
export interface BasicOptions {
  /** For uncased vocabularies; default true. */
  readonly lowerCase?: boolean | undefined;
  /** Default: as `lowerCase`. */
  readonly stripAccents?: boolean | undefined;
  /** Each ideograph is a word; default true. */
  readonly tokenizeChineseChars?: boolean | undefined;
  /** Words that stay as they are. */
  readonly neverSplit?: readonly string[] | undefined;
}

/** Words and punctuation marks of a text. Control characters are dropped. */
export function basicTokens(text: string, options: BasicOptions = {}): string[] {
  const {
    lowerCase = true,
    stripAccents = lowerCase,
    tokenizeChineseChars = true,
    neverSplit = [],
  } = options;
  const words = spaced(text, tokenizeChineseChars)
    .split(/\s+/)
    .filter(word => word !== '');
  return words.flatMap(word => {
    if (neverSplit.includes(word)) return [word];
    const cased = lowerCase ? word.toLowerCase() : word;
    const plain = stripAccents ? withoutAccents(cased) : cased;
    return neverSplit.includes(plain) ? [plain] : splitAtPunctuation(plain);
  });
}

/** Control characters away, every kind of space as a space, spaces around ideographs. */
function spaced(text: string, ideographsApart: boolean): string {
  let out = '';
  for (const char of text) {
    if (/[\t\n\r]|\p{Zs}/u.test(char)) out += ' ';
    else if (/[\0\ufffd]|\p{Cc}|\p{Cf}/u.test(char)) continue;
    else out += ideographsApart && isIdeograph(char.codePointAt(0)!) ? ` ${char} ` : char;
  }
  return out;
}

const isIdeograph = (code: number): boolean =>
  IDEOGRAPHS.some(([first, last]) => code >= first && code <= last);

const withoutAccents = (word: string): string => word.normalize('NFD').replace(/\p{Mn}/gu, '');

function splitAtPunctuation(word: string): string[] {
  const parts: string[] = [];
  let open = false;
  for (const char of word) {
    const mark = PUNCTUATION.test(char);
    if (mark || !open) parts.push(char);
    else parts[parts.length - 1] += char;
    open = !mark;
  }
  return parts;
}
