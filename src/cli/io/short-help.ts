/** `--help` shows what is used every day; `--help-all` and docs/commands.md show everything. */

import type { Argv, CommandModule, Options } from 'yargs';

export const HELP_ALL = '--help-all';

const OF_INPUTS = [
  ...['classes', 'preprocessing', 'skip-bad', 'resize', 'crop', 'filter', 'rescale', 'normalization'],
  ...['vocabulary', 'lower-case', 'strip-accents', 'tokenize-chinese-chars', 'never-split'],
];
const OF_CHECKPOINTS = [
  'config',
  'heads',
  'ignore-tensors',
  'image-size',
  'calibrator',
  'weight-bits',
  'input-bits',
];
const OF_CROSSBARS = [
  ...['encoding', 'adc-range', 'read-noise', 'write-noise', 'write-form', 'drift-compensation'],
];
const OF_CACHES = ['cache-key-bits', 'cache-value-bits', 'cache-clip', 'cache-prune'];
const BACKEND = ['backend', 'gpu-mode', 'threads'];

/** Options that `--help` leaves out, by command; a test holds every page below forty lines. */
export const RARE: Readonly<Record<string, readonly string[]>> = {
  run: [
    ...[...OF_INPUTS, ...BACKEND, 'calibration', 'calibrator', 'ignore-tensors', 'adc-range', 'fold'],
    ...['split', 'tokens', 'batch', 'images', 'arrival', 'watch', 'profile', 'accuracy-images', 'draws'],
    ...['seed', 'csv', 'force', 'quiet'],
  ],
  map: ['tokens', 'seed', 'quiet'],
  accuracy: [
    ...OF_INPUTS,
    ...OF_CHECKPOINTS,
    ...OF_CROSSBARS,
    ...OF_CACHES,
    ...BACKEND,
    'calibration',
    'context',
    'snr-images',
    'split',
    'layers',
    ...['csv', 'force'],
    ...['profile', 'threshold', 'efforts', 'entropy'],
  ],
  infer: [
    ...[...OF_CHECKPOINTS, ...OF_CROSSBARS, ...OF_CACHES, ...BACKEND, 'mask', 'types', 'calibrate', 'draw'],
    ...['temperature', 'top-k'],
  ],
  compare: [
    'ops',
    'encoding',
    'adc-range',
    'split',
    'images',
    'draws',
    'tokens',
    'seed',
    'allow',
    'figure',
    'trials',
    'csv',
    'reuse',
  ],
  xbar: [
    'mux',
    'encoding',
    'temperature',
    'adc-range',
    'threads',
    'x',
    'y',
    'seed',
    'weight-bits',
    'input-bits',
  ],
  mvm: [
    ...[...OF_CROSSBARS, ...BACKEND, 'weight-bits', 'input-bits', 'signed', 'density', 'strip', 'cell-bits'],
    ...['array-rows', 'array-cols', 'seed'],
  ],
  optimize: [
    ...['evaluator-timeout', 'vocabulary', 'fraction', 'encoding', 'adc-range', 'batch', 'rate', 'tokens'],
    ...[
      'label-smoothing',
      'images',
      'draws',
      'seed',
      'variation',
      'target-area',
      'csv',
      'base-epochs',
      'final-epochs',
      'tech',
    ],
  ],
  train: ['vocabulary', 'label-smoothing', 'fraction', 'encoding', 'adc-range', 'set'],
  search: [
    ...['encoding', 'adc-range', 'fraction', 'batch', 'rate', 'images', 'keep-images', 'vocabulary', 'seed'],
    ...['partial-epochs', 'samples', 'set'],
  ],
};

/** Characters of a description that have a place behind a name, in 80 columns. */
const LINE = 60;
const MOST_EXAMPLES = 2;

/** Of an option, what is read: no type, and no default that says "off" or "none". */
function brief({ type: _, array: _array, nargs: _nargs, default: usual, ...option }: Options): Options {
  const isSaid = usual !== undefined && usual !== false && !(Array.isArray(usual) && usual.length === 0);
  const said = { ...option, describe: firstClause(option.describe ?? '') };
  return isSaid ? { ...said, default: usual } : said;
}

/** Of a description that takes more than a line what stands before its colon or semicolon, and that of a default whole. */
const firstClause = (text: string): string =>
  text.length > LINE ? (/^([^[]{12,}?)[:;] /.exec(text)?.[1] ?? text) : text;

/** Stands between a builder, which calls these four methods and no others, and yargs. */
class Brief {
  readonly #own: Argv<object>;
  readonly #rare: readonly string[];
  #examples = 0;

  constructor(own: Argv<object>, rare: readonly string[]) {
    this.#own = own;
    this.#rare = rare;
  }

  options(all: Readonly<Record<string, Options>>): this {
    for (const [name, option] of Object.entries(all)) this.option(name, option);
    return this;
  }

  option(name: string, option: Options): this {
    if (!this.#rare.includes(name)) this.#own.option(name, brief(option));
    return this;
  }

  positional(name: string, option: Options): this {
    this.#own.positional(name, brief(option) as Parameters<Argv['positional']>[1]);
    return this;
  }

  example(words: string, says: string): this {
    if (this.#examples++ < MOST_EXAMPLES) this.#own.example(words, says);
    return this;
  }
}

/** A command for its `--help` alone: without the options that are rare. */
export function withShortHelp(command: CommandModule<object, never>): CommandModule<object, never> {
  const [name] = String(command.command).split(' ');
  const { builder } = command;
  if (typeof builder !== 'function') return command;
  const rare = Object.hasOwn(RARE, name) ? RARE[name] : [];
  const more = rare.length === 0 ? '' : `More options: trex ${name} ${HELP_ALL}`;
  return {
    ...command,
    builder(own) {
      builder(new Brief(own, rare) as unknown as Argv<object>);
      return own.hide('version').epilogue(more) as Argv<never>;
    },
  };
}
