/** Read variation: a cell's conductance differs from what was programmed, once per device or anew in every read. */
import * as z from 'zod';
import { usageError } from '../../base/errors.ts';
import { block, quantity } from '../../base/fields.ts';
import { expm1 } from '../../base/math.ts';
import { measuredOn } from '../circuit/measured-on.ts';
import type { Effect } from '../noise-effects.ts';
import { noiseTerm } from '../noise-term.ts';

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
function checkReadVariation(read: ReadVariation): void {
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

/** A factor of mean 1: exp(sigma N - sigma^2 / 2), of variance exp(sigma^2) - 1. */
const lognormal = (sigma: number): Effect => ({
  kind: 'factor',
  factor: n => Math.exp(sigma * n - (sigma * sigma) / 2),
  variance: expm1(sigma ** 2),
});

export const term = noiseTerm({
  name: 'read',
  place: 60,
  of: 'cells',
  schema: block({
    form: z.enum(['multiplicative', 'additive', 'lognormal']).default('multiplicative').meta({
      description:
        "G' = G (1 + sigma N), G' = G + sigma (Gmax - Gmin) N, or a factor whose logarithm is normal",
    }),
    sigma: quantity('%', { max: 0.99 }),
    drawn: z.enum(['device', 'read']).default('device').meta({
      description: 'once per cell and chip, or anew in every read',
    }),
    measuredOn,
  }),
  numbers: {
    sigmaRead: {
      option: 'sigmaRead',
      label: 'Read variation sigma',
      min: 0,
      max: 0.99,
      own: file => file?.sigma ?? 0,
    },
  },
  /** Drawn once per cell and chip (TReX's weights in one forward pass), or in every read. */
  choices: { readNoise: ['device', 'read'] },
  params: ({ file, options }): ReadVariation | undefined => {
    const sigma = options.sigmaRead ?? file?.sigma ?? 0;
    if (sigma === 0) return undefined;
    const when = options.readNoise ?? file?.drawn ?? 'device';
    const form = file?.form ?? 'multiplicative';
    if (form === 'lognormal') return { kind: 'multiplicative', sigma, when, distribution: form };
    return { kind: form, sigma, when };
  },
  measured: file => ({ device: file.measuredOn }),
  effects: (read: ReadVariation): Effect[] => {
    checkReadVariation(read);
    const { kind, sigma, when, distribution } = read;
    if (distribution === 'lognormal') return [lognormal(sigma)];
    const [ofRange, ofCell] = kind === 'additive' ? [sigma, 0] : [0, sigma];
    if (when === 'device') return [{ kind: 'cellSpread', ofRange, ofCell }];
    return sigma > 0 ? [{ kind: 'readSpread', ofRange, ofCell, ofCodes: 0 }] : [];
  },
});
