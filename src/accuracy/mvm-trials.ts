/** One matrix on crossbars, many times: the error of its products against exact integers, trial by trial. */

import { log10, toDecibels } from '../base/math.ts';
import { gaussianStream, streamKey, uniformStream } from '../base/random.ts';
import { finishedWith } from '../base/turn.ts';
import { intMatmul } from '../numerics/execute/int-matmul.ts';
import { intPanels } from '../numerics/kernels/int-product.ts';
import { adcAt, VECTORS, WindowFit } from '../numerics/mvm/adc-window.ts';
import type { MvmBackend, MvmInput, MvmStats } from '../numerics/mvm/backend.ts';
import { gainOf, readReferences } from '../numerics/mvm/drift-reading.ts';
import { multiply } from '../numerics/mvm/multiply.ts';
import { programSteps } from '../numerics/mvm/program.ts';
import { rowActivity } from '../numerics/mvm/row-activity.ts';
import { type MvmSpec, planMvm } from '../numerics/mvm/spec.ts';
import type { DriftReferences } from '../tech/drift-compensation.ts';
import type { NoiseModel } from '../tech/noise-model.ts';
import { type Clipping, countingClipping } from './clipping.ts';
import { type Spread, spread } from './statistics.ts';

/** Cell reads that the count of clipped conversions may take. */
const CLIPPING_READS = 2e8;
/** Bins of the histogram, over +-4 standard deviations; the outermost hold what lies beyond. */
const BINS = 17;
const SIGMAS = 4;
/** Signal to noise of an ideal quantiser with full-scale sine: 6.02 bits + 1.76 dB. */
const DB_PER_BIT = 20 * log10(2);
const SINE_DB = toDecibels(1.5);

/** A matrix on arrays, and its inputs. */
export interface MvmTrialOptions {
  readonly spec: MvmSpec;
  readonly noise: NoiseModel;
  /** `layer`: the ADCs are set to the sums of some inputs more instead of where the spec has them. */
  readonly window?: 'layer' | undefined;
  /** How drift is made up for; absent: it is not. */
  readonly drift?: DriftReferences | undefined;
  /** Integers [rows][cols]; absent: drawn. */
  readonly weights?: Int16Array | undefined;
  readonly tokens: number;
  /** Probability of an input bit to be 1. */
  readonly density: number;
  readonly trials: number;
  readonly seed: string | number;
  /** Before each trial; may throw. */
  readonly pause?: (done: number, total: number) => Promise<void>;
}

/** Errors in steps of the integer product. */
export interface MvmTrial {
  readonly rmse: number;
  readonly bias: number;
  /** Of the exact product against the error; null for no error. */
  readonly snr_dB: number | null;
  readonly effectiveBits: number | null;
}

/** The trials, their means, and what the ADCs clipped. Errors are in steps of the integer product. */
export interface MvmTrials {
  readonly trials: readonly MvmTrial[];
  readonly rmse: Spread;
  readonly bias: Spread;
  /** Of trials with an error; null if none has. */
  readonly snr_dB: Spread | null;
  readonly effectiveBits: Spread | null;
  /** Root mean square of the exact product. */
  readonly signal: number;
  /** Shares of conversions, of the first trial, before read noise. */
  readonly clipped: { readonly above: number; readonly below: number };
  /** Of the errors of all trials. */
  readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] };
  readonly stats: MvmStats;
  /** How many times the sums of each trial count, where drift is made up for. */
  readonly driftGains?: readonly number[];
}

/** Every trial is another chip with other inputs; the matrix stays. @throws TrexError (2) for a spec that cannot be. */
export async function mvmTrials(backend: MvmBackend, options: MvmTrialOptions): Promise<MvmTrials> {
  const { noise, tokens, trials: count, seed, drift, pause } = options;
  const { rows, cols } = options.spec;
  planMvm(options.spec);
  await pause?.(0, count);
  const weights = options.weights ?? randomWeights(options.spec, seed);
  const spec = options.window === 'layer' ? fitted(options, weights) : options.spec;
  const panels = intPanels(weights, rows, cols);
  const stats: MvmStats = { conversions: 0, cellMacs: 0 };
  const trials: MvmTrial[] = [];
  const errors: Float64Array[] = [];
  const driftGains: number[] = [];
  let clipping: Clipping | undefined;
  let signal = 0;
  for (let trial = 0; trial < count; trial++) {
    // Each part of a trial takes long on a large matrix.
    const rest = async (): Promise<void> => pause?.(trial, count);
    await rest();
    const x = randomInputs(options, 'mvm/inputs', trial);
    const driven = { ...spec, activity: rowActivity(spec, x) };
    const programKey = streamKey(seed, 'mvm/program', trial);
    const matrix = await finishedWith(programSteps(weights, driven, noise, programKey), rest);
    await rest();
    const counted = clippingTokens(spec, matrix.g.length, tokens);
    clipping ??= await finishedWith(countingClipping(matrix, x, counted), rest);
    await rest();
    const handle = await backend.load(matrix);
    await rest();
    if (drift !== undefined) {
      const vectors = randomInputs({ ...options, tokens: drift.vectors }, 'mvm/references', 0);
      const reads = streamKey(seed, 'mvm/drift', trial);
      const own = { spec: driven, weights, cells: programKey, reads, x: vectors };
      driftGains.push(gainOf(await readReferences(backend, own, drift, stats)));
      await rest();
    }
    const key = streamKey(seed, 'mvm/read', trial);
    const y = await multiply(backend, { handle, x, tokens, key, gain: driftGains[trial] }, stats);
    handle.dispose();
    await rest();
    const exact = intMatmul(Int16Array.from(x), tokens, panels);
    const error = Float64Array.from(y, (value, i) => value - exact[i]);
    errors.push(error);
    const power = meanSquare(exact);
    signal += power / count;
    trials.push(trialOf(error, power));
  }
  const finite = trials.filter(t => t.snr_dB !== null);
  return {
    trials,
    rmse: spread(trials.map(t => t.rmse)),
    bias: spread(trials.map(t => t.bias)),
    snr_dB: finite.length === 0 ? null : spread(finite.map(t => t.snr_dB!)),
    effectiveBits: finite.length === 0 ? null : spread(finite.map(t => t.effectiveBits!)),
    signal: Math.sqrt(signal),
    clipped: {
      above: clipping!.above / clipping!.conversions,
      below: clipping!.below / clipping!.conversions,
    },
    histogram: histogramOf(errors),
    stats,
    ...(drift !== undefined && { driftGains }),
  };
}

/** The spec with its converters set to the sums of inputs that no trial has. */
function fitted(options: MvmTrialOptions, weights: Int16Array): MvmSpec {
  const { spec } = options;
  const fit = new WindowFit(spec);
  fit.add(weights, randomInputs({ ...options, tokens: VECTORS }, 'mvm/calibration', 0));
  const window = fit.window();
  return window === undefined ? spec : { ...spec, adc: adcAt(spec.adc.bits, window) };
}

function trialOf(error: Float64Array, power: number): MvmTrial {
  const square = meanSquare(error);
  const bias = error.reduce((sum, e) => sum + e, 0) / error.length;
  const snr_dB = square === 0 || power === 0 ? null : toDecibels(power / square);
  return {
    rmse: Math.sqrt(square),
    bias,
    snr_dB,
    effectiveBits: snr_dB === null ? null : (snr_dB - SINE_DB) / DB_PER_BIT,
  };
}

/** Normal weights whose largest would be four standard deviations. */
function randomWeights({ rows, cols, weightBits }: MvmSpec, seed: string | number): Int16Array {
  const next = gaussianStream(seed, 'mvm/weights');
  const high = 2 ** (weightBits - 1) - 1;
  return Int16Array.from({ length: rows * cols }, () =>
    Math.max(-high, Math.min(high, Math.round((next() * high) / SIGMAS))),
  );
}

/** Every bit of every input is 1 with the same probability. */
function randomInputs(
  { spec, tokens, density, seed }: MvmTrialOptions,
  stream: string,
  trial: number,
): MvmInput {
  const { rows, inputBits, signedInput } = spec;
  const next = uniformStream(seed, stream, trial);
  const x = signedInput ? new Int8Array(tokens * rows) : new Uint8Array(tokens * rows);
  for (let i = 0; i < x.length; i++) {
    let value = 0;
    for (let bit = 0; bit < inputBits; bit++) if (next() < density) value += 2 ** bit;
    x[i] = signedInput && value >= 2 ** (inputBits - 1) ? value - 2 ** inputBits : value;
  }
  return x;
}

const clippingTokens = ({ inputBits }: MvmSpec, cells: number, tokens: number): number =>
  Math.max(1, Math.min(tokens, Math.floor(CLIPPING_READS / (cells * inputBits))));

const meanSquare = (values: Float64Array | Int32Array): number => {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum / values.length;
};

function histogramOf(all: readonly Float64Array[]): { edges: number[]; counts: number[] } {
  const square = all.reduce((sum, errors) => sum + meanSquare(errors), 0) / all.length;
  const bound = SIGMAS * Math.sqrt(square) || 0.5;
  const width = (2 * bound) / BINS;
  const counts = Array.from({ length: BINS }, () => 0);
  for (const errors of all)
    for (const error of errors)
      counts[Math.max(0, Math.min(BINS - 1, Math.floor((error + bound) / width)))]++;
  // From the middle out: edges on both sides of 0 are equal to the last bit, and their middle is 0.
  return { edges: Array.from({ length: BINS + 1 }, (_, i) => (i - BINS / 2) * width), counts };
}
