/** How the cache of a decoder is kept on crossbars: bits of keys and of values, where they are clipped, which are pruned. */
import { usageError } from '../base/errors.ts';
import { wholeNumber } from '../base/whole-number.ts';
import type { CacheQuantisation } from '../numerics/quantize/quantisation.ts';
import type { ModelConfig } from '../workload/model.ts';

/** Absent: as K^T and V of other networks. */
export interface CacheOptions {
  /** Bits of a key, and of a value. */
  readonly cacheKeyBits?: number | undefined;
  readonly cacheValueBits?: number | undefined;
  /** Share of the largest magnitude of a key or value at which they are clipped. */
  readonly cacheClip?: number | undefined;
  /** Share of that below which they are written as zero. */
  readonly cachePrune?: number | undefined;
}

/** What quantisation takes of them; undefined: nothing is said. @throws TrexError (usage) for what is wrong whatever the network is. */
export function cacheQuantisation(options: CacheOptions): CacheQuantisation | undefined {
  const { cacheKeyBits: keyBits, cacheValueBits: valueBits, cacheClip: clip, cachePrune: prune } = options;
  if ([keyBits, valueBits, clip, prune].every(value => value === undefined)) return undefined;
  if (keyBits !== undefined) wholeNumber('cache-key-bits', keyBits, 2, 8);
  if (valueBits !== undefined) wholeNumber('cache-value-bits', valueBits, 2, 8);
  if (clip !== undefined && !(clip > 0 && clip <= 1))
    throw usageError(`--cache-clip ${clip}: expected a share of the largest magnitude, above 0 and up to 1`);
  if (prune !== undefined && !(prune >= 0 && prune < 1))
    throw usageError(
      `--cache-prune ${prune}: expected a share of where keys and values are clipped, from 0 to below 1`,
    );
  return { keyBits, valueBits, clip, prune };
}

/** @throws TrexError (usage) for a network without a cache. */
export function checkCache(model: ModelConfig, cache: CacheQuantisation | undefined): void {
  if (cache !== undefined && model.family !== 'decoder')
    throw usageError(
      `${model.name} is of family ${model.family}: only a decoder has a cache of keys and values`,
    );
}
