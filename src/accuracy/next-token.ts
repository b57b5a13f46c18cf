/** The token that follows: the likeliest, or one drawn from the likeliest ones (Holtzman et al., arXiv 1904.09751, section 3). */
import type { RandomStream } from '../base/random.ts';

/** How a token is drawn. */
export interface Sampling {
  /** Logits are divided by it; 0: the likeliest token is taken. */
  readonly temperature: number;
  /** Only so many of the likeliest tokens are drawn from; absent: all. */
  readonly topK?: number | undefined;
}

/** Of equal logits the first counts as larger. */
export function nextToken(
  logits: Float32Array,
  { temperature, topK }: Sampling,
  random: RandomStream,
): number {
  const order = Array.from(logits.keys());
  if (temperature === 0) return order.reduce((best, id) => (logits[id] > logits[best] ? id : best), 0);
  const ids =
    topK === undefined ? order : order.sort((a, b) => logits[b] - logits[a] || a - b).slice(0, topK);
  const largest = ids.reduce((most, id) => Math.max(most, logits[id]), Number.NEGATIVE_INFINITY);
  const weights = ids.map(id => Math.exp((logits[id] - largest) / temperature));
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return ids[i];
  }
  return ids[ids.length - 1];
}
