/** Write variation: what a cell holds after programming, around its target. */
import { usageError } from '../../base/errors.ts';
import { type DeviceFit, deviceFit } from './device-fits.ts';

/**
 * `multiplicative`: G' = G (1 + sigma N), the simple form (TReX: sigma 20 %).
 * `clipformer`: G' = G + gamma sqrt((G - G_min)(G_max - G_min)) sigma N (ClipFormer; gamma sigma = 0.2 for TReX).
 * `device`: G' = G + sigma(G) N with a measured fit, levels spread evenly over `range_uS`.
 * `polynomial`: the same with sigma(G) = max(0, sum over i of c_i (G / full)^i), which holds from 0 to `full` (aihwkit
 * gives its fits so).
 */
export type WriteVariation =
  | { readonly kind: 'multiplicative'; readonly sigma: number }
  | { readonly kind: 'clipformer'; readonly gamma: number; readonly sigma: number }
  | { readonly kind: 'device'; readonly device: string; readonly range_uS: readonly [number, number] }
  | {
      readonly kind: 'polynomial';
      readonly coefficients_uS: readonly number[];
      readonly full_uS: number;
      readonly range_uS: readonly [number, number];
    };

/** Standard deviation of a cell at each level 0..maxLevel, in levels; `minLevels` is the conductance of level 0 in levels. */
export function writeSigma(write: WriteVariation, maxLevel: number, minLevels: number): number[] {
  const levels = Array.from({ length: maxLevel + 1 }, (_, level) => level);
  if (write.kind === 'multiplicative') return levels.map(level => write.sigma * (level + minLevels));
  if (write.kind === 'clipformer') {
    return levels.map(level => write.gamma * write.sigma * Math.sqrt(level * maxLevel));
  }
  const { name, range_uS: valid, sigma_uS } = fitOf(write);
  const [low, high] = write.range_uS;
  if (!(low >= valid[0] && high > low && high <= valid[1])) {
    const got = [low, high].map(g => Number(g.toPrecision(4))).join(' to ');
    throw usageError(`${name} holds from ${valid[0]} to ${valid[1]} uS, got levels from ${got} uS`);
  }
  const step = (high - low) / maxLevel;
  return levels.map(level => sigma_uS(low + level * step) / step);
}

type Fitted = Extract<WriteVariation, { readonly range_uS: unknown }>;

function fitOf(write: Fitted): Omit<DeviceFit, 'source'> & { readonly name: string } {
  if (write.kind === 'device') return { name: `the fit ${write.device}`, ...deviceFit(write.device) };
  const { coefficients_uS, full_uS } = write;
  return {
    name: "write variation's polynomial",
    range_uS: [0, full_uS],
    sigma_uS: g =>
      Math.max(
        0,
        coefficients_uS.reduceRight((sum, c) => (sum * g) / full_uS + c, 0),
      ),
  };
}
