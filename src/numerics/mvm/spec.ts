/** What a programmed crossbar computes, before any noise: how weights, inputs and the ADC are cut into bits. */

import { TrexError } from '../../base/errors.ts';
import { largest } from '../../base/extremes.ts';
import { log2 } from '../../base/math.ts';
import { type EncodingName, weightEncoding } from '../../tech/encodings.ts';
import type { ReferenceLevels, WeightSlice } from '../../tech/weight-encoding.ts';
import { type InputPlane, inputPlanes } from './input-planes.ts';

/** Sums of conductances stay below this: float32 adds such integers exactly, in any order. */
export const EXACT_FLOAT32_LIMIT = 2 ** 24;
/** Of several input bits a step, whose sums may need more: exact in int32 and float64. */
const EXACT_INT32_LIMIT = 2 ** 31;
/** Nominal column sums stay a factor of four below it: room for variation, offsets and noise. */
const HEADROOM = 4;
const MAX_FRAC_BITS = 13;
const MAX_LONG_FRAC_BITS = 22;
/** Unless the spec says more: units of an ADC step, as a power of two, and units of a cell level. Coarse enough that most sums fit 16 bits. */
const STEP_BITS = 9;
const LEVEL_UNITS = 128;
const INT32 = 2 ** 31;
/** Of converters 14 at most; an adder tree has what its sums take. */
const MAX_ADC_BITS = 24;
/** Levels of any column: 4096 rows of 8-bit cells, 8-bit inputs. */
const MOST_LEVELS = 2 ** 28;
/** Activity where nobody has seen inputs. */
export const HALF_ACTIVE = 0.5;

/** A matrix on crossbars. */
export interface MvmSpec {
  /** Matrix inputs (wordlines in all). */
  readonly rows: number;
  /** Matrix outputs (columns of one slice in all). */
  readonly cols: number;
  /** Wordlines that one conversion adds up. */
  readonly arrayRows: number;
  /** Wordlines of one physical array, where one conversion adds up some of them. Absent: `arrayRows`. */
  readonly lineRows?: number;
  /** Columns of weights in one physical array, each with reference columns of its own. Absent: one array has them all. */
  readonly arrayCols?: number;
  /** Bits of a weight in one cell. */
  readonly cellBits: number;
  /** The slices of a weight, of each sign for itself, are added with their place values before one conversion. Absent: each is converted. */
  readonly merge?: boolean;
  readonly weightBits: number;
  /** Bits of an input, 1..8. */
  readonly inputBits: number;
  /**
   * Input bits that a row is driven with at once, 1..8: levels 0 to 2^bits - 1 of a DAC, or as many pulses. Absent: 1, bit
   * planes. More than the input has are as many as it has.
   */
  readonly inputBitsPerStep?: number;
  /** Inputs in two's complement: the highest plane counts -2^(inputBits - 1). */
  readonly signedInput: boolean;
  /** How signed weights stand in cells: a file of `encoding/`. */
  readonly encoding: EncodingName;
  readonly adc: AdcSpec;
  /**
   * One ADC step is 2^fracBits units of conductance. Absent: 9, or as many as give a level 128 units, but no more than
   * fit; at most 13.
   */
  readonly fracBits?: number;
  /**
   * While a row is driven: the share of the other rows of its array that are driven too, as `rowActivity` finds it in
   * inputs. What lines lose depends on it where idle rows do not conduct. Absent: half, as NeuroSim takes input bits to be.
   */
  readonly activity?: number;
  /** Neighbouring columns that share one draw of the counter generator: 1 is a draw per conversion. */
  readonly strip: 1 | 16 | 32;
}

/** The converters of an array. */
export interface AdcSpec {
  readonly bits: number;
  /**
   * Cell levels that one ADC step stands for. `lossless`: 1, refused unless the codes cover a full column.
   * `full-scale`: a full column, arrayRows * (2^cellBits - 1) * maxDigit, over 2^bits - 1, at least 1;
   * `ofFullScale`: a share of it, likewise. Otherwise the ratio levels / steps.
   */
  readonly levelsPerLsb:
    | 'lossless'
    | 'full-scale'
    | { readonly ofFullScale: number }
    | { readonly levels: number; readonly steps: number };
  /**
   * Steps that stand for code 0: the codes cover low .. low + 2^bits - 1 steps. Default 0; with a reference column so far
   * below 0 as the sums can go, or the codes' share of it.
   */
  readonly low?: number;
}

/** What a converter looks at: `steps` steps are as many sums as `levels` levels, and code 0 is `low` steps. */
export interface AdcWindow {
  readonly levels: number;
  readonly steps: number;
  readonly low: number;
}

/**
 * A spec with everything that follows from it. Where slices are merged, a slice s here is what one conversion sees: all that one
 * sign has, with cells of all their bits (`merge.ts`).
 *
 * weight     u = w + weightOffset = sum over slices s of sliceWeights[s] * level[s],  0 <= level <= maxLevel,
 *            level[s] = floor(max(0, +-u) / 2^shift) mod 2^cellBits: see `WeightSlice`
 * input      x = sum over planes b of planeWeights[b] * digit[b],  0 <= digit[b] <= maxDigit: bits, or digits of
 *            inputBitsPerStep bits; the sign bit of two's complement is a plane of its own
 * analog     v(t, s, b) = sum over rows of digit times conductance less that of the reference cell, level[s] - reference[s] of the row,
 *            with 1 level = 2^fracBits * steps / levels units
 * code       q = clamp(floor((v + offset + noise + 2^(fracBits - 1)) / 2^fracBits) - low, 0, maxCode)
 * slice sum  A(s) = sum over row blocks t and planes b of planeWeights[b] * q(t, s, b)
 * result     y = levels / steps * sum over s of sliceWeights[s] * (A(s) + base) - sum of pedestal * x,
 *            base = low * row blocks * sum of planeWeights: what the codes leave out,
 *            pedestal = weightOffset - sum over s of sliceWeights[s] * reference[s] of the row: what no reference column has taken off
 */
export interface MvmPlan {
  readonly spec: MvmSpec;
  /** Row blocks: arrays above each other. */
  readonly blocks: number;
  readonly slices: number;
  /** Cells of a weight: as many, or more where they are merged. */
  readonly cellsPerWeight: number;
  readonly weightSlices: readonly WeightSlice[];
  readonly sliceWeights: readonly number[];
  /** The bits of an input that are driven together, low ones first, and what they count. */
  readonly planes: readonly InputPlane[];
  readonly planeWeights: readonly number[];
  /** Codes of all planes, shifted and added, are less than so many times the highest code: 1 + sum of |planeWeights|. */
  readonly planeSpan: number;
  readonly maxDigit: number;
  readonly weightOffset: number;
  /** Of the rows 0, 2, .. and 1, 3, .. of an array. */
  readonly pedestals: readonly [even: number, odd: number];
  readonly maxLevel: number;
  readonly maxCode: number;
  readonly low: number;
  /** Of the input digits times levels that a conversion may see. */
  readonly leastSum: number;
  readonly mostSum: number;
  readonly levels: number;
  readonly steps: number;
  readonly fracBits: number;
  /** All sums of a column stay below it: 2^24, or 2^31 where several input bits a step need it. */
  readonly sumLimit: number;
  /** The codes hold every column sum of an ideal array, one step per level: the result is the integer product. */
  readonly lossless: boolean;
}

/** Checks a spec and works out what follows from it; throws a `TrexError` that names the largest value that fits. */
export function planMvm(spec: MvmSpec): MvmPlan {
  checkRanges(spec);
  const { rows, arrayRows, cellBits, inputBits, signedInput, adc } = spec;
  const encoding = weightEncoding(spec.encoding);
  const cellSlices = inOneRange(encoding.slices(spec.weightBits, cellBits), arrayRows);
  const weightSlices = spec.merge ? mergedSlices(cellSlices) : cellSlices;
  const maxLevel = highestLevel(spec);
  const maxCode = 2 ** adc.bits - 1;
  const blocks = Math.ceil(rows / arrayRows);
  const sliceWeights = weightSlices.map(({ weight }) => weight);
  const planes = inputPlanes(inputBits, signedInput, spec.inputBitsPerStep);
  const maxDigit = 2 ** largest(planes.map(({ bits }) => bits)) - 1;
  const fullRow = maxLevel * maxDigit;
  const fullScale = arrayRows * fullRow;
  const { levels, steps } = scale(spec, fullScale, maxCode, maxDigit);
  const { fracBits, sumLimit } = chooseFracBits(spec, maxDigit, (fullScale * steps) / levels, levels / steps);
  const weightOffset = encoding.offset(spec.weightBits);
  const planeWeights = planes.map(({ shift }) =>
    signedInput && shift === inputBits - 1 ? -(2 ** shift) : 2 ** shift,
  );
  const planeSpan = 1 + planeWeights.reduce((sum, weight) => sum + Math.abs(weight), 0);
  const { leastSum, mostSum } = sumRange(weightSlices, arrayRows, maxLevel, maxDigit);
  const low = adc.low ?? lowestStep(spec, fullScale, -leastSum / fullScale);
  const lossless = levels === steps && low <= leastSum && low + maxCode >= mostSum;
  const pedestalOf = (parity: 0 | 1): number =>
    weightSlices.reduce((left, { weight, reference }) => left - weight * reference[parity], weightOffset);
  // Slice sums are int32, and so is the result of a lossless matrix.
  const factor = lossless ? sliceWeights.reduce((sum, w) => sum + Math.abs(w), 0) : 1;
  const perBlock = maxCode * planeSpan * factor;
  if (perBlock * blocks >= INT32) {
    const fit = Math.floor((INT32 - 1) / perBlock) * arrayRows;
    throw refuse(`${rows} rows overflow 32-bit sums: the most that fit with these bits are ${fit}`);
  }
  return {
    spec,
    blocks,
    slices: weightSlices.length,
    cellsPerWeight: cellSlices.length,
    weightSlices,
    sliceWeights,
    planes,
    planeWeights,
    planeSpan,
    maxDigit,
    weightOffset,
    pedestals: [pedestalOf(0), pedestalOf(1)],
    maxLevel,
    maxCode,
    low,
    leastSum,
    mostSum,
    levels,
    steps,
    fracBits,
    sumLimit,
    lossless,
  };
}

/** Over an odd number of rows the references of all slices begin at the same level: turns would shift the sums of every other one by a level. */
const inOneRange = (slices: readonly WeightSlice[], arrayRows: number): readonly WeightSlice[] =>
  arrayRows % 2 === 0
    ? slices
    : slices.map(({ reference: [a, b], ...slice }) => ({
        ...slice,
        reference: [Math.min(a, b), Math.max(a, b)],
      }));

/** Of a cell, or of all the cells of one sign together. */
const highestLevel = ({ merge, encoding, weightBits, cellBits }: MvmSpec): number =>
  2 ** (merge ? weightEncoding(encoding).partBits(weightBits) : cellBits) - 1;

/** What the slices of each sign are together: cells that hold all their bits. */
function mergedSlices(slices: readonly WeightSlice[]): WeightSlice[] {
  const signs = [...new Set(slices.map(({ sign }) => sign))];
  return signs.map(sign => {
    const own = slices.filter(slice => slice.sign === sign);
    const reference = (parity: 0 | 1): number =>
      own.reduce((sum, slice) => sum + Math.abs(slice.weight) * slice.reference[parity], 0);
    return {
      shift: 0,
      sign,
      weight: Math.sign(own[0].weight),
      reference: [reference(0), reference(1)],
    };
  });
}

function checkRanges(spec: MvmSpec): void {
  const range = (name: string, value: number, low: number, high: number): void => {
    if (Number.isInteger(value) && value >= low && value <= high) return;
    throw refuse(`${name} is an integer from ${low} to ${high}, got ${value}`);
  };
  range('rows', spec.rows, 1, 2 ** 20);
  range('cols', spec.cols, 1, 2 ** 20);
  range('arrayRows', spec.arrayRows, 1, 4096);
  range('cellBits', spec.cellBits, 1, 8);
  range('weightBits', spec.weightBits, weightEncoding(spec.encoding).leastBits, 16);
  range('inputBits', spec.inputBits, 1, 8);
  range('inputBitsPerStep', spec.inputBitsPerStep ?? 1, 1, 8);
  range('adc.bits', spec.adc.bits, 1, MAX_ADC_BITS);
  const { referenceColumns } = weightEncoding(spec.encoding);
  const { inputBits, signedInput, inputBitsPerStep } = spec;
  const most = largest(inputPlanes(inputBits, signedInput, inputBitsPerStep).map(({ bits }) => bits));
  const fullScale = spec.arrayRows * highestLevel(spec) * (2 ** most - 1);
  range('adc.low', spec.adc.low ?? 0, referenceColumns > 0 ? -fullScale : 0, fullScale);
  if (spec.lineRows !== undefined) range('lineRows', spec.lineRows, spec.arrayRows, 4096);
  if (spec.arrayCols !== undefined) range('arrayCols', spec.arrayCols, 1, 2 ** 20);
  if (spec.arrayRows * spec.cols > EXACT_FLOAT32_LIMIT) {
    throw refuse(
      `${spec.cols} columns of ${spec.arrayRows} rows: at most ${EXACT_FLOAT32_LIMIT} cells share a stream`,
    );
  }
  const { activity = HALF_ACTIVE } = spec;
  if (!(activity >= 0 && activity <= 1)) throw refuse(`activity is a share from 0 to 1, got ${activity}`);
  if (![1, 16, 32].includes(spec.strip)) throw refuse(`strip is 1, 16 or 32, got ${spec.strip}`);
}

/** The sums of a column from the least to the largest; one less a reference column ends at what that leaves of its own range. */
function sumRange(
  slices: readonly WeightSlice[],
  arrayRows: number,
  maxLevel: number,
  maxDigit: number,
): { leastSum: number; mostSum: number } {
  const of = ([even, odd]: ReferenceLevels): number =>
    (Math.ceil(arrayRows / 2) * even + Math.floor(arrayRows / 2) * odd) * maxDigit;
  const taken = largest(slices.map(({ reference }) => of(reference)));
  // The levels of the two rows are what a slice holds, together.
  const left = largest(slices.map(({ reference: [even, odd] }) => of([odd, even])));
  return taken === 0 && left === 0
    ? { leastSum: 0, mostSum: arrayRows * maxLevel * maxDigit }
    : { leastSum: -taken, mostSum: left };
}

/** Code 0 where nothing else says so; `share`: of a full column that a reference column takes off. */
function lowestStep({ adc }: MvmSpec, fullScale: number, share: number): number {
  if (share === 0) return 0;
  if (adc.levelsPerLsb === 'lossless') return -Math.round(share * fullScale);
  return -Math.round(share * (2 ** adc.bits - 1));
}

/** Levels of one ADC step, as a ratio in lowest terms. */
function scale(
  spec: MvmSpec,
  fullScale: number,
  maxCode: number,
  maxDigit: number,
): { levels: number; steps: number } {
  const { levelsPerLsb, bits } = spec.adc;
  if (levelsPerLsb === 'lossless') {
    if (maxCode >= fullScale) return { levels: 1, steps: 1 };
    const needed = Math.ceil(log2(fullScale + 1));
    const inputs = maxDigit > 1 ? ` and inputs of ${log2(maxDigit + 1)} bits a step` : '';
    throw refuse(
      `a lossless ADC needs ${needed} bits for ${spec.arrayRows} rows of ${spec.merge ? `merged slices of ${spec.weightBits}-bit weights` : `${spec.cellBits}-bit cells`}${inputs}, got ${bits}`,
    );
  }
  const part = levelsPerLsb === 'full-scale' ? { ofFullScale: 1 } : levelsPerLsb;
  if ('ofFullScale' in part && !(part.ofFullScale > 0 && part.ofFullScale <= 2))
    throw refuse(`ofFullScale is a share of a full column above 0, at most 2, got ${part.ofFullScale}`);
  const ratio =
    'ofFullScale' in part
      ? { levels: Math.max(Math.round(fullScale * part.ofFullScale), maxCode), steps: maxCode }
      : part;
  const integers = [ratio.levels, ratio.steps].every(n => Number.isInteger(n) && n >= 1 && n <= MOST_LEVELS);
  if (!integers) throw refuse(`levelsPerLsb is a ratio of two integers from 1 to ${MOST_LEVELS}`);
  const divisor = gcd(ratio.levels, ratio.steps);
  const [levels, steps] = [ratio.levels / divisor, ratio.steps / divisor];
  if (maxCode * levels < steps)
    throw refuse(`a ${bits}-bit ADC of ${levels}/${steps} levels per step ends below one level`);
  if (levels > 2 * fullScale * steps) {
    throw refuse(
      `one ADC step of ${levels}/${steps} levels is more than twice a full column of ${fullScale} levels`,
    );
  }
  return { levels, steps };
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/**
 * `fullScale`: a full nominal column in ADC steps; `step`: an ADC step in levels. Levels of several input bits need more than
 * 24 bits where 24 would leave a cell level too few units.
 */
function chooseFracBits(
  { fracBits, arrayRows }: MvmSpec,
  maxDigit: number,
  fullScale: number,
  step: number,
): { fracBits: number; sumLimit: number } {
  const most = (limit: number, bits: number): number =>
    Math.min(bits, Math.floor(log2(limit / HEADROOM / fullScale)));
  const wanted = fracBits ?? Math.max(STEP_BITS, Math.ceil(log2(LEVEL_UNITS * step)));
  const short = most(EXACT_FLOAT32_LIMIT, MAX_FRAC_BITS);
  const long = maxDigit > 1 && wanted > short;
  const sumLimit = long ? EXACT_INT32_LIMIT : EXACT_FLOAT32_LIMIT;
  const fit = long ? most(sumLimit, MAX_LONG_FRAC_BITS) : short;
  if (fit < 1) {
    const rows = Math.floor((arrayRows * sumLimit) / HEADROOM / 2 / fullScale);
    throw refuse(
      `${arrayRows} rows overflow ${log2(sumLimit)}-bit column sums: the most that fit are ${rows}`,
    );
  }
  if (fracBits === undefined) return { fracBits: Math.min(fit, wanted), sumLimit };
  if (!Number.isInteger(fracBits) || fracBits < 1 || fracBits > fit) {
    throw refuse(
      `fracBits ${fracBits} overflows ${log2(sumLimit)}-bit column sums: the largest that fits is ${fit}, the least is 1`,
    );
  }
  return { fracBits, sumLimit };
}

const refuse = (message: string): TrexError => new TrexError(`matrix on crossbars: ${message}`);
