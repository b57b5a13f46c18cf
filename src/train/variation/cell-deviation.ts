/** The variation of a weight's cells as one normal number: its standard deviation, in integer steps of the weight, for every integer that a weight can be. */
import { usageError } from '../../base/errors.ts';
import type { CrossbarDevice } from '../../numerics/execute/crossbar-device.ts';
import { cellLevels } from '../../numerics/mvm/levels.ts';
import { planMvm } from '../../numerics/mvm/spec.ts';
import type { NoiseModel } from '../../numerics/noise/model.ts';
import { minLevels } from '../../numerics/noise/on-off.ts';
import type { ReadVariation } from '../../numerics/noise/read-variation.ts';
import { writeSigma } from '../../numerics/noise/write-variation.ts';

/** Terms that no normal number per weight stands for. */
const REFUSED = ['stuck', 'drift', 'irDrop'] as const satisfies readonly (keyof NoiseModel)[];

/**
 * Deviations for the integers -high to high, high = 2^(weightBits - 1) - 1. A weight is the sum over its slices s of
 * 2^(c s) G_s less a constant, and cells vary independently: sigma^2 = sum of 4^(c s) sigma_G(level_s)^2, with
 * sigma_G^2 = sigma_write^2 + sigma_read^2 (G^2 + sigma_write^2) for multiplicative read variation per device. Variation that is
 * drawn in every read belongs to the sums, not to the cells.
 * @throws TrexError (usage) for a noise term that training does not model.
 */
export function cellDeviations(device: CrossbarDevice, weightBits: number): Float64Array {
  const { noise, arrayRows, cellBits, encoding, adc } = device;
  for (const term of REFUSED)
    if (noise[term] !== undefined)
      throw usageError(
        `training does not model the noise term ${term}: leave it out, and measure it afterwards`,
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
  const ofLevel = levelVariances(noise, plan.maxLevel);
  return Float64Array.from(codes, (_, i) => {
    let variance = 0;
    for (const [slice, weight] of plan.sliceWeights.entries())
      variance += weight ** 2 * ofLevel[levels[slice * arrayRows * codes.length + i]];
    return Math.sqrt(variance);
  });
}

/** Variance of one cell at each level, in levels squared; a reference cell at level 0 adds its own read variation. */
function levelVariances(noise: NoiseModel, maxLevel: number): number[] {
  const low = minLevels(noise.onOff, maxLevel);
  const write = noise.write === undefined ? undefined : writeSigma(noise.write, maxLevel, low);
  const frozen = noise.read?.when === 'device' ? noise.read : undefined;
  const read = (level: number, writeVariance: number): number =>
    frozen === undefined ? 0 : readVariance(frozen, level + low, writeVariance, maxLevel);
  const reference = noise.onOff?.reference === 'column' ? (write?.[0] ?? 0) ** 2 : undefined;
  const ofReference = reference === undefined ? 0 : reference + read(0, reference);
  return Array.from({ length: maxLevel + 1 }, (_, level) => {
    const writeVariance = (write?.[level] ?? 0) ** 2;
    return writeVariance + read(level, writeVariance) + ofReference;
  });
}

function readVariance(
  { kind, sigma, distribution }: ReadVariation,
  conductance: number,
  writeVariance: number,
  maxLevel: number,
): number {
  if (kind === 'additive') return (sigma * maxLevel) ** 2;
  const share = distribution === 'lognormal' ? Math.expm1(sigma ** 2) : sigma ** 2;
  return share * (conductance ** 2 + writeVariance);
}
