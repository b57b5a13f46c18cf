/**
 * Noise of one conversion, drawn on the column sum: independent normal noises of the active cells and of the sample-and-hold
 * add up to one normal noise whose variance is the sum of theirs. Exact because the terms are normal, independent between
 * cells and reads, unclipped, and enter the column linearly. A reference column adds its cells' to every column alike, and
 * each column counts it as its own; one of cells at level 0 counts as noise-free.
 */

import { usageError } from '../../base/errors.ts';
import { log2 } from '../../base/math.ts';
import type { MergeShape } from '../../tech/circuit/merge-law.ts';
import { ofKind, type TermEffect } from '../../tech/noise-effects.ts';
import { MAX_MANTISSA, mantissa, sigmaScale } from './gaussian.ts';
import { largestEntry, normalTable, Z_BITS, Z_TABLE } from './normal-table.ts';

/** Sums of squares are 16-bit; their roots are taken with four more bits, and stay exact in float32. */
const MAX_SQUARES = 2 ** 16 - 1;
export const SQUARE_SHIFT = 8;
/** Entries for sums of squares of inputs. */
const MOST_SQUARES = 4095;

/**
 * noise = table[a + i] + table[b + i] for `constant`; floor((S z + 2^(shift - 1)) / 2^shift) with
 * z = table[a + i] + table[b + i] otherwise, where S is
 * `active`: mantissas[number of active rows]; of inputs of several bits mantissas[sum of their squares >> coarse];
 * `cells`: floor(sqrt(2^8 (floor + sum of squares of the active cells))), the square of a cell being
 * round(g^2 sigma^2 2^exponent).
 */
export type ConversionNoise =
  | { readonly kind: 'none' }
  | { readonly kind: 'constant'; readonly table: Int32Array }
  | {
      readonly kind: 'active';
      readonly table: Int32Array;
      readonly mantissas: Int32Array;
      readonly coarse: number;
      readonly shift: number;
    }
  | {
      readonly kind: 'cells';
      readonly table: Int32Array;
      readonly sigma: number;
      readonly exponent: number;
      readonly floor: number;
      readonly shift: number;
    };

export type NoiseKind = ConversionNoise['kind'];
export type NoiseOf<K extends NoiseKind> = Extract<ColumnNoise, { readonly kind: K }>;

/** The noise of conversions with the squares of the cells [block][slice][row][col], like the conductances. */
export type ColumnNoise =
  | Exclude<ConversionNoise, { readonly kind: 'cells' }>
  | (Extract<ConversionNoise, { readonly kind: 'cells' }> & { readonly squares: Uint16Array });

export interface ColumnShape {
  readonly arrays: number;
  readonly rows: number;
  readonly cols: number;
  /** Units of one level of a conversion's sum, and of one ADC step. */
  readonly levelStep: number;
  readonly adcStep: number;
  /** Of a cell. */
  readonly maxLevel: number;
  readonly adcBits: number;
  /** Levels of a full column, input levels included. */
  readonly fullLevels: number;
  /** Cells that conduct in an active row of a column: 2 with a reference column; of merged slices each by the square of its place. */
  readonly cellsPerRow: number;
  /** The slices that one conversion sees. */
  readonly merge: MergeShape | undefined;
  /** Highest level of an input in a read: a cell's current, and its noise, are as many times larger. */
  readonly maxDigit: number;
}

/** The per-read noise of programmed conductances `g` [array][row][col] in units. */
export function columnNoise(
  effects: readonly TermEffect[],
  g: Int32Array | Float64Array,
  shape: ColumnShape,
): ColumnNoise {
  const noise = conversionNoise(effects, shape, () => largestSquareSum(g, shape));
  if (noise.kind !== 'cells') return noise;
  const { sigma, exponent } = noise;
  const unit = 2 ** exponent;
  const squares = new Uint16Array(g.length);
  for (let i = 0; i < g.length; i++) squares[i] = Math.round(g[i] * g[i] * sigma * sigma * unit);
  return { ...noise, squares };
}

/**
 * The same without the squares; `squareSum` gives the largest sum of g^2 over a column.
 * @throws TrexError (usage) for noise that no column sum has exactly.
 */
export function conversionNoise(
  effects: readonly TermEffect[],
  { levelStep, adcStep, maxLevel, fullLevels, adcBits, rows, cellsPerRow, maxDigit, merge }: ColumnShape,
  squareSum: () => number,
): ConversionNoise {
  const spreads = ofKind(effects, 'readSpread');
  const ofCodes = together(spreads.map(spread => spread.ofCodes)) * 2 ** adcBits * adcStep;
  const ofMerge = ofKind(effects, 'mergeNoise').map(
    ({ ofColumn }) => (merge === undefined ? 0 : ofColumn(merge, rows)) * fullLevels * levelStep,
  );
  const thermal = together([ofCodes, ...ofMerge]);
  const ofRange = together(spreads.map(spread => spread.ofRange));
  const sigma = together(spreads.map(({ ofCell }) => ofCell));
  if (ofRange > 0 && sigma > 0) {
    const terms = spreads.filter(spread => spread.ofCell > 0 || spread.ofRange > 0).map(({ term }) => term);
    throw usageError(
      `noise of ${terms.join(' and ')} in every read: one part follows the cells, another does not; draw one of them once per device`,
    );
  }
  if (ofRange > 0) {
    const cell = ofRange * maxLevel * levelStep;
    const sigmaAt = (active: number): number =>
      Math.sqrt(thermal * thermal + active * cellsPerRow * cell * cell);
    const full = rows * maxDigit * maxDigit;
    const coarse = maxDigit === 1 ? 0 : Math.max(0, Math.ceil(log2(full / MOST_SQUARES)));
    const scale = sigmaScale(sigmaAt(full));
    if (sigmaAt(full) * 2 ** scale.exponent > MAX_MANTISSA + 1)
      throw usageError('read variation: the noise of a column is too large, use fewer fracBits');
    // The middle of what a place stands for.
    const place = (i: number): number => (coarse === 0 ? i : (i + 0.5) * 2 ** coarse);
    const length = (full >> coarse) + 1;
    const mantissas = Int32Array.from({ length }, (_, i) => mantissa(sigmaAt(place(i)), scale));
    return { kind: 'active', table: Z_TABLE, mantissas, coarse, shift: scale.shift };
  }
  if (sigma > 0 && maxDigit > 1) {
    const terms = spreads.filter(spread => spread.ofCell > 0).map(({ term }) => term);
    throw usageError(
      `noise of ${terms.join(' and ')} in every read follows the cells, which is modelled for single input bits: draw it once per device, or --set tech.inputBitsPerStep=1`,
    );
  }
  if (sigma === 0)
    return thermal === 0 ? { kind: 'none' } : { kind: 'constant', table: normalTable(thermal) };
  const worst = Math.max(1, thermal * thermal + sigma * sigma * squareSum());
  // Rounding may add half a unit per row; the unit of a square is a power of two, that of its root, with 4 bits more, too.
  const finest = Math.floor(log2((MAX_SQUARES - rows) / worst));
  const exponent = finest - (((finest % 2) + 2) % 2);
  const shift = (exponent + SQUARE_SHIFT) / 2 + Z_BITS;
  if (shift < 1)
    throw usageError('read variation: the noise of a column is too large for 24 bits, use fewer fracBits');
  const floor = Math.round(thermal * thermal * 2 ** exponent);
  return { kind: 'cells', table: Z_TABLE, sigma, exponent, floor, shift };
}

/** Whether the noise of a read follows the cells, so that it needs their squares. */
export const followsCells = (effects: readonly TermEffect[]): boolean =>
  ofKind(effects, 'readSpread').some(({ ofCell }) => ofCell > 0);

/** Independent normal numbers add up; one alone stays as it is, to the last bit. */
function together(sigmas: readonly number[]): number {
  const some = sigmas.filter(sigma => sigma > 0);
  return some.length === 1 ? some[0] : Math.sqrt(some.reduce((sum, sigma) => sum + sigma * sigma, 0));
}

/** The largest sum of g^2 over a column of any array. */
function largestSquareSum(g: Int32Array | Float64Array, { arrays, rows, cols }: ColumnShape): number {
  let largest = 0;
  const sums = new Float64Array(cols);
  for (let array = 0, at = 0; array < arrays; array++) {
    sums.fill(0);
    for (let row = 0; row < rows; row++)
      for (let col = 0; col < cols; col++, at++) sums[col] += g[at] * g[at];
    for (const sum of sums) largest = Math.max(largest, sum);
  }
  return largest;
}

/** The largest noise that can be drawn, in units. */
export function largestNoise(noise: ConversionNoise): number {
  if (noise.kind === 'none') return 0;
  const z = 2 * largestEntry(noise.table);
  return noise.kind === 'constant' ? z : Math.ceil((4095 * z) / 2 ** noise.shift) + 1;
}
