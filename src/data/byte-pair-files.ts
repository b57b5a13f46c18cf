/**
 * Byte-level tokenizers as transformers writes them: a tokenizer.json (GPT-2, OPT, Llama 3, Qwen), or vocab.json and merges.txt with
 * the tokenizer_config.json beside them. What changes tokens is applied or refused by name.
 */
import { badFile } from './bad-file.ts';
import { BYTE_PIECES, BytePair, type BytePairOptions } from './byte-pair.ts';
import { type DataFiles, join, readLines } from './data-files.ts';
import { JsonFields } from './json-fields.ts';

const TOKENIZER = 'tokenizer.json';
const CONFIG = 'tokenizer_config.json';
/** Llama 3's tokenizer.json has 17 MB. */
const MAX_BYTES = 2 ** 27;

/** Patterns of pre_tokenizers by what they are here. */
const PATTERNS: Readonly<Record<string, BytePairOptions['words']>> = {
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+":
    'llama3',
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+":
    'qwen2',
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+": 'gpt2',
};
/** Tokenizers whose vocab.json and merges.txt are read, and how they cut words. */
const CLASSES: Readonly<Record<string, BytePairOptions['words']>> = {
  GPT2Tokenizer: 'gpt2',
  GPT2TokenizerFast: 'gpt2',
  Qwen2Tokenizer: 'qwen2',
  Qwen2TokenizerFast: 'qwen2',
};
/** What ends a text, unless the files say another. */
const END = '<|endoftext|>';
/** Fields of a tokenizer_config.json that change no token of a text. */
const HARMLESS = [
  ...[
    'name_or_path',
    'special_tokens_map_file',
    'tokenizer_file',
    'processor_class',
    'chat_template',
    'errors',
  ],
  ...['model_max_length', 'max_length', 'padding_side', 'truncation_side', 'clean_up_tokenization_spaces'],
  ...['model_input_names', 'auto_map'],
];
/** How an added token may take more than itself. */
const FLAGS = ['lstrip', 'rstrip', 'single_word'];

/** The tokenizer in a folder; undefined where there is none of bytes. @throws TrexError (invalid file) */
export async function readBytePair(files: DataFiles, folder: string): Promise<BytePair | undefined> {
  const read = async (name: string): Promise<JsonFields | undefined> => {
    const path = join(folder, name);
    if ((await files.stat(path))?.kind !== 'file') return undefined;
    return JsonFields.parse(path, await files.read(path, MAX_BYTES));
  };
  const fast = await read(TOKENIZER);
  const config = await read(CONFIG);
  if (fast !== undefined) {
    const options = ofTokenizer(fast);
    const bos = config?.boolean('add_bos_token');
    if (bos !== undefined && bos !== options.first.length > 0)
      throw config!.error('add_bos_token', `${bos}, but ${TOKENIZER} beside it says otherwise`);
    return new BytePair(options);
  }
  const vocabulary = await read('vocab.json');
  const merges = join(folder, 'merges.txt');
  if (vocabulary === undefined || (await files.stat(merges))?.kind !== 'file') return undefined;
  const lines = (await readLines(files, merges)).filter(
    (line, i) => line !== '' && !(i === 0 && line.startsWith('#version')),
  );
  const added = await read('added_tokens.json');
  return new BytePair(ofFiles({ vocabulary, merges: { lines, path: merges }, added, config }));
}

interface Slow {
  readonly vocabulary: JsonFields;
  readonly merges: { readonly lines: readonly string[]; readonly path: string };
  readonly added: JsonFields | undefined;
  readonly config: JsonFields | undefined;
}

function ofFiles({ vocabulary, merges, added, config }: Slow): BytePairOptions {
  const pieces = idsOf(vocabulary);
  const type = config?.text('tokenizer_class') ?? 'GPT2Tokenizer';
  if (!Object.hasOwn(CLASSES, type))
    throw config!.error('tokenizer_class', `${type} is not read here: ${Object.keys(CLASSES).join(', ')}`);
  const more = new Map(added === undefined ? [] : idsOf(added));
  const listed = config?.inner('added_tokens_decoder');
  for (const id of listed?.names ?? []) {
    const token = listed!.inner(id)!;
    for (const flag of FLAGS) token.only(flag, false);
    more.set(token.text('content') ?? '', Number(id));
  }
  const special = (name: string): string | undefined => {
    const value = config?.value(name);
    const text = typeof value === 'object' ? (value as { content?: unknown }).content : value;
    return typeof text === 'string' ? text : undefined;
  };
  const named = ['bos_token', 'eos_token', 'unk_token', 'pad_token'].map(special);
  for (const text of [END, ...named, ...(config?.texts('additional_special_tokens') ?? [])]) {
    const id = text === undefined ? undefined : (more.get(text) ?? pieces.get(text));
    if (text !== undefined && id !== undefined) more.set(text, id);
  }
  const bos = config?.boolean('add_bos_token') === true ? special('bos_token') : undefined;
  const first = bos === undefined ? undefined : more.get(bos);
  if (config?.value('add_bos_token') === true && first === undefined)
    throw config.error('add_bos_token', 'true, and bos_token is not in the vocabulary');
  const words = CLASSES[type];
  const prefixSpace = config?.boolean('add_prefix_space') ?? false;
  config?.rest(HARMLESS);
  return {
    vocabulary: checked(pieces, vocabulary),
    merges: ranksOf(merges.lines, message => badFile(merges.path, message)),
    words,
    wholeWords: false,
    composed: words === 'qwen2',
    prefixSpace,
    added: more,
    first: first === undefined ? [] : [first],
  };
}

function ofTokenizer(fields: JsonFields): BytePairOptions {
  const model = fields.inner('model');
  if (model === undefined) throw fields.error('model', 'missing: not a tokenizer that is read here');
  model.only('type', 'BPE');
  for (const name of ['continuing_subword_prefix', 'end_of_word_suffix']) model.only(name, '');
  for (const name of ['byte_fallback', 'fuse_unk']) model.only(name, false);
  if ((model.value('dropout') ?? 0) !== 0)
    throw model.error('dropout', 'merges that are left out at random are not supported');
  model.value('unk_token'); // Every byte is a piece: nothing is unknown.
  const pieces = model.inner('vocab');
  if (pieces === undefined) throw model.error('vocab', 'missing');
  const list = model.value('merges');
  if (!Array.isArray(list)) throw model.expected('merges', 'a list of pairs');
  const wholeWords = model.boolean('ignore_merges') ?? false;
  model.rest();
  const added = new Map(
    fields.inners('added_tokens').map(token => {
      for (const flag of FLAGS) token.only(flag, false);
      const [content, id] = [token.text('content'), token.value('id')];
      if (content === undefined || content === '' || typeof id !== 'number')
        throw token.error('content', 'expected a text with an id');
      token.rest(['special', 'normalized']);
      return [content, id] as const;
    }),
  );
  const normalizer = fields.inner('normalizer');
  normalizer?.only('type', 'NFC');
  normalizer?.rest();
  const cut = wordsOf(fields);
  const options: BytePairOptions = {
    vocabulary: checked(idsOf(pieces), model),
    merges: ranksOf(list, message => model.error('merges', message)),
    wholeWords,
    composed: normalizer !== undefined,
    ...cut,
    added,
    first: firstOf(fields, added),
  };
  fields.rest(['version', 'truncation', 'padding', 'decoder']);
  return options;
}

/** The pre_tokenizer: bytes by GPT-2's pattern, or by one that stands there in front of them. */
function wordsOf(fields: JsonFields): Pick<BytePairOptions, 'words' | 'prefixSpace'> {
  const all = fields.inner('pre_tokenizer');
  if (all === undefined) throw fields.error('pre_tokenizer', 'missing: expected ByteLevel');
  const steps = all.text('type') === 'Sequence' ? all.inners('pretokenizers') : [all];
  const bytes = steps[steps.length - 1];
  bytes.only('type', 'ByteLevel');
  const prefixSpace = bytes.boolean('add_prefix_space') ?? true;
  const own = bytes.boolean('use_regex') ?? true;
  bytes.rest(['trim_offsets']);
  if (own && steps.length === 1) return { words: 'gpt2', prefixSpace };
  const [split] = steps;
  split.only('type', 'Split');
  const behavior = `${split.text('behavior')} ${split.boolean('invert') ?? false}`;
  const pattern = split.inner('pattern')?.text('Regex') ?? '';
  if (
    steps.length !== 2 ||
    own ||
    !['Isolated false', 'Removed true'].includes(behavior) ||
    !Object.hasOwn(PATTERNS, pattern)
  )
    throw split.error(
      'pattern',
      'words are cut in a way that is not known here: GPT-2, Llama 3 and Qwen2 are',
    );
  return { words: PATTERNS[pattern], prefixSpace };
}

/** Tokens that the post_processor puts in front of a text. */
function firstOf(fields: JsonFields, added: ReadonlyMap<string, number>): number[] {
  const all = fields.inner('post_processor');
  if (all === undefined) return [];
  const steps = all.text('type') === 'Sequence' ? all.inners('processors') : [all];
  return steps.flatMap(step => {
    if (step.text('type') === 'ByteLevel') return [];
    step.only('type', 'TemplateProcessing');
    const parts = step.inners('single');
    const names = parts.map(part => part.inner('SpecialToken')?.text('id'));
    if (names.at(-1) !== undefined)
      throw step.error('single', 'a token behind a text is not supported: it goes on');
    return names.slice(0, -1).map(name => {
      const id = name === undefined ? undefined : added.get(name);
      if (id === undefined) throw step.error('single', `${name} is none of added_tokens`);
      return id;
    });
  });
}

function idsOf(fields: JsonFields): Map<string, number> {
  const ids = new Map<string, number>();
  const seen = new Set<number>();
  for (const piece of fields.names) {
    const id = fields.value(piece);
    if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0 || seen.has(id))
      throw fields.expected(piece, 'a whole number of its own, from 0');
    seen.add(id);
    ids.set(piece, id);
  }
  return ids;
}

function checked(pieces: ReadonlyMap<string, number>, fields: JsonFields): ReadonlyMap<string, number> {
  const absent = BYTE_PIECES.filter(piece => !pieces.has(piece));
  if (absent.length > 0)
    throw fields.error('vocab', `not a vocabulary of bytes: ${absent.length} of 256 are no pieces`);
  return pieces;
}

/** Ranks by pair; a pair is a text with a space, or a list of two. @throws TrexError (invalid file) */
function ranksOf(list: readonly unknown[], error: (message: string) => Error): Map<string, number> {
  return new Map(
    list.map((pair, rank) => {
      const two = typeof pair === 'string' ? pair.split(' ') : pair;
      if (
        !Array.isArray(two) ||
        two.length !== 2 ||
        two.some(piece => typeof piece !== 'string' || piece === '')
      )
        throw error(`pair ${rank + 1}: expected two pieces, got ${JSON.stringify(pair)?.slice(0, 60)}`);
      return [two.join(' '), rank] as const;
    }),
  );
}
