/** Programming one cell in fixed point: level -> write variation -> stuck -> drift -> frozen read variation. */
import { hashCounter, type StreamKey, subKey } from '../../base/random.ts';
import { driftFactor } from './drift.ts';
import { drawZ, MAX_MANTISSA, mantissa, type SigmaScale, scaled, sigmaScale } from './gaussian.ts';
import type { NoiseModel } from './model.ts';
import { largestEntry, Z_BITS, Z_TABLE } from './normal-table.ts';
import { numberedKey } from './numbered-key.ts';
import { minLevels } from './on-off.ts';
import { checkReadVariation } from './read-variation.ts';
import { stuckBounds } from './stuck.ts';
import { writeSigma } from './write-variation.ts';

/** Largest |z| in standard deviations. */
const MAX_Z = 5.2;

/** A noise model worked out for the levels of one kind of cell, in units of conductance. */
export interface CellProgram {
  /** Conductance of each level. */
  readonly levelUnits: Int32Array;
  readonly write?: { readonly mantissas: Int32Array; readonly scale: SigmaScale };
  readonly stuck?: { readonly off: number; readonly on: number };
  readonly drift?: (z: number) => number;
  readonly read?: FrozenRead;
}

/** mantissa of a cell = base + floor(floor(g / 2^preShift) * factor / 2^factorShift); or a lognormal factor. */
export type FrozenRead =
  | {
      readonly kind: 'normal';
      readonly base: number;
      readonly preShift: number;
      readonly factor: number;
      readonly factorShift: number;
      readonly scale: SigmaScale;
    }
  | { readonly kind: 'lognormal'; readonly sigma: number };

/** The streams of one array: each stage draws from its own. */
export interface CellKeys {
  readonly write: StreamKey;
  readonly stuck: StreamKey;
  readonly drift: StreamKey;
  readonly read: StreamKey;
}

/** The stages of one matrix, or of another purpose that has a name. */
export const cellKeys = (key: StreamKey, ...ids: (string | number)[]): CellKeys =>
  whenUsed(stage => subKey(key, stage, ...ids));

/** Those of one of its arrays. */
export const arrayCellKeys = (stages: CellKeys, array: number): CellKeys =>
  whenUsed(stage => numberedKey(stages[stage], array));

/** Made when they are first used: a stream takes time. */
function whenUsed(make: (stage: keyof CellKeys) => StreamKey): CellKeys {
  const made: { -readonly [stage in keyof CellKeys]?: StreamKey } = {};
  const get = (stage: keyof CellKeys): StreamKey => (made[stage] ??= make(stage));
  return {
    get write() {
      return get('write');
    },
    get stuck() {
      return get('stuck');
    },
    get drift() {
      return get('drift');
    },
    get read() {
      return get('read');
    },
  };
}

/** `levelStep`: units of one level. */
export function cellProgram(noise: NoiseModel, maxLevel: number, levelStep: number): CellProgram {
  const low = minLevels(noise.onOff, maxLevel);
  const levelUnits = Int32Array.from({ length: maxLevel + 1 }, (_, level) =>
    Math.round((level + low) * levelStep),
  );
  const { write, stuck, drift, read } = noise;
  if (read !== undefined) checkReadVariation(read);
  const sigmas = write === undefined ? [0] : writeSigma(write, maxLevel, low).map(s => s * levelStep);
  const largest = Math.max(...sigmas);
  const scale = sigmaScale(largest);
  const bound = levelUnits[maxLevel] + Math.ceil(MAX_Z * largest) + 1;
  return {
    levelUnits,
    ...(write && { write: { mantissas: Int32Array.from(sigmas, s => mantissa(s, scale)), scale } }),
    ...(stuck && { stuck: stuckBounds(stuck) }),
    ...(drift && { drift: driftFactor(drift) }),
    ...(read?.when === 'device' && {
      read:
        read.distribution === 'lognormal'
          ? { kind: 'lognormal' as const, sigma: read.sigma }
          : frozenRead(read.kind, read.sigma, bound, maxLevel * levelStep),
    }),
  };
}

function frozenRead(
  kind: 'multiplicative' | 'additive',
  sigma: number,
  bound: number,
  range: number,
): FrozenRead {
  if (kind === 'additive') {
    const scale = sigmaScale(sigma * range);
    const base = mantissa(sigma * range, scale);
    return { kind: 'normal', base, preShift: 0, factor: 0, factorShift: 0, scale };
  }
  const scale = sigmaScale(sigma * bound);
  const preShift = Math.max(0, Math.ceil(Math.log2(bound + 1)) - 13);
  const perUnit = sigma * 2 ** (scale.exponent + preShift);
  const finest = Math.floor(Math.log2(2047 / Math.max(perUnit, 2 ** -12)));
  const factorShift = Math.max(0, Math.min(23, finest));
  const factor = Math.round(perUnit * 2 ** factorShift);
  return { kind: 'normal', base: 0, preShift, factor, factorShift, scale };
}

/** Conductance of one cell in units, never negative; `counter` numbers the cells of an array. */
export function programCell(program: CellProgram, level: number, keys: CellKeys, counter: number): number {
  const { levelUnits, write, stuck, drift, read } = program;
  let g = levelUnits[level];
  // Without a spread nothing is added, so nothing need be drawn.
  if (write && write.mantissas[level] > 0)
    g = Math.max(0, g + scaled(write.mantissas[level], drawZ(keys.write, counter), write.scale));
  if (stuck) {
    const u = hashCounter(keys.stuck, counter);
    if (u < stuck.off) g = levelUnits[0];
    else if (u < stuck.on) g = levelUnits[levelUnits.length - 1];
  }
  if (drift) g = Math.round(g * drift(drawZ(keys.drift, counter) / 2 ** Z_BITS));
  if (read === undefined) return g;
  const z = drawZ(keys.read, counter);
  if (read.kind === 'lognormal') return Math.round(g * lognormal(read.sigma, z));
  return Math.max(0, g + scaled(frozenMantissa(read, g), z, read.scale));
}

/** No cell programmed with write, stuck and normal read variation is larger, in units. */
export function largestCell({ levelUnits, write, read }: CellProgram): number {
  const z = 2 * largestEntry(Z_TABLE);
  let largest = 0;
  for (const [level, units] of levelUnits.entries())
    largest = Math.max(largest, units + (write ? scaled(write.mantissas[level], z, write.scale) : 0));
  return read?.kind === 'normal' ? largest + scaled(frozenMantissa(read, largest), z, read.scale) : largest;
}

const frozenMantissa = (read: FrozenRead & { kind: 'normal' }, g: number): number => {
  const share = ((g >> read.preShift) * read.factor) >> read.factorShift;
  return Math.min(MAX_MANTISSA, read.base + share);
};

/** A factor of mean 1. */
const lognormal = (sigma: number, z: number): number =>
  Math.exp((sigma * z) / 2 ** Z_BITS - (sigma * sigma) / 2);
