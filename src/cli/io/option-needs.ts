/**
 * What options need of the others: one table over all options of all commands. An option that is given and has no effect is refused
 * with what would give it one. What depends on files is judged behind the table, by rules over all options as well: options of data
 * by the kind of the items (`OPTION_KINDS`), options of crossbars by the crossbars (`DEVICE_OPTIONS`), values of `--set` by the chip
 * (`arch/effects.ts`).
 */
import { usageError } from '../../base/errors.ts';
import type { Declaration } from './declaration.ts';
import { shown } from './words.ts';

/** An option as it was given, else its default; a positional by its name; undefined: neither. */
type Said = (name: string) => string | undefined;

/** Why an option has no effect, after "has no effect"; undefined: it has one. */
type Need = (said: Said) => string | undefined;

interface CommandNeeds {
  /** Always looked at. */
  readonly always: readonly string[];
  /** Judged when the data are open. */
  readonly byData?: readonly string[];
  /** Judged when the crossbars are known. */
  readonly byCrossbars?: readonly string[];
  readonly needs?: Readonly<Record<string, Need>>;
  /** Options that take the place of a value of `--set`, and its path. */
  readonly instead?: Readonly<Record<string, string>>;
  /** What `--sweep` takes the place of, by its parameter: a path of `--set`, and an option if there is one. */
  readonly swept?: Readonly<Record<string, Swept>>;
}

/** All options of a command. */
export const optionsOf = ({ always, byData = [], byCrossbars = [], needs = {} }: CommandNeeds): string[] => [
  ...always,
  ...byData,
  ...byCrossbars,
  ...Object.keys(needs),
];

interface Swept {
  readonly path?: string;
  readonly option?: string;
}

const isGiven = (value: string | undefined): boolean => value !== undefined && value !== 'false';

/** One of these options must be given. */
const without =
  (...names: readonly string[]): Need =>
  said =>
    names.some(name => isGiven(said(name)))
      ? undefined
      : `without ${names.map(name => `--${name}`).join(' or ')}`;

/** None of these options may be given. */
const beside =
  (...names: readonly string[]): Need =>
  said => {
    const given = names.find(name => isGiven(said(name)));
    return given === undefined ? undefined : `beside --${given}`;
  };

/** An option, or a positional in angle brackets, must have one of these values. */
const unless =
  (name: string, ...values: readonly string[]): Need =>
  said =>
    values.includes(said(name.replace(/[<>]/g, '')) ?? '')
      ? undefined
      : `unless ${name.startsWith('<') ? name : `--${name}`} is ${values.join(' or ')}`;

/** All must give it an effect. */
const all =
  (...needs: readonly Need[]): Need =>
  said => {
    for (const need of needs) {
      const why = need(said);
      if (why !== undefined) return why;
    }
    return undefined;
  };

const each = (names: readonly string[], need: Need): Record<string, Need> =>
  Object.fromEntries(names.map(name => [name, need]));

/** A result is run as it was. */
const ofFiles: Need = said =>
  /\.json$/i.test(said('arch') ?? '')
    ? 'on a result, which is run as it was; what stands beside it in config.expanded.yaml can be changed'
    : undefined;
/** The configuration of a run may say how long its prompt is. */
const ofText: Need = said =>
  isGiven(said('prefill')) || /\.ya?ml$/i.test(said('arch') ?? '') ? undefined : 'without --prefill';
const toAccuracy: Need = said =>
  isGiven(said('accuracy')) || said('iso')?.includes('accuracy=')
    ? undefined
    : 'without --accuracy or --iso accuracy=97%';
/** Errors of products are measured on chips. */
const withTrials: Need = said =>
  said('trials') !== '0' || isGiven(said('accuracy')) || said('iso')?.includes('accuracy=')
    ? undefined
    : 'with --trials 0';
const training: Need = said =>
  isGiven(said('data')) && !isGiven(said('evaluator'))
    ? undefined
    : 'unless networks are trained here: --data without --evaluator';

/** Tokens are drawn. */
const drawn: Need = said =>
  isGiven(said('generate')) && Number(said('temperature')) > 0
    ? undefined
    : 'without --generate and --temperature';
const CACHE = ['cache-key-bits', 'cache-value-bits', 'cache-clip', 'cache-prune'];
const ofClasses = unless('task', 'classes');
const ofLanguage = unless('task', 'lm');

const NETWORK = ['model', 'config', 'model-name', 'heads', 'ignore-tensors', 'image-size', 'reuse'];
const QUANTISATION = ['calibrator', 'weight-bits', 'input-bits'];
const BACKEND: Readonly<Record<string, Need>> = {
  'gpu-mode': unless('backend', 'auto', 'gpu'),
  threads: unless('backend', 'auto', 'wasm', 'gpu'),
};
const CROSSBARS = [
  ...['encoding', 'adc-range', 'read-noise', 'write-noise', 'write-form', 'drift-compensation'],
];
/** Judged when the data are open. */
const DATA_KINDS = [
  ...['split', 'classes', 'resize', 'crop', 'filter', 'rescale', 'normalization', 'vocabulary'],
  ...['lower-case', 'strip-accents', 'tokenize-chinese-chars', 'never-split'],
];
const RUN_ACCURACY = [
  ...['weights', 'data', 'skip-bad', 'preprocessing', 'accuracy-images', 'draws', 'calibration'],
  ...['calibrator', 'ignore-tensors'],
];
/** A result, or the configuration of one, may measure an accuracy too. */
const ofAccuracy: Need = said =>
  isGiven(said('accuracy')) || /\.(json|ya?ml)$/i.test(said('arch') ?? '') ? undefined : 'without --accuracy';
const PRINT = ['json', 'csv', 'out', 'quiet'];

/** Values of a technology that options take the place of, by their paths for `--set`. */
const PLACES = {
  encoding: 'tech.encoding',
  drift: 'tech.driftCompensation.scope',
  adc: 'tech.adc.bits',
  cellBits: 'tech.cell.bits',
  rows: 'tech.crossbar.rows',
  cols: 'tech.crossbar.cols',
  sigmaRead: 'tech.noise.readVariation.sigma',
  sigmaWrite: 'tech.noise.writeVariation.sigma',
};
/** Loaded with every command, so that the parameters stand here by name; a test holds them against those that there are. */
export const SWEPT: Readonly<Record<string, Swept>> = {
  adcRange: { option: 'adc-range' },
  adc: { path: PLACES.adc },
  cellBits: { path: PLACES.cellBits },
  rows: { path: PLACES.rows },
  sigmaRead: { path: PLACES.sigmaRead },
  sigmaWrite: { path: PLACES.sigmaWrite },
  onOff: { path: 'tech.noise.onOff.ratio' },
  measuredTime: { path: 'tech.noise.measured.time' },
  stuckOn: { path: 'tech.noise.stuck.on' },
  stuckOff: { path: 'tech.noise.stuck.off' },
  driftTime: { path: 'tech.noise.drift.time' },
  driftNu: { path: 'tech.noise.drift.nu' },
  driftNuSigma: { path: 'tech.noise.drift.nuSigma' },
  retentionTime: { path: 'tech.noise.retention.time' },
  retentionLoss: { path: 'tech.noise.retention.loss' },
  telegraph: { path: 'tech.noise.telegraph.amplitude' },
  telegraphProbability: { path: 'tech.noise.telegraph.probability' },
  rowWire: { path: 'tech.noise.wires.row' },
  columnWire: { path: 'tech.noise.wires.column' },
  driver: { path: 'tech.noise.wires.driver' },
  sense: { path: 'tech.noise.wires.sense' },
  adcOffset: { path: 'tech.noise.adc.offset' },
  adcGain: { path: 'tech.noise.adc.gain' },
  adcInl: { path: 'tech.noise.adc.inl' },
  mergeMismatch: { path: 'tech.noise.merge.mismatch' },
  mergeParasitic: { path: 'tech.noise.merge.parasitic' },
  capacitance: { path: 'tech.noise.thermal.capacitance' },
  temperature: { path: 'tech.noise.thermal.temperature' },
};

export const OPTION_NEEDS: Readonly<Record<string, CommandNeeds>> = {
  run: {
    always: ['fit', 'json', 'quiet'],
    needs: {
      ...each(['model', 'reuse', 'tech', 'seed', 'set', 'watch'], ofFiles),
      profile: all(ofFiles, beside('fit')),
      // A profile holds its images, for networks of images; its runs are too many to trace or to draw.
      images: all(ofFiles, beside('profile', 'prefill')),
      tokens: all(ofFiles, beside('profile', 'prefill')),
      prefill: all(ofFiles, beside('profile', 'fit')),
      decode: all(ofFiles, ofText, beside('fit')),
      batch: all(ofFiles, ofText, beside('fit')),
      ...each(['trace', 'report'], beside('profile', 'prefill', 'fit')),
      ...each(['fold', 'out', 'csv', 'force'], beside('fit')),
      arrival: all(ofFiles, beside('prefill', 'fit')),
      accuracy: all(ofFiles, beside('profile', 'prefill', 'fit')),
      ...each(RUN_ACCURACY, all(ofFiles, without('accuracy'))),
      ...each([...DATA_KINDS, 'adc-range'], all(ofFiles, without('accuracy'))),
      backend: ofAccuracy,
      'gpu-mode': all(ofAccuracy, BACKEND['gpu-mode']),
      threads: all(ofAccuracy, BACKEND.threads),
    },
    instead: { tech: 'tech' },
  },
  ui: { always: ['port', 'open'] },
  report: { always: ['out', 'open', 'baseline', 'quiet'] },
  figure: {
    always: ['kind', 'out', 'width', 'font', 'quiet'],
    needs: {
      metric: unless('kind', 'breakdown', 'effects'),
      by: unless('kind', 'breakdown'),
      tiles: unless('kind', 'floorplan'),
      ...each(['x', 'y'], unless('kind', 'pareto', 'lines')),
    },
  },
  explain: { always: ['tech', 'set', 'json'], instead: { tech: 'tech' } },
  xbar: {
    always: [
      ...['tech', 'rows', 'cols', 'adc', 'cell-bits', 'mux', 'node', 'encoding', 'vdd', 'temperature', 'set'],
      ...['weight-bits', 'input-bits', 'trials', 'x', 'y', 'figure', ...PRINT],
    ],
    needs: { force: without('out'), ...each(['adc-range', 'seed', 'threads'], withTrials) },
    instead: {
      encoding: PLACES.encoding,
      'cell-bits': PLACES.cellBits,
      rows: PLACES.rows,
      cols: PLACES.cols,
      adc: PLACES.adc,
      mux: 'tech.adc.columns',
      node: 'tech.node',
      temperature: 'tech.temperature',
    },
  },
  compare: {
    always: [
      ...['arch', 'tech', 'model', 'reuse', 'tokens', 'set', 'iso', 'allow', 'ops', 'trials', 'encoding'],
      ...['accuracy', 'figure', 'watch', 'json', 'csv', 'quiet'],
    ],
    needs: {
      ...each(['weights', 'data', 'split', 'images', 'draws'], toAccuracy),
      ...each(['adc-range', 'seed'], withTrials),
    },
    instead: { tech: 'tech', encoding: PLACES.encoding, ops: 'accounting.opCount' },
  },
  systems: { always: ['arch', 'tech', 'set', 'seed', 'threads', 'figure', 'json', 'csv', 'quiet'] },
  map: {
    always: [
      ...['model', 'reuse', 'tokens', 'objective', 'area', 'budget', 'images', 'tech', 'seed', 'set'],
      ...['json', 'out', 'quiet'],
    ],
    instead: { tech: 'tech' },
  },
  check: { always: ['kind', 'watch'] },
  init: { always: ['force'] },
  train: {
    always: [
      ...['model', 'reuse', 'weights', 'set', 'data', 'vocabulary', 'epochs', 'batch', 'rate'],
      ...['label-smoothing', 'fraction', 'seed', 'variation', 'json', 'out', 'force', 'quiet'],
    ],
    needs: each(['tech', 'encoding', 'adc-range'], without('variation')),
    instead: { encoding: PLACES.encoding },
  },
  list: { always: ['json'], needs: each(['model', 'reuse-count'], unless('<what>', 'patterns')) },
  noc: {
    always: [
      ...['mesh', 'packet', 'router', 'vcs', 'depth', 'credit-delay', 'wait-for-tail-credit', 'speculative'],
      ...['zero-load', 'batch', 'json', 'quiet'],
    ],
    needs: {
      ...each(['traffic', 'seed'], beside('zero-load')),
      ...each(['rate', 'warmup', 'measure'], beside('zero-load', 'batch')),
      hotspot: all(beside('zero-load'), unless('traffic', 'hotspot')),
    },
  },
  infer: {
    always: [...NETWORK, 'input', 'out', 'precision', 'generate', 'quiet'],
    needs: {
      ...each(['mask', 'types'], beside('generate')),
      temperature: without('generate'),
      'top-k': drawn,
      ...each(CACHE, unless('precision', 'int8', 'analog')),
      ...each([...QUANTISATION, 'calibrate'], unless('precision', 'int8', 'analog')),
      ...each(['tech', 'set', ...CROSSBARS, 'draw', 'backend'], unless('precision', 'analog')),
      seed: said => (drawn(said) === undefined ? undefined : unless('precision', 'analog')(said)),
      'gpu-mode': all(unless('precision', 'analog'), BACKEND['gpu-mode']),
      threads: all(unless('precision', 'analog'), BACKEND.threads),
    },
  },
  accuracy: {
    always: [...[...NETWORK, 'data', 'images', 'seed'], ...['task', 'json', 'csv', 'quiet']],
    needs: {
      ...each(['context', ...CACHE], ofLanguage),
      ...each(['profile', 'skip-bad', 'preprocessing'], ofClasses),
      ...each(DATA_KINDS, ofClasses),
      // A profile is of float32, without crossbars. What stands here of crossbars is judged once more when they are known.
      ...each([...QUANTISATION, 'calibration', 'tech', 'set', ...CROSSBARS], beside('profile')),
      ...each(['draws', 'sweep', 'backend'], beside('profile')),
      ...each(['layers', 'snr-images', 'out'], all(beside('profile'), ofClasses)),
      'gpu-mode': all(beside('profile'), BACKEND['gpu-mode']),
      threads: all(beside('profile'), BACKEND.threads),
      force: without('out'),
      ...each(['threshold', 'efforts', 'entropy'], without('profile')),
    },
    instead: { encoding: PLACES.encoding, 'drift-compensation': PLACES.drift },
    swept: SWEPT,
  },
  mvm: {
    always: [
      ...['weights', 'tokens', 'weight-bits', 'input-bits', 'signed', 'density', 'tech', 'set', 'written'],
      ...['trials', 'seed', 'backend', 'json', 'quiet'],
    ],
    byCrossbars: [
      ...[...CROSSBARS, 'adc', 'cell-bits', 'array-rows', 'array-cols', 'sigma-read', 'sigma-write', 'strip'],
    ],
    needs: { ...BACKEND, ...each(['rows', 'cols'], beside('weights')) },
    instead: {
      encoding: PLACES.encoding,
      'drift-compensation': PLACES.drift,
      'cell-bits': PLACES.cellBits,
      'array-rows': PLACES.rows,
      'array-cols': PLACES.cols,
      adc: PLACES.adc,
      'sigma-read': PLACES.sigmaRead,
      'sigma-write': PLACES.sigmaWrite,
    },
  },
  optimize: {
    always: [
      ...['model', 'arch', 'tech', 'tokens', 'set', 'evaluator', 'data', 'json', 'csv', 'out', 'quiet'],
      ...['target-delay', 'target-energy', 'target-area', 'target-edap', 'encoding'],
    ],
    needs: {
      'evaluator-timeout': without('evaluator'),
      ...each(['vocabulary', 'weights'], without('data', 'evaluator')),
      ...each(
        ['fraction', 'partial-epochs', 'final-epochs', 'variation', 'seed'],
        without('data', 'evaluator'),
      ),
      'base-epochs': all(training, beside('weights')),
      ...each(['batch', 'rate', 'label-smoothing'], training),
      ...each(['images', 'draws', 'adc-range'], without('data', 'evaluator')),
      force: without('out'),
    },
    instead: { tech: 'tech', encoding: PLACES.encoding },
  },
  search: {
    always: [
      ...['model', 'weights', 'data', 'vocabulary', 'arch', 'set', 'tech', 'adc-bits', 'keep', 'encoding'],
      ...['adc-range', 'population', 'generations', 'samples', 'fraction', 'partial-epochs', 'batch', 'rate'],
      ...['images', 'keep-images', 'seed', ...PRINT],
    ],
    needs: { force: without('out') },
  },
  merge: { always: ['out', 'json'] },
  export: { always: ['out', 'format', 'json', 'quiet'] },
  sweep: {
    always: ['engine', 'shard', 'dry-run', 'out', 'json', 'quiet'],
    needs: {
      jobs: beside('engine', 'engine-file'),
      'engine-file': beside('dry-run'),
      rerun: without('out'),
      'retry-failed': without('out'),
    },
  },
  worker: { always: ['engine', 'engine-file', 'jobs', 'data-dir', 'idle', 'quiet'] },
  data: {
    always: ['test', 'seed', 'out', 'force', 'quiet'],
    needs: {
      ...each(['images', 'size'], unless('<what>', 'glyphs', 'scenes')),
      ...each(['sentences', 'dev'], unless('<what>', 'grammar', 'races', 'prose')),
    },
  },
  schema: { always: [] },
  doctor: { always: ['json'] },
  validate: { always: ['write', 'quiet'] },
};

/**
 * Refuses what is given and has no effect. `words` are as `readWords` leaves them: positionals, then `--name=value`. A value that is
 * the default anyway is no slip, nor is one that the environment gives to all commands.
 * @throws TrexError (usage)
 */
export function checkOptionNeeds(
  { command, options, positionals }: Declaration,
  words: readonly string[],
  isOfAll: (name: string) => boolean = () => false,
): void {
  const given = new Map<string, string>();
  const plain: string[] = [];
  for (const word of words) {
    const [, name, value] = /^--([^=]+)=([\s\S]*)$/.exec(word) ?? [];
    if (name === undefined || !options.has(name)) plain.push(word);
    else given.set(name, given.has(name) ? `${given.get(name)},${value}` : value);
  }
  const positional = new Map(positionals.map(({ name }, i) => [name, plain[i]]));
  const defaultOf = (name: string): string | undefined => options.get(name)?.default?.toString();
  const said: Said = name => given.get(name) ?? positional.get(name) ?? defaultOf(name);
  const needs = OPTION_NEEDS[command]?.needs ?? {};
  for (const [name, value] of given) {
    const usual = defaultOf(name) ?? (options.get(name)?.type === 'boolean' ? 'false' : undefined);
    if (!Object.hasOwn(needs, name) || value === usual || isOfAll(name)) continue;
    const why = needs[name](said);
    if (why === undefined) continue;
    const shownValue = value === 'true' ? '' : ` ${shown(value)}`;
    throw usageError(`--${name}${shownValue} has no effect ${why}`);
  }
  checkInstead(command, words, given);
}

/** Refuses a value that is given twice: by an option or a sweep, and by what that takes the place of. */
function checkInstead(command: string, words: readonly string[], given: ReadonlyMap<string, string>): void {
  const { instead = {}, swept = {} } = OPTION_NEEDS[command] ?? {};
  const refuseSet = (path: string, by: string): void => {
    const set = words.find(word => word.startsWith(`--set=${path}=`));
    if (set !== undefined)
      throw usageError(`--set ${shown(set.slice('--set='.length))} has no effect beside ${by}`);
  };
  for (const [option, path] of Object.entries(instead)) if (given.has(option)) refuseSet(path, `--${option}`);
  const [parameter] = (given.get('sweep') ?? '').split('=');
  if (!Object.hasOwn(swept, parameter)) return;
  const { path, option } = swept[parameter];
  const by = `--sweep ${parameter}`;
  if (option !== undefined && given.has(option))
    throw usageError(`--${option} ${shown(given.get(option)!)} has no effect beside ${by}`);
  if (path !== undefined) refuseSet(path, by);
}
