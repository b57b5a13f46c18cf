/**
 * Byte-level byte pair encoding: a text is cut into words, each word's bytes are joined pair by pair in the order in which training
 * found them (Sennrich et al., arXiv 1508.07909; Radford et al. 2019, openai/gpt-2 encoder.py; ByteLevel of huggingface/tokenizers).
 */

/** Words of a text by tokenizer; unlike in PCRE and Oniguruma, \s of JavaScript holds U+FEFF and lacks U+0085, so it is spelled out. */
const [SPACE, NO_SPACE] = ['\\p{White_Space}', '\\P{White_Space}'];
const TAIL = `${SPACE}+(?!${NO_SPACE})|${SPACE}+`;
const MARKS = `[\\r\\n]*|${SPACE}*[\\r\\n]+|${TAIL}`;
/** 's, 't, 're ... in any case; the long s is a small s. */
const ENDINGS = "'(?:[sSſ]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])";
const LETTERS = '[^\\r\\n\\p{L}\\p{N}]?\\p{L}+';

const words = (text: string): RegExp => new RegExp(text, 'gu');

/** How a text is cut into words. */
export const WORDS = {
  gpt2: words(`'(?:s|t|re|ve|m|ll|d)| ?\\p{L}+| ?\\p{N}+| ?[^${SPACE}\\p{L}\\p{N}]+|${TAIL}`),
  /** Llama 3, cl100k of OpenAI. */
  llama3: words(`${ENDINGS}|${LETTERS}|\\p{N}{1,3}| ?[^${SPACE}\\p{L}\\p{N}]+${MARKS}`),
  qwen2: words(`${ENDINGS}|${LETTERS}|\\p{N}| ?[^${SPACE}\\p{L}\\p{N}]+${MARKS}`),
} as const;

/** What a tokenizer is made of. */
export interface BytePairOptions {
  /** Piece to id; pieces are of characters that stand for bytes. */
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Two pieces with a space between them to the rank of their merge: the lowest goes first. */
  readonly merges: ReadonlyMap<string, number>;
  readonly words: keyof typeof WORDS;
  /** A word that is a piece is one, whatever the merges are. */
  readonly wholeWords: boolean;
  /** Texts are brought to Unicode's NFC first. */
  readonly composed: boolean;
  readonly prefixSpace: boolean;
  /** Found anywhere in a text, before all else; ids by text. */
  readonly added: ReadonlyMap<string, number>;
  /** Ids in front of every text. */
  readonly first: readonly number[];
}

export class BytePair {
  readonly #options: BytePairOptions;
  /** Ids of words that were met. */
  readonly #known = new Map<string, readonly number[]>();
  readonly #bytes: ReadonlyMap<number, readonly number[]>;
  readonly #added: RegExp | undefined;

  constructor(options: BytePairOptions) {
    this.#options = options;
    const { vocabulary, added } = options;
    const utf8 = new TextEncoder();
    this.#bytes = new Map([
      ...[...vocabulary].map(([piece, id]) => [id, bytesOf(piece)] as const),
      ...[...added].map(([text, id]) => [id, [...utf8.encode(text)]] as const),
    ]);
    const longest = [...added.keys()].sort((a, b) => b.length - a.length);
    const escaped = longest.map(text => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    this.#added = escaped.length === 0 ? undefined : new RegExp(`(${escaped.join('|')})`, 'u');
  }

  /** Token ids of a text. */
  encode(text: string): number[] {
    const { added, first, composed, prefixSpace } = this.#options;
    const ids = [...first];
    const parts = this.#added === undefined ? [text] : text.split(this.#added);
    for (const [i, part] of parts.entries()) {
      if (part === '') continue;
      if (i % 2 === 1) ids.push(added.get(part)!);
      else {
        const plain = composed ? part.normalize('NFC') : part;
        const led = prefixSpace && !plain.startsWith(' ') ? ` ${plain}` : plain;
        for (const word of led.match(WORDS[this.#options.words]) ?? [])
          for (const id of this.#word(word)) ids.push(id);
      }
    }
    return ids;
  }

  /** The text of token ids; bytes that are no UTF-8 become U+FFFD, ids without a piece nothing. */
  decode(ids: Iterable<number>): string {
    const bytes: number[] = [];
    for (const id of ids) for (const byte of this.#bytes.get(id) ?? []) bytes.push(byte);
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
  }

  #word(word: string): readonly number[] {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    const { vocabulary, wholeWords } = this.#options;
    const whole = pieceOf(word);
    const own = wholeWords ? vocabulary.get(whole) : undefined;
    const ids = own === undefined ? this.#joined([...whole]).map(piece => vocabulary.get(piece)!) : [own];
    this.#known.set(word, ids);
    return ids;
  }

  /** The merge of the lowest rank first, from the left. */
  #joined(start: string[]): string[] {
    const { merges } = this.#options;
    let pieces = start;
    for (;;) {
      let [best, at] = [Number.POSITIVE_INFINITY, -1];
      for (let i = 0; i + 1 < pieces.length; i++) {
        const rank = merges.get(`${pieces[i]} ${pieces[i + 1]}`) ?? Number.POSITIVE_INFINITY;
        if (rank < best) [best, at] = [rank, i];
      }
      if (at < 0) return pieces;
      const [left, right] = [pieces[at], pieces[at + 1]];
      const joined: string[] = [];
      for (let i = 0; i < pieces.length; i++)
        if (pieces[i] === left && pieces[i + 1] === right) {
          joined.push(left + right);
          i++;
        } else joined.push(pieces[i]);
      pieces = joined;
    }
  }
}

/** The character of a byte: itself where it can be seen, else one from U+0100 on (bytes_to_unicode of openai/gpt-2). */
const CHARACTERS: readonly string[] = (() => {
  const seen = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(seen(byte) ? byte : next++));
})();
const BYTES: ReadonlyMap<string, number> = new Map(CHARACTERS.map((character, byte) => [character, byte]));

/** The characters that every vocabulary of bytes has. */
export const BYTE_PIECES: readonly string[] = CHARACTERS;

const pieceOf = (word: string): string =>
  Array.from(new TextEncoder().encode(word), byte => CHARACTERS[byte]).join('');

/** Pieces of no bytes are texts of their own. */
function bytesOf(piece: string): readonly number[] {
  const bytes = Array.from(piece, character => BYTES.get(character));
  return bytes.every(byte => byte !== undefined) ? bytes : [...new TextEncoder().encode(piece)];
}
