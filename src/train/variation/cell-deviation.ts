/** The variation of a weight's cells as one normal number: its standard deviation, in integer steps of the weight, for every integer that a weight can be. */
import { usageError } from '../../base/errors.ts';
import type { CrossbarDevice } from '../../numerics/execute/crossbar-device.ts';
import { referenceLevels } from '../../numerics/mvm/arrays.ts';
import { cellLevels } from '../../numerics/mvm/levels.ts';
import { planMvm } from '../../numerics/mvm/spec.ts';
import {
  type Effect,
  type EffectKind,
  type EffectKinds,
  lowLevels,
  type TermEffect,
} from '../../tech/noise-effects.ts';
import { noiseEffects } from '../../tech/noise-model.ts';
import type { ReferenceLevels } from '../../tech/weight-encoding.ts';

/** A cell at one level, in levels: its mean, and the variance around it so far. */
interface Cell {
  readonly level: number;
  readonly maxLevel: number;
  readonly mean: number;
  readonly variance: number;
}

/** No normal number per weight stands for it. */
const REFUSED = 'refused';

/** What an effect adds to the variance of a cell. What acts in reads and converters is measured: see `column-error.ts`. */
const ADDED: {
  readonly [K in EffectKind]:
    | ((effect: EffectKinds[K], cell: Cell) => number | typeof REFUSED)
    | typeof REFUSED;
} = {
  // A constant under every level; the variation of its reference cells is added below.
  offConductance: () => 0,
  // A weight whose cells miss their levels in the mean is another weight.
  levelShift: REFUSED,
  levelSpread: ({ sigma }, { level }) => sigma[level] ** 2,
  cellSpread: ({ ofRange, ofCell }, { maxLevel, mean, variance }) =>
    (ofRange * maxLevel) ** 2 + ofCell ** 2 * (mean ** 2 + variance),
  stuckAt: REFUSED,
  partialLoss: REFUSED,
  factor: ({ variance: ofFactor }, { mean, variance }) =>
    ofFactor === undefined ? REFUSED : ofFactor * (mean ** 2 + variance),
  wholeArray: REFUSED,
  mergeSpread: REFUSED,
  mergeNoise: REFUSED,
  readSpread: () => 0,
  converterSpread: () => 0,
  bow: () => 0,
};

/**
 * Deviations for the integers -high to high, high = 2^(weightBits - 1) - 1. A weight is the sum over its slices s of
 * 2^(c s) G_s less a constant, and cells vary independently: sigma^2 = sum of 4^(c s) sigma_G(level_s)^2, with
 * sigma_G^2 = sigma_write^2 + sigma_read^2 (G^2 + sigma_write^2) for multiplicative read variation per device. Variation that is
 * drawn in every read belongs to the sums, not to the cells.
 * @throws TrexError (usage) for a noise term that training does not model.
 */
export function cellDeviations(device: CrossbarDevice, weightBits: number): Float64Array {
  const { noise, arrayRows, cellBits, encoding, adc } = device;
  if ((device.inputBitsPerStep ?? 1) > 1)
    throw usageError(
      `training does not model inputs of ${device.inputBitsPerStep} bits a step: --set tech.inputBitsPerStep=1, and measure it afterwards`,
    );
  if (device.merge)
    throw usageError(
      'training does not model slices that are merged before the ADC, nor their noise term merge: leave it out, and measure it afterwards',
    );
  const high = 2 ** (weightBits - 1) - 1;
  const codes = Array.from({ length: 2 * high + 1 }, (_, i) => i - high);
  const plan = planMvm({
    arrayRows,
    cellBits,
    encoding,
    adc,
    weightBits,
    rows: 1,
    cols: codes.length,
    inputBits: 1,
    signedInput: false,
    strip: 1,
  });
  const levels = cellLevels(codes, plan);
  const effects = noiseEffects(noise, plan.maxLevel);
  const low = lowLevels(effects);
  const ofLevel = Array.from({ length: plan.maxLevel + 1 }, (_, level) =>
    cellVariance(effects, level, plan.maxLevel, level + low),
  );
  // A reference cell adds its own: in the mean over its rows.
  const references = referenceLevels(plan, effects);
  const ofReference = ([even, odd]: ReferenceLevels): number => (ofLevel[even] + ofLevel[odd]) / 2;
  return Float64Array.from(codes, (_, i) => {
    let variance = 0;
    for (const [slice, weight] of plan.sliceWeights.entries())
      variance +=
        weight ** 2 *
        (ofLevel[levels[slice * arrayRows * codes.length + i]] +
          (references === undefined ? 0 : ofReference(references[slice])));
    return Math.sqrt(variance);
  });
}

function cellVariance(effects: readonly TermEffect[], level: number, maxLevel: number, mean: number): number {
  let variance = 0;
  for (const effect of effects) variance += addedVariance(effect, { level, maxLevel, mean, variance });
  return variance;
}

function addedVariance<K extends EffectKind>(
  effect: Effect<K> & { readonly term: string },
  cell: Cell,
): number {
  const kind: (typeof ADDED)[K] = ADDED[effect.kind];
  const added = kind === REFUSED ? REFUSED : kind(effect, cell);
  if (added === REFUSED)
    throw usageError(
      `training does not model the noise term ${effect.term}: leave it out, and measure it afterwards`,
    );
  return added;
}
