/**
 * How a checkpoint's texts are cut: transformers' tokenizer_config.json and tokenizer.json beside the vocabulary, for
 * its WordPiece tokenizers (tokenization_bert.py; tokenizers' BertNormalizer, BertPreTokenizer, WordPiece).
 */
import { smallest } from '../base/extremes.ts';
import { badFile } from './bad-file.ts';
import { type DataFiles, folderOf, join } from './data-files.ts';
import { JsonFields } from './json-fields.ts';
import { readVocabulary, type TokenizerOptions, type Vocabulary, vocabularyOf } from './word-piece.ts';

const CONFIG = 'tokenizer_config.json';
const TOKENIZER = 'tokenizer.json';
const SPECIAL_MAP = 'special_tokens_map.json';
const ADDED = 'added_tokens.json';
/** A tokenizer.json of a multilingual vocabulary has 3 MB. */
const MAX_BYTES = 2 ** 26;
/** transformers' own, where google-research/bert has 200. */
const MAX_WORD_CHARS = 100;
/** A model_max_length beyond it says that there is none. */
const NO_LENGTH = 1e6;

const WORD_PIECE = /^(Bert|DistilBert|Electra|MobileBert|ConvBert|LayoutLM|Lxmert)Tokenizer(Fast|Legacy)?$/;
const SPECIAL = {
  pad_token: '[PAD]',
  unk_token: '[UNK]',
  cls_token: '[CLS]',
  sep_token: '[SEP]',
  mask_token: '[MASK]',
} as const;

/** How an added token may take more than itself. */
const FLAGS = ['lstrip', 'rstrip', 'single_word', 'normalized'];

/** Fields of a tokenizer_config.json that change no token of a text. */
const HARMLESS = [
  ...['name_or_path', 'special_tokens_map_file', 'tokenizer_file', 'vocab_file', 'full_tokenizer_file'],
  ...['clean_up_tokenization_spaces', 'use_fast', 'processor_class', 'backend', 'is_local', 'init_inputs'],
  ...[
    'max_length',
    'stride',
    'truncation_strategy',
    'pad_to_multiple_of',
    'pad_token_type_id',
    'local_files_only',
  ],
];

/** What the files beside a vocabulary say. */
export interface Tokenizer extends TokenizerOptions {
  readonly vocabulary: Vocabulary;
  /** Most tokens of an input. */
  readonly maxTokens?: number | undefined;
  /** The second text of a pair is in segment 1. */
  readonly segments: boolean;
  /** Paths of what was read beside the vocabulary. */
  readonly sources: readonly string[];
}

type Read = Omit<Tokenizer, 'vocabulary' | 'sources'>;

/**
 * The tokenizer of a vocabulary: of a vocab.txt, or of a tokenizer.json. What `asked` says goes before the files.
 * @throws TrexError: missing (4); a field that changes tokens and is not supported, or files that disagree (3).
 */
export async function readTokenizer(
  files: DataFiles,
  path: string,
  config: string | undefined,
  asked: TokenizerOptions,
): Promise<Tokenizer> {
  const beside = async (name: string): Promise<string | undefined> => {
    const found = join(folderOf(path), name);
    return (await files.stat(found))?.kind === 'file' ? found : undefined;
  };
  const isJson = path.endsWith('.json');
  const fastPath = isJson ? path : await beside(TOKENIZER);
  const fields = async (from: string | undefined): Promise<JsonFields | undefined> =>
    from === undefined ? undefined : JsonFields.parse(from, await files.read(from, MAX_BYTES));
  const configPath = (await beside(CONFIG)) ?? config;
  const [slowFields, fastFields] = [await fields(configPath), await fields(fastPath)];
  const fast = fastFields && ofTokenizer(fastFields);
  const vocabulary = isJson ? vocabularyOf(fast!.vocabulary, path) : await readVocabulary(files, path);
  const slow = slowFields && ofConfig(slowFields, vocabulary);
  const agreed = slow && fast ? merged(slow, fast.options, asked, configPath!) : (slow ?? fast?.options);
  const morePaths = [await beside(SPECIAL_MAP), await beside(ADDED)];
  const [special, added] = [await fields(morePaths[0]), await fields(morePaths[1])];
  const more = [...(special ? ofSpecialMap(special) : []), ...(added ? ofAdded(added, vocabulary) : [])];
  const addedTokens = [...new Set([...(agreed?.addedTokens ?? []), ...more])];
  for (const token of addedTokens)
    if (!vocabulary.has(token) && token !== SPECIAL.mask_token)
      throw badFile(path, `added token '${token}' is not in the vocabulary`);
  return {
    segments: true,
    ...agreed,
    addedTokens: addedTokens.filter(token => vocabulary.has(token)),
    vocabulary,
    sources: [configPath, isJson ? undefined : fastPath, ...morePaths].filter(source => source !== undefined),
  };
}

/** @throws TrexError (invalid file) */
function ofConfig(fields: JsonFields, vocabulary: Vocabulary): Read {
  const type = fields.text('tokenizer_class');
  if (type !== undefined && !WORD_PIECE.test(type))
    throw fields.error(
      'tokenizer_class',
      `${type} is not read here, only WordPiece (BertTokenizer): give token ids`,
    );
  checkSpecial(fields);
  fields.only('do_basic_tokenize', true);
  fields.only('clean_text', true);
  fields.only('wordpieces_prefix', '##');
  fields.only('padding_side', 'right');
  fields.only('truncation_side', 'right');
  const length = fields.positive('model_max_length') ?? fields.positive('max_len');
  const inputs = fields.texts('model_input_names');
  const distil = type?.startsWith('Distil') === true;
  const added = [...(fields.texts('additional_special_tokens') ?? []), ...decoded(fields, vocabulary)];
  const read: Read = {
    lowerCase: fields.boolean('do_lower_case') ?? true,
    stripAccents: fields.boolean('strip_accents'),
    tokenizeChineseChars: fields.boolean('tokenize_chinese_chars') ?? true,
    neverSplit: fields.texts('never_split'),
    addedTokens: [...new Set([...Object.values(SPECIAL), ...added])],
    maxWordChars: MAX_WORD_CHARS,
    maxTokens: length !== undefined && length < NO_LENGTH ? length : undefined,
    segments: inputs === undefined ? !distil : inputs.includes('token_type_ids'),
  };
  fields.rest(HARMLESS);
  return read;
}

/** @throws TrexError (invalid file) for special tokens of other names. */
function checkSpecial(fields: JsonFields): void {
  for (const [name, token] of Object.entries(SPECIAL)) {
    const value = fields.value(name);
    const content = typeof value === 'object' ? (value as { content?: unknown }).content : value;
    if (content !== undefined && content !== token)
      throw fields.error(name, `${JSON.stringify(content)} is not supported, only ${token}`);
  }
}

/** Of a special_tokens_map.json: further tokens. @throws TrexError (invalid file) */
function ofSpecialMap(fields: JsonFields): readonly string[] {
  checkSpecial(fields);
  const more = fields.texts('additional_special_tokens') ?? [];
  fields.rest();
  return [...Object.values(SPECIAL), ...more];
}

/** Of an added_tokens.json, which says their ids. @throws TrexError (invalid file) */
const ofAdded = (fields: JsonFields, vocabulary: Vocabulary): readonly string[] =>
  fields.names.map(token => {
    if (vocabulary.get(token) !== fields.value(token))
      throw fields.error(token, 'has another id in the vocabulary, or none');
    return token;
  });

/** Tokens of `added_tokens_decoder`, which says their ids. @throws TrexError (invalid file) */
function decoded(fields: JsonFields, vocabulary: Vocabulary): string[] {
  const tokens = fields.inner('added_tokens_decoder');
  return (tokens?.names ?? []).map(id => {
    const token = tokens!.inner(id)!;
    const content = token.text('content') ?? '';
    for (const flag of FLAGS) token.only(flag, false);
    if (vocabulary.get(content) !== Number(id))
      throw tokens!.error(id, `'${content}' has another id in the vocabulary, or none`);
    return content;
  });
}

interface Fast {
  readonly options: Read;
  readonly vocabulary: object;
}

/** @throws TrexError (invalid file) */
function ofTokenizer(fields: JsonFields): Fast {
  const need = (name: string): JsonFields => {
    const inner = fields.inner(name);
    if (inner === undefined) throw fields.error(name, 'missing: not a tokenizer that is read here');
    return inner;
  };
  const model = need('model');
  model.only('type', 'WordPiece');
  model.only('unk_token', SPECIAL.unk_token);
  model.only('continuing_subword_prefix', '##');
  const maxWordChars = model.positive('max_input_chars_per_word') ?? MAX_WORD_CHARS;
  const vocabulary = model.value('vocab');
  if (typeof vocabulary !== 'object' || vocabulary === null)
    throw model.error('vocab', 'expected an object of pieces and their ids');
  model.rest();
  const normalizer = need('normalizer');
  normalizer.only('type', 'BertNormalizer');
  normalizer.only('clean_text', true);
  need('pre_tokenizer').only('type', 'BertPreTokenizer');
  const tokens = fields.inners('added_tokens').map(token => {
    for (const flag of FLAGS) token.only(flag, false);
    const content = token.text('content');
    if (content === undefined) throw token.error('content', 'missing: the text of a token');
    const known = Object.hasOwn(vocabulary, content) ? Reflect.get(vocabulary, content) : undefined;
    if (known !== undefined && (token.value('id') ?? known) !== known)
      throw token.error('id', `'${content}' has another id in the vocabulary`);
    token.rest(['id', 'special']);
    return content;
  });
  const length = fields.inner('truncation')?.positive('max_length');
  const padding = fields.inner('padding');
  padding?.only('direction', 'Right');
  const options = {
    lowerCase: normalizer.boolean('lowercase') ?? true,
    stripAccents: normalizer.boolean('strip_accents'),
    tokenizeChineseChars: normalizer.boolean('handle_chinese_chars') ?? true,
    addedTokens: tokens,
    maxWordChars,
    maxTokens: length,
    segments: true,
  };
  normalizer.rest();
  fields.rest(['version', 'post_processor', 'decoder']);
  return { options, vocabulary };
}

/** Of two files beside each other: the configuration, unless they disagree in what nobody has said. @throws TrexError */
function merged(slow: Read, fast: Read, asked: TokenizerOptions, config: string): Read {
  for (const [key, name, flag] of [
    ['lowerCase', 'do_lower_case', 'lower-case'],
    ['stripAccents', 'strip_accents', 'strip-accents'],
    ['tokenizeChineseChars', 'tokenize_chinese_chars', 'tokenize-chinese-chars'],
  ] as const) {
    const [a, b] = [slow, fast].map(read =>
      key === 'stripAccents' ? (read[key] ?? read.lowerCase) : read[key],
    );
    if (a !== b && asked[key] === undefined)
      throw badFile(
        config,
        `${name}: ${a}, but ${TOKENIZER} beside it says ${b}: say --${flag} or --no-${flag}`,
      );
  }
  const lengths = [slow.maxTokens, fast.maxTokens].filter(length => length !== undefined);
  return {
    ...slow,
    addedTokens: [...new Set([...(slow.addedTokens ?? []), ...(fast.addedTokens ?? [])])],
    maxWordChars: fast.maxWordChars,
    maxTokens: lengths.length === 0 ? undefined : smallest(lengths),
  };
}
