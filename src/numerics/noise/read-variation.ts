/** Read variation: a cell's conductance differs from what was programmed, once per device or anew in every read. */
import { usageError } from '../../base/errors.ts';

/** Beyond this a multiplicative Gaussian would give negative conductances: clipped, hence not Gaussian on a column. */
const MAX_PER_READ = 0.25;

/**
 * `multiplicative`: G' = G (1 + sigma N) (Sun & Yu 2019; TReX: 10 %, ClipFormer 5 %).
 * `additive`: G' = G + sigma (G_max - G_min) N (NeuroSim's cycle-to-cycle, CrossSim's independent form).
 * `when`: `device` draws once per cell and stays; `read` draws anew in every conversion.
 */
export interface ReadVariation {
  readonly kind: 'multiplicative' | 'additive';
  readonly sigma: number;
  readonly when: 'device' | 'read';
  /** Only Gaussian noise may be drawn on the column sum; a lognormal is possible per device. */
  readonly distribution?: 'normal' | 'lognormal';
}

/** Refuses what the column sum's Gaussian does not represent exactly. */
export function checkReadVariation(read: ReadVariation): void {
  if (!(read.sigma >= 0 && read.sigma < 1))
    throw usageError(`read variation: sigma is from 0 to 1, got ${read.sigma}`);
  if (read.distribution === 'lognormal' && read.kind === 'additive') {
    throw usageError('read variation: an additive lognormal is not defined, choose multiplicative');
  }
  if (read.when === 'device') return;
  if (read.distribution === 'lognormal') {
    throw usageError('read variation: a lognormal per read has no exact column noise, use when: device');
  }
  if (read.kind === 'multiplicative' && read.sigma > MAX_PER_READ) {
    throw usageError(
      `read variation: sigma ${read.sigma} per read would clip at zero conductance, the largest is ${MAX_PER_READ}`,
    );
  }
}
