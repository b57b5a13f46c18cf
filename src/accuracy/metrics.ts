/** What classifiers are judged by: top-1 and top-5 accuracy, cross-entropy, and Matthews' correlation for two classes. */
import { TrexError } from '../base/errors.ts';
import type { Scores } from '../report/accuracy-result.ts';

const TOP = 5;

/** Sums over some inputs; they add up. */
export interface Tally {
  readonly images: number;
  readonly top1: number;
  readonly top5: number;
  /** Sum of cross-entropies, nats. */
  readonly loss: number;
  /** Of two classes: inputs by [label][prediction], flat; else empty. */
  readonly confusion: readonly number[];
}

export const emptyTally = (classes: number): Tally => ({
  images: 0,
  top1: 0,
  top5: 0,
  loss: 0,
  confusion: classes === 2 ? [0, 0, 0, 0] : [],
});

/** One more input. Of equal logits the first counts as larger. @throws TrexError for a logit that is no number. */
export function addToTally(tally: Tally, logits: Float32Array, label: number, name: string): Tally {
  const bad = logits.findIndex(value => !Number.isFinite(value));
  if (bad >= 0) throw new TrexError(`${name}: output ${bad} of the network is ${logits[bad]}`);
  const rank = rankOf(logits, label);
  const confusion = [...tally.confusion];
  if (confusion.length > 0) confusion[2 * label + (rank === 0 ? label : 1 - label)]++;
  return {
    images: tally.images + 1,
    top1: tally.top1 + (rank === 0 ? 1 : 0),
    top5: tally.top5 + (rank < TOP ? 1 : 0),
    loss: tally.loss + crossEntropy(logits, label),
    confusion,
  };
}

export const mergeTallies = (a: Tally, b: Tally): Tally => ({
  images: a.images + b.images,
  top1: a.top1 + b.top1,
  top5: a.top5 + b.top5,
  loss: a.loss + b.loss,
  confusion: a.confusion.map((count, i) => count + b.confusion[i]),
});

/** Shares of the inputs; no top-5 of five classes or fewer, no correlation but for two. */
export function scoresOf({ images, top1, top5, loss, confusion }: Tally, classes: number): Scores {
  return {
    top1: top1 / images,
    top5: classes > TOP ? top5 / images : null,
    loss: loss / images,
    matthews: confusion.length > 0 ? matthews(confusion) : null,
  };
}

/** How many classes come before the label's. */
function rankOf(logits: Float32Array, label: number): number {
  let rank = 0;
  for (let i = 0; i < logits.length; i++)
    if (logits[i] > logits[label] || (logits[i] === logits[label] && i < label)) rank++;
  return rank;
}

/** -log softmax(logits)[label]. */
function crossEntropy(logits: Float32Array, label: number): number {
  const max = logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - max);
  return Math.log(sum) + max - logits[label];
}

/** (TP TN - FP FN) / sqrt((TP + FP)(TP + FN)(TN + FP)(TN + FN)); 0 where a row or a column is empty (Matthews 1975; GLUE's CoLA). */
function matthews([tn, fp, fn, tp]: readonly number[]): number {
  const product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
  return product === 0 ? 0 : (tp * tn - fp * fn) / Math.sqrt(product);
}
