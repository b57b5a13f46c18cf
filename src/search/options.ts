/** The options of a search whose network, chips and data are files, and what they mean together. */

import { deviceOptions } from '../accuracy/device-options.ts';
import { usageError } from '../base/errors.ts';
import { wholeNumber } from '../base/whole-number.ts';
import { type CrossbarOptions, checkTraining } from '../optimize/options.ts';
import type { ModelConfig } from '../workload/model.ts';
import { unprunable } from './keep.ts';

/** Steps small enough for a tolerable loss; they multiply from encoder to encoder. EViT's networks keep 0.9 to 0.5. */
export const KEEP_RATIOS = [1, 0.9, 0.7];

export interface SearchFileOptions extends CrossbarOptions {
  /** Names of the package, or paths of YAML files. */
  readonly model: string;
  readonly arch: string;
  /** `path=value` on top of the files. */
  readonly set: readonly string[];
  /** Technologies by their circuits, "fefet-32nm,sram-32nm". */
  readonly tech: string;
  /** Of the network without reuse. */
  readonly weights: string;
  /** Labelled inputs with a training and a test part. */
  readonly data: string;
  readonly vocabulary?: string | undefined;
  /** "5..8" or "5,6". */
  readonly adcBits: string;
  /** "1,0.9,0.7"; absent: that, or 1 where no token can go. */
  readonly keep?: string | undefined;
  readonly population: number;
  readonly generations: number;
  /** Partial trainings, and the share of the data and the epochs of each. */
  readonly samples: number;
  readonly fraction: number;
  readonly partialEpochs: number;
  readonly batch: number;
  readonly rate: number;
  /** Inputs that noise and CKA are measured on, and those of pruned tokens. */
  readonly images: number;
  readonly keepImages: number;
  readonly seed: number;
  /** Folder of what has been measured, and of the results. */
  readonly out?: string | undefined;
  /** Forget what is in `out`. */
  readonly force: boolean;
}

/** For `searchFiles({ ...searchDefaults, model: 'glyph-vit', weights: 'best/base.safetensors', data: 'glyphs' })`. */
export const searchDefaults = {
  arch: 'trex',
  set: [] as string[],
  tech: 'fefet-32nm,sram-32nm',
  adcBits: '5..8',
  adcRange: 'layer',
  population: 40,
  generations: 20,
  samples: 24,
  fraction: 0.2,
  partialEpochs: 2,
  batch: 32,
  rate: 1e-3,
  images: 32,
  keepImages: 128,
  seed: 1,
  force: false,
} as const satisfies Partial<SearchFileOptions>;

/** @throws TrexError (usage) for numbers out of range. */
export function checkSearchOptions(options: SearchFileOptions): void {
  checkTraining(options);
  wholeNumber('population', options.population, 4, 10_000);
  wholeNumber('generations', options.generations, 1, 10_000);
  wholeNumber('samples', options.samples, 2, 1000);
  wholeNumber('partial-epochs', options.partialEpochs, 1, 10_000);
  wholeNumber('images', options.images, 1);
  wholeNumber('keep-images', options.keepImages, 1);
  deviceOptions(options);
}

/** "5..8" or "5,6". @throws TrexError (usage) */
export function parseAdcBits(text: string): number[] {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  const list =
    from === undefined
      ? text.split(',').map(Number)
      : Array.from({ length: Math.max(0, Number(to) - Number(from) + 1) }, (_, i) => Number(from) + i);
  if (list.length === 0 || list.some(bits => !Number.isInteger(bits) || bits < 1 || bits > 12))
    throw usageError(`--adc-bits ${text}: expected bits from 1 to 12 such as 5..8 or 5,6`);
  return list;
}

/** Falling, from 1. @throws TrexError (usage) for shares that are none, and for a network whose tokens cannot go. */
export function parseKeep(text: string | undefined, model: ModelConfig): readonly number[] {
  const why = unprunable(model);
  if (text === undefined) return why === undefined ? KEEP_RATIOS : [1];
  const shares = [...new Set(text.split(',').map(Number))].sort((a, b) => b - a);
  if (shares.some(share => !(share > 0 && share <= 1)) || shares[0] !== 1)
    throw usageError(`--keep ${text}: expected shares above 0, among them 1, such as 1,0.9,0.7`);
  if (shares.length > 1 && why !== undefined)
    throw usageError(`--keep ${text}: no token of ${model.name} can go: ${why}; say --keep 1`);
  return shares;
}
