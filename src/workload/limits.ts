/** How large a network may be: what is built one by one has a bound far above any network that was ever trained. */
import type * as z from 'zod';

/** By the key of a model file, and what a message says of it. */
const MOST: Readonly<Record<string, readonly [number, string]>> = {
  encoders: [256, 'each is built, placed and simulated; large transformers have about 100'],
  dim: [2 ** 16, 'GPT-3 has 12288'],
  heads: [2 ** 12, 'each is a pair of matrices of its own'],
  mlpRatio: [64, 'networks have 1 to 8'],
  imageSize: [2 ** 14, 'pixels of a side'],
  inChannels: [2 ** 12, 'channels of an image'],
  classes: [2 ** 20, 'ImageNet-21k has 21843'],
  vocabulary: [2 ** 24, 'rows of an embedding; the largest vocabularies have about a million'],
  types: [2 ** 16, 'rows of an embedding'],
  positionOffset: [2 ** 10, 'rows of an embedding; OPT has 2'],
  maxTokens: [2 ** 20, 'rows of an embedding'],
  tokens: [2 ** 16, 'each is simulated'],
};

interface Sizes {
  readonly [key: string]: unknown;
}

/** A refinement of a model's schema: one issue for each size beyond its bound. */
export function checkSizes(model: Sizes, context: z.RefinementCtx): void {
  for (const [key, [most, why]] of Object.entries(MOST)) {
    const value = model[key];
    if (typeof value !== 'number' || value <= most) continue;
    // Rows of layers have bounds of their own, at their place.
    if (key === 'tokens' && 'body' in model) continue;
    // Tokens of an image follow from its patches.
    const ofImage = key === 'tokens' && 'patchSize' in model;
    const message = `${value}${ofImage ? ' tokens' : ''} are more than ${most}: ${why}`;
    context.addIssue({ code: 'custom', path: [ofImage ? 'patchSize' : key], message });
  }
}
