/** Sentences and their labels from tab-separated files (GLUE; CoLA has four columns without names) for BERT. */
import { unknownName, usageError } from '../../base/errors.ts';
import { badFile } from '../bad-file.ts';
import { baseName, type DataFiles, firstFile, folderOf, readLines } from '../data-files.ts';
import { dataFormat } from '../data-format.ts';
import type { ReaderOptions } from '../data-options.ts';
import { checkIndex, type DataSet } from '../data-set.ts';
import { readLabels } from '../labels.ts';
import { readTokenizer } from '../tokenizer-config.ts';
import { casedPiece, encode, type TokenizerOptions, tokenize } from '../word-piece.ts';

/** CoLA (Warstadt, Singh, Bowman, arXiv 1805.12471): source, label, the author's mark, sentence. */
const COLA = ['source', 'label', 'mark', 'sentence'] as const;
/** Names that GLUE's files give to these columns, the first that is there. */
const TEXT = ['sentence', 'sentence1', 'question', 'question1', 'text', '#1 String'];
const PAIR = ['sentence2', 'question2', '#2 String'];
const LABEL = ['label', 'is_duplicate', 'gold_label', 'Quality'];
/** Where a vocabulary is looked for. */
export const VOCABULARIES = ['vocab.txt', 'tokenizer.json'];
/** Longest input of the published BERTs. */
const MAX_TOKENS = 128;

const OPTIONS = [
  ...(['classes', 'vocabulary', 'tokenizerConfig', 'maxTokens'] as const),
  ...(['lowerCase', 'stripAccents', 'tokenizeChineseChars', 'neverSplit'] as const),
  ...(['addedTokens', 'maxWordChars'] as const),
  ...(['textColumn', 'pairColumn', 'labelColumn'] as const),
] as const;

export type TextSetOptions = Pick<ReaderOptions, (typeof OPTIONS)[number]>;

export const format = dataFormat({
  name: 'tsv',
  title: '.tsv',
  about: "Sentences or pairs as GLUE stores them, or CoLA's four columns; vocab.txt beside them",
  of: 'file',
  asked: 'first',
  options: OPTIONS,
  recognises: ({ name }) => name.endsWith('.tsv'),
  open: ({ files, path }, options) => textSet(files, path, options),
});

interface Columns {
  readonly text: number;
  readonly pair: number | undefined;
  readonly label: number;
  readonly count: number;
  /** Lines before the first row. */
  readonly skip: number;
}

/**
 * Token ids of the rows of a TSV file; cells are taken as they are, quotes have no meaning (as in GLUE).
 * @throws TrexError: missing file or vocabulary, unknown columns, a row with another number of cells.
 */
export async function textSet(
  files: DataFiles,
  path: string,
  options: TextSetOptions = {},
): Promise<DataSet> {
  const lines = await readLines(files, path);
  if (lines.length === 0) throw badFile(path, 'an empty file');
  const columns = findColumns(path, lines[0].split('\t'), options);
  const rows = lines.slice(columns.skip).map((line, i) => {
    const cells = line.split('\t');
    if (cells.length !== columns.count) {
      throw badFile(`${path}:${i + columns.skip + 1}`, `${cells.length} cells, expected ${columns.count}`);
    }
    return cells;
  });
  if (rows.length === 0) throw badFile(path, 'no rows under the names of its columns');
  const where = (i: number): string => `${path}:${i + columns.skip + 1}`;
  const { labels, classes } = readLabels(
    rows.map(cells => cells[columns.label].trim()),
    where,
    options.classes,
  );
  const { cut, vocabulary, text, segments, ...tokenizer } = await openTokenizer(files, path, options);
  const { maxTokens } = tokenizer;
  const pieces = (text: string): string[] => tokenize(text, vocabulary, cut);
  // A length without room for a token is refused here, not at the first item.
  encode([], columns.pair === undefined ? undefined : [], vocabulary, maxTokens);
  const name = baseName(path);
  return {
    name,
    size: rows.length,
    kind: 'tokens',
    classes,
    vocabulary: vocabulary.size,
    reading: text,
    item: async index => {
      checkIndex(index, rows.length);
      const cells = rows[index];
      const pair = columns.pair === undefined ? undefined : pieces(cells[columns.pair]);
      const { ids, types, mask } = encode(pieces(cells[columns.text]), pair, vocabulary, maxTokens);
      return {
        input: ids,
        shape: [maxTokens],
        label: labels[index],
        name: `${name}#${index}`,
        mask,
        ...(segments && { types }),
      };
    },
  };
}

function findColumns(path: string, first: readonly string[], options: TextSetOptions): Columns {
  const { textColumn, pairColumn, labelColumn } = options;
  const named = textColumn ?? pairColumn ?? labelColumn;
  if (named === undefined && first.length === COLA.length && /^[01]$/.test(first[1])) {
    return { text: 3, pair: undefined, label: 1, count: COLA.length, skip: 0 };
  }
  const text = column(first, textColumn, TEXT);
  const label = column(first, labelColumn, LABEL);
  if (text === undefined || label === undefined) {
    const absent = text === undefined ? `a text (${TEXT.join(', ')})` : `a label (${LABEL.join(', ')})`;
    throw badFile(
      path,
      `no column for ${absent} in its first line, and not CoLA's four columns; it has ${first.slice(0, 12).join(', ')}`,
    );
  }
  return {
    text,
    pair: column(first, pairColumn, textColumn === undefined ? PAIR : []),
    label,
    count: first.length,
    skip: 1,
  };
}

/** The column that was asked for, or the first known name. @throws TrexError (usage) for a name that is not there. */
function column(
  first: readonly string[],
  asked: string | undefined,
  known: readonly string[],
): number | undefined {
  if (asked !== undefined && !first.includes(asked)) throw unknownName('column', asked, first);
  const name = asked ?? known.find(name => first.includes(name));
  return name === undefined ? undefined : first.indexOf(name);
}

/** How texts are cut: as it was asked for, then as the files beside the vocabulary say. */
async function openTokenizer(files: DataFiles, path: string, options: TextSetOptions) {
  const vocabularyFile = await vocabularyPath(files, path, options);
  const found = await readTokenizer(files, vocabularyFile, options.tokenizerConfig, options);
  const { vocabulary, segments, sources } = found;
  const asked = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const cut: TokenizerOptions = { ...found, ...asked };
  const cased = cut.lowerCase === undefined ? casedPiece(vocabulary) : undefined;
  if (cased !== undefined)
    throw usageError(
      `${vocabularyFile}: piece '${cased}' is in upper case, and no tokenizer_config.json beside it says do_lower_case: say --no-lower-case if the vocabulary is cased, else --lower-case`,
    );
  const most = options.maxTokens ?? MAX_TOKENS;
  const maxTokens = Math.min(most, found.maxTokens ?? most);
  const by = sources.length === 0 ? '' : ` and ${sources.map(baseName).join(', ')}`;
  const text = `${tokenizerText(cut)}, at most ${maxTokens} tokens, by ${vocabularyFile}${by}`;
  return { cut, vocabulary, segments, maxTokens, text };
}

/** "WordPiece, lower case without accents". */
function tokenizerText({ lowerCase = true, stripAccents = lowerCase, ...cut }: TokenizerOptions): string {
  const letters = lowerCase ? 'lower case' : 'cased';
  const parts = [
    `WordPiece, ${letters} ${stripAccents ? 'without' : 'with'} accents`,
    ...(cut.tokenizeChineseChars === false ? ['Chinese characters together'] : []),
    ...(cut.neverSplit?.length ? [`never split: ${cut.neverSplit.join(' ')}`] : []),
  ];
  return parts.join(', ');
}

async function vocabularyPath(
  files: DataFiles,
  path: string,
  { vocabulary }: TextSetOptions,
): Promise<string> {
  const found = vocabulary ?? (await firstFile(files, folderOf(path), VOCABULARIES));
  if (found === undefined)
    throw usageError(
      `${path}: text needs a vocabulary: no ${VOCABULARIES.join(' and no ')} beside it, and none given`,
    );
  return found;
}
