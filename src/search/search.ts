/** The Pareto front over encoders that reuse attention, devices and token keep ratios of each encoder and ADC bits, with a loss that is predicted from a few partial trainings. */
import * as z from 'zod';
import type { ArchConfig } from '../arch/config.ts';
import type { ProgressHooks } from '../base/progress.ts';
import { keptMap, memoryStore, type ProgressStore } from '../optimize/store.ts';
import { type FreeResult, freeSearch } from './free-search.ts';
import { type LossModelOptions, lossModel, type PartialTraining, predictedLoss } from './loss-model.ts';
import { type PredictionQuality, predictionQuality } from './prediction-quality.ts';

/** Figures of a design, as they are kept. */
const figuresSchema = z.strictObject({ latency_s: z.number(), energy_J: z.number(), area_m2: z.number() });

/** A search: the chip, what a design may be made of, and what losses are learned from. */
export interface SearchOptions extends Omit<LossModelOptions, 'store'> {
  /** Its devices are those of the space. */
  readonly arch: ArchConfig;
  /** Designs of a generation of NSGA-II, and generations. */
  readonly population: number;
  readonly generations: number;
  /** What has been trained, measured and run; default: nothing, and nothing is kept. */
  readonly store?: ProgressStore | undefined;
}

/** What a search found, and what its losses were predicted from. */
export interface SearchResult extends FreeResult {
  /** Partial trainings that losses are predicted from, and what each was predicted as from the others. */
  readonly samples: readonly PartialTraining[];
  readonly leftOut: readonly number[];
  readonly quality: PredictionQuality;
}

/**
 * Plain data. The same options give the same result, whether or not a store was cut off and resumed.
 * @throws TrexError if none of the partial trainings ends.
 */
export async function search(options: SearchOptions, hooks: ProgressHooks = {}): Promise<SearchResult> {
  const { model, arch, space, population, generations, seed, store = memoryStore() } = options;
  const losses = await lossModel({ ...options, store }, hooks);
  const prices = keptMap(store, 'prices', figuresSchema);
  const found = await freeSearch(
    {
      model,
      arch,
      space,
      population,
      generations,
      seed,
      startBits: space.adcBits[0],
      prices: prices.values,
      predictedLoss: predictedLoss(losses, space),
      onGeneration() {
        prices.save();
        losses.save();
      },
    },
    async (done, total) => {
      hooks.onProgress?.({ label: 'search', unit: 'designs', done, total });
      await hooks.pause?.();
    },
  );
  const { samples, leftOut } = losses;
  return { ...found, samples, leftOut, quality: predictionQuality(samples, leftOut) };
}
