/** Write variation: what a cell holds after programming, around its target. */
import { usageError } from '../../errors.ts';
import { deviceFit } from './device-fits.ts';

/**
 * `multiplicative`: G' = G (1 + sigma N), the simple form (TReX: sigma 20 %).
 * `clipformer`: G' = G + gamma sqrt((G - G_min)(G_max - G_min)) sigma N (ClipFormer; gamma sigma = 0.2 for TReX).
 * `device`: G' = G + sigma(G) N with a measured fit, levels spread evenly over `range_uS`.
 */
export type WriteVariation =
  | { readonly kind: 'multiplicative'; readonly sigma: number }
  | { readonly kind: 'clipformer'; readonly gamma: number; readonly sigma: number }
  | { readonly kind: 'device'; readonly device: string; readonly range_uS: readonly [number, number] };

/** Standard deviation of a cell at each level 0..maxLevel, in levels; `minLevels` is the conductance of level 0 in levels. */
export function writeSigma(write: WriteVariation, maxLevel: number, minLevels: number): number[] {
  const levels = Array.from({ length: maxLevel + 1 }, (_, level) => level);
  if (write.kind === 'multiplicative') return levels.map(level => write.sigma * (level + minLevels));
  if (write.kind === 'clipformer') {
    return levels.map(level => write.gamma * write.sigma * Math.sqrt(level * maxLevel));
  }
  const { range_uS: valid, sigma_uS } = deviceFit(write.device);
  const [low, high] = write.range_uS;
  if (!(low >= valid[0] && high > low && high <= valid[1])) {
    throw usageError(
      `the fit ${write.device} holds from ${valid[0]} to ${valid[1]} uS, got levels from ${low} to ${high} uS`,
    );
  }
  const step = (high - low) / maxLevel;
  return levels.map(level => sigma_uS(low + level * step) / step);
}
