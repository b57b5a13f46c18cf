/** WordPiece: words to pieces of a vocabulary, and texts to BERT's inputs (google-research/bert, tokenization.py). */
import { usageError } from '../base/errors.ts';
import { badFile } from './bad-file.ts';
import { type BasicOptions, basicTokens } from './basic-tokenizer.ts';
import { type DataFiles, readLines } from './data-files.ts';

/** A longer word is unknown as a whole: google-research/bert; transformers says 100. */
const MAX_WORD_CHARS = 200;
/** Beyond any network; a slip. */
const MOST_TOKENS = 2 ** 16;
const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'] as const;

/** Piece to id; ids are the line numbers of the vocabulary file, from 0. */
export type Vocabulary = ReadonlyMap<string, number>;

/** Inputs of one text or pair of texts, each [maxTokens]. */
export interface Encoded {
  readonly ids: Int32Array;
  /** 0 up to and with the first [SEP], 1 for the second text, 0 for padding. */
  readonly types: Int32Array;
  /** 1 for a token, 0 for padding. */
  readonly mask: Uint8Array;
}

/**
 * A vocabulary file: one piece per line.
 * @throws TrexError: missing, a piece twice, or without [PAD], [UNK], [CLS] and [SEP].
 */
export async function readVocabulary(files: DataFiles, path: string): Promise<Vocabulary> {
  const ids = new Map<string, number>();
  (await readLines(files, path)).forEach((line, id) => {
    const piece = line.trim();
    if (ids.has(piece)) throw badFile(`${path}:${id + 1}`, `piece '${piece}' stands there twice`);
    ids.set(piece, id);
  });
  return checked(ids, path);
}

/** The vocabulary of a tokenizer.json. @throws TrexError (invalid file) */
export function vocabularyOf(pieces: object, path: string): Vocabulary {
  const ids = new Map<string, number>();
  const seen = new Set<unknown>();
  for (const [piece, id] of Object.entries(pieces)) {
    if (!Number.isSafeInteger(id) || id < 0 || seen.has(id))
      throw badFile(path, `model.vocab: piece '${piece}' has the id ${JSON.stringify(id)}`);
    seen.add(id);
    ids.set(piece, id);
  }
  return checked(ids, path);
}

function checked(ids: Vocabulary, path: string): Vocabulary {
  const absent = SPECIAL.filter(piece => !ids.has(piece));
  if (absent.length > 0) throw badFile(path, `not a WordPiece vocabulary: no ${absent.join(', ')}`);
  return ids;
}

/** A piece that no lower-cased text has, if there is one. */
export const casedPiece = (vocabulary: Vocabulary): string | undefined =>
  [...vocabulary.keys()].find(piece => piece !== piece.toLowerCase() && !/^\[.*\]$/.test(piece));

/** Longest pieces first, from the left; [UNK] if that does not cover the word. Continuations begin with ##. */
export function wordPieces(word: string, vocabulary: Vocabulary, maxWordChars = MAX_WORD_CHARS): string[] {
  const chars = Array.from(word);
  if (chars.length > maxWordChars) return ['[UNK]'];
  const pieces: string[] = [];
  for (let from = 0; from < chars.length; ) {
    let to = chars.length;
    let piece = '';
    for (; to > from; to--) {
      piece = (from > 0 ? '##' : '') + chars.slice(from, to).join('');
      if (vocabulary.has(piece)) break;
    }
    if (to === from) return ['[UNK]'];
    pieces.push(piece);
    from = to;
  }
  return pieces;
}

/** How a text is cut. */
export interface TokenizerOptions extends BasicOptions {
  /** Tokens that are found anywhere in a text, before all else: transformers' special and added ones. */
  readonly addedTokens?: readonly string[] | undefined;
  /** A longer word is unknown as a whole; default 200. */
  readonly maxWordChars?: number | undefined;
}

/** Pieces of a text, without [CLS] and [SEP]. */
export function tokenize(text: string, vocabulary: Vocabulary, options: TokenizerOptions = {}): string[] {
  const { addedTokens = [], neverSplit = [], maxWordChars } = options;
  return splitAt(text, addedTokens).flatMap(part =>
    addedTokens.includes(part)
      ? [part]
      : basicTokens(part, options).flatMap(word =>
          neverSplit.includes(word) ? [word] : wordPieces(word, vocabulary, maxWordChars),
        ),
  );
}

/** The text in parts, of which some are `tokens`; the longest first. */
function splitAt(text: string, tokens: readonly string[]): string[] {
  if (tokens.length === 0) return [text];
  const longest = [...tokens].sort((a, b) => b.length - a.length);
  const escaped = longest.map(token => token.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return text.split(new RegExp(`(${escaped.join('|')})`));
}

/**
 * [CLS] text [SEP], or [CLS] text [SEP] pair [SEP], padded to `maxTokens`. What does not fit is cut from the end; of
 * a pair the longer text loses first, the second at a tie.
 * @throws TrexError (usage) if `maxTokens` leaves no room for a token.
 */
export function encode(
  pieces: readonly string[],
  pair: readonly string[] | undefined,
  vocabulary: Vocabulary,
  maxTokens: number,
): Encoded {
  const marks = pair === undefined ? 2 : 3;
  const room = maxTokens - marks;
  if (!Number.isSafeInteger(maxTokens) || room < 1 || maxTokens > MOST_TOKENS) {
    throw usageError(`inputs of ${maxTokens} tokens: expected ${marks + 1} to ${MOST_TOKENS}`);
  }
  let [a, b] = [pieces.length, pair?.length ?? 0];
  while (a + b > room) a > b ? a-- : b--;
  const tokens = ['[CLS]', ...pieces.slice(0, a), '[SEP]'];
  const second = pair === undefined ? [] : [...pair.slice(0, b), '[SEP]'];
  const id = (piece: string): number => vocabulary.get(piece) ?? vocabulary.get('[UNK]')!;
  const ids = new Int32Array(maxTokens).fill(id('[PAD]'));
  ids.set([...tokens, ...second].map(id));
  return {
    ids,
    types: new Int32Array(maxTokens).fill(1, tokens.length, tokens.length + second.length),
    mask: new Uint8Array(maxTokens).fill(1, 0, tokens.length + second.length),
  };
}
