/** Language modelling: how well a decoder foretells the next token of a text, in float32, in integers and on crossbars. */
import type { FileHash } from '../arch/source-files.ts';
import { TrexError, usageError } from '../base/errors.ts';
import { finishedWith } from '../base/turn.ts';
import { VERSION } from '../base/version.ts';
import { wholeNumber } from '../base/whole-number.ts';
import { SeenOperands } from '../numerics/execute/adc-windows.ts';
import type { Matrix } from '../numerics/execute/matrix.ts';
import type { NetworkOptions } from '../numerics/execute/prepare.ts';
import type { MvmBackend } from '../numerics/mvm/backend.ts';
import type { LanguagePoint, LanguageResult, LanguageScores } from '../report/language-result.ts';
import { loadTechFrom } from '../run/load.ts';
import { assumedOf } from './assumed.ts';
import { type CacheOptions, cacheQuantisation, checkCache } from './cache-options.ts';
import { calibrateOn, calibratorOf } from './calibration.ts';
import { backendRecord, checkBits, checkCrossbars } from './check-crossbars.ts';
import { CALIBRATION_INPUTS, CROSSBAR_RUN_DEFAULTS, type CrossbarRunOptions } from './defaults.ts';
import { crossbarDevices, crossbarsOf } from './device.ts';
import { decoderOf } from './generate.ts';
import { checkIdleOptions } from './idle-options.ts';
import { type NetworkFileOptions, type NetworkFiles, openNetwork } from './network-file.ts';
import { Runner } from './runner.ts';
import { parseSweep, sweptOptions } from './sweep.ts';
import { SWEEPS } from './sweep-parameters.ts';
import { readTokenRows } from './token-rows.ts';

/** A decoder, a text, and how much of it is read. */
export interface LanguageOptions extends NetworkFileOptions, CrossbarRunOptions, CacheOptions {
  /** Path of the text: token ids as .npy or .json, or bytes. */
  readonly data: string;
  /** Tokens of a window, which a network reads by itself; absent: those of its configuration. */
  readonly context?: number | undefined;
  /** Windows that are scored, the first ones. */
  readonly images: number;
  /** Windows that calibrate the ranges of activations, the first ones. */
  readonly calibration: number;
  /** Chips with cells of their own. */
  readonly draws: number;
  /** One parameter of the crossbars varied; absent: none. */
  readonly sweep?: string | undefined;
}

/** What a measurement may leave out. */
export const LANGUAGE_DEFAULTS = {
  reuse: 'none',
  images: 100,
  calibration: CALIBRATION_INPUTS,
  draws: 3,
  ...CROSSBAR_RUN_DEFAULTS,
} as const satisfies Partial<LanguageOptions>;

/** Only the network and its text have no default. */
export type LanguageRequest = Pick<LanguageOptions, 'model' | 'data'> & Partial<LanguageOptions>;

export interface LanguageHooks extends NetworkFiles {
  readonly backend: MvmBackend;
  /** May throw; called before each window. */
  readonly pause?: (what: 'calibrate' | 'accuracy', done: number, total: number) => Promise<void>;
}

/**
 * Loss and perplexity of the next token.
 * @throws TrexError: bad options (2), a missing file (4), a network that is no decoder, or a text that does not fit (2, 3).
 */
export async function languageAccuracy(
  request: LanguageRequest,
  hooks: LanguageHooks,
): Promise<LanguageResult> {
  const options: LanguageOptions = { ...LANGUAGE_DEFAULTS, ...request };
  checkOptions(options);
  const { backend } = hooks;
  const cache = cacheQuantisation(options);
  const network = await openNetwork(options, hooks);
  checkCache(network.model, cache);
  const model = decoderOf(network.model);
  const context = options.context ?? model.tokens;
  if (context > model.maxTokens)
    throw usageError(`--context ${context}: ${model.name} has positions for ${model.maxTokens}`);
  const source = { disk: hooks.disk, path: options.data, folder: network.folder };
  const windows = windowsOf(await readTokenRows(source, model), context, options);
  const graph = network.graph(context);
  const loaded = loadTechFrom(hooks.files, options.tech, { set: options.set });
  const devices = crossbarsOf(loaded, options.tech);
  const sweep = options.sweep === undefined ? null : parseSweep(options.sweep);
  const values: readonly (number | null)[] = sweep?.values ?? [null];
  const made = (device: LanguageOptions['device']) =>
    values.map(value =>
      crossbarDevices(
        devices,
        value === null || sweep === null ? device : sweptOptions(device, sweep.parameter, value),
        graph,
      ),
    );
  const points = made(options.device);
  checkIdleOptions(options.device, made, options.tech);
  for (const point of points) checkCrossbars(graph, point, options);

  const { weightBits, inputBits, seed, draws } = options;
  const widths = { weightBits, inputBits, cache };
  const seen = new SeenOperands();
  const calibration = await calibrateOn(
    network,
    windows.slice(0, options.calibration).map(words => ({ words })),
    calibratorOf(options.calibrator),
    widths,
    { seen, backend, pause: async (done, total) => await hooks.pause?.('calibrate', done, total) },
  );
  const quantisation = { calibration, ...widths };
  const runs = 2 + points.length * draws;
  let done = 0;
  const scored = async (how: NetworkOptions): Promise<LanguageScores> => {
    const runner = new Runner(network, how);
    try {
      const sums = { tokens: 0, loss: 0, top1: 0 };
      for (const [image, words] of windows.entries()) {
        await hooks.pause?.('accuracy', done++, runs * windows.length);
        addTo(sums, (await runner.run({ words }, { image })).logits, words);
      }
      return scoresOf(sums);
    } finally {
      runner.dispose();
    }
  };
  const float32 = await scored({ compute: 'float32', floatOn: backend });
  const int8 = await scored({ compute: 'int8', quantisation });
  const rows: LanguagePoint[] = [];
  for (const [i, point] of points.entries()) {
    const steps = seen.findSettings(network.weights(graph), quantisation, point);
    const settings = await finishedWith(
      steps,
      async () => await hooks.pause?.('calibrate', i, points.length),
    );
    const each: LanguageScores[] = [];
    for (let draw = 0; draw < draws; draw++)
      each.push(
        await scored({
          compute: 'analog',
          quantisation,
          analog: { backend, seed, draw, ...point, ...settings },
        }),
      );
    rows.push({ value: values[i], draws: each, mean: meanOf(each) });
  }
  const files: readonly FileHash[] = [...(await network.hashes()), ...loaded.files];
  return {
    schemaVersion: 1,
    version: VERSION,
    task: 'lm',
    model: model.name,
    reuse: graph.reuse.pattern,
    tech: loaded.tech.name,
    assumed: assumedOf(points[0]),
    backend: backendRecord(backend),
    data: { name: options.data, windows: windows.length, context, predicted: windows.length * (context - 1) },
    cache: cache ?? null,
    sweep: sweep && { parameter: sweep.parameter, label: SWEEPS[sweep.parameter].label },
    float32,
    int8,
    points: rows,
    files,
    warnings: [...network.warnings, ...loaded.warnings],
  };
}

function checkOptions(options: LanguageOptions): void {
  wholeNumber('seed', options.seed);
  wholeNumber('images', options.images, 1);
  wholeNumber('calibration', options.calibration, 1);
  wholeNumber('draws', options.draws, 1, 1000);
  if (options.context !== undefined) wholeNumber('context', options.context, 2);
  checkBits(options);
}

/** Windows one behind the other, whole ones; a text shorter than one is refused. */
function windowsOf(
  rows: readonly Int32Array[],
  context: number,
  { data, images }: LanguageOptions,
): Int32Array[] {
  const windows: Int32Array[] = [];
  for (const row of rows)
    for (let at = 0; at + context <= row.length && windows.length < images; at += context)
      windows.push(row.slice(at, at + context));
  if (windows.length === 0)
    throw usageError(
      `${data}: no text of ${context} tokens, which a window has; give a longer text, or a shorter --context`,
    );
  return windows;
}

interface Sums {
  tokens: number;
  loss: number;
  top1: number;
}

/** Row i of the logits foretells token i + 1. */
function addTo(sums: Sums, { data, columns }: Matrix, words: Int32Array): void {
  for (let i = 0; i + 1 < words.length; i++) {
    const row = data.subarray(i * columns, (i + 1) * columns);
    const bad = row.findIndex(value => !Number.isFinite(value));
    if (bad >= 0) throw new TrexError(`logit ${bad} behind token ${i} is ${row[bad]}`);
    const next = words[i + 1];
    let best = 0;
    for (let id = 1; id < columns; id++) if (row[id] > row[best]) best = id;
    let sum = 0;
    for (const value of row) sum += Math.exp(value - row[best]);
    sums.loss += Math.log(sum) + row[best] - row[next];
    sums.top1 += best === next ? 1 : 0;
    sums.tokens++;
  }
}

function scoresOf({ tokens, loss, top1 }: Sums): LanguageScores {
  const mean = loss / tokens;
  return { loss: mean, perplexity: Math.exp(mean), top1: top1 / tokens };
}

/** The perplexity of a mean is that of the mean loss. */
function meanOf(draws: readonly LanguageScores[]): LanguageScores {
  const mean = (of: (scores: LanguageScores) => number): number =>
    draws.reduce((sum, one) => sum + of(one), 0) / draws.length;
  const loss = mean(one => one.loss);
  return { loss, perplexity: Math.exp(loss), top1: mean(one => one.top1) };
}
