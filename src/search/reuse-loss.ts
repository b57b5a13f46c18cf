/** The loss that attention reuse and pruned tokens will cost, predicted from CKA and a few partial trainings: ridge regression (Hoerl & Kennard 1970) on which encoders reuse, how unlike what they take over is to their own attention, and what pruning costs the network before any training for it. */
import { mean } from '../base/sum.ts';

/** On coefficients, against features of order one: small data decide little (assumed). */
const RIDGE = 0.05;

/** A partial training: its reuse encoders, and the loss (nats) that it ended with. */
export interface ReuseSample {
  /** Ascending, never 0. */
  readonly encoders: readonly number[];
  /** What its pruned tokens cost the network without reuse, untrained, nats; absent: it keeps all. */
  readonly keepLoss?: number | undefined;
  readonly loss: number;
}

/** `keepLoss` as of a sample; default 0. */
export type ReuseLoss = (reused: readonly number[], keepLoss?: number) => number;

/**
 * Sum over reuse encoders of 1 - CKA between their own attention output and the one that they take over, the last
 * earlier encoder's that keeps its own.
 */
export function mismatch(cka: readonly (readonly number[])[], reused: readonly number[]): number {
  let sum = 0;
  for (const e of reused) {
    let source = e - 1;
    while (reused.includes(source)) source--;
    sum += 1 - cka[e][source];
  }
  return sum;
}

/** Fits the samples; a prediction for any set of encoders and pruning. @throws RangeError for no samples. */
export function fitReuseLoss(
  cka: readonly (readonly number[])[],
  samples: readonly ReuseSample[],
): ReuseLoss {
  if (samples.length === 0) throw new RangeError('a fit needs a sample');
  // Nats that are small in all samples would decide nothing: in units of their own spread they are of order one.
  const spread = deviation(samples.map(({ keepLoss = 0 }) => keepLoss)) || 1;
  const { loss, ofPruning } = regression(cka, samples, keepLoss => keepLoss / spread);
  // A few samples may say that pruning helps; a search would make much of it.
  return ofPruning < 0 ? regression(cka, samples, () => 0).loss : loss;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map(value => (value - centre) ** 2)));
}

function regression(
  cka: readonly (readonly number[])[],
  samples: readonly ReuseSample[],
  pruning: (keepLoss: number) => number,
): { loss: ReuseLoss; ofPruning: number } {
  const meanLoss = mean(samples.map(s => s.loss));
  const features = (reused: readonly number[], keepLoss = 0): number[] => [
    mismatch(cka, reused),
    ...cka.slice(1).map((_, i) => (reused.includes(i + 1) ? 1 : 0)),
    pruning(keepLoss),
  ];
  const rows = samples.map(s => features(s.encoders, s.keepLoss));
  const centre = rows[0].map((_, j) => mean(rows.map(row => row[j])));
  const x = rows.map(row => row.map((value, j) => value - centre[j]));
  const n = centre.length;
  const gram = Array.from({ length: n }, (_, i) =>
    Array.from(
      { length: n },
      (__, j) => x.reduce((sum, row) => sum + row[i] * row[j], 0) + (i === j ? RIDGE * samples.length : 0),
    ),
  );
  const right = Array.from({ length: n }, (_, i) =>
    x.reduce((sum, row, k) => sum + row[i] * (samples[k].loss - meanLoss), 0),
  );
  const weights = solved(gram, right);
  return {
    loss: (reused, keepLoss) =>
      meanLoss +
      features(reused, keepLoss).reduce((sum, value, j) => sum + weights[j] * (value - centre[j]), 0),
    ofPruning: weights[n - 1],
  };
}

/** What each sample would have been given by a fit to the others. */
export const leaveOneOut = (cka: readonly (readonly number[])[], samples: readonly ReuseSample[]): number[] =>
  samples.map((sample, i) => fitReuseLoss(cka, samples.toSpliced(i, 1))(sample.encoders, sample.keepLoss));

/** A x = b for a symmetric positive A, by Gauss elimination without pivots. */
function solved(a: number[][], b: number[]): number[] {
  const m = a.map((row, i) => [...row, b[i]]);
  for (let i = 0; i < m.length; i++)
    for (let k = i + 1; k < m.length; k++) {
      const factor = m[k][i] / m[i][i];
      for (let j = i; j <= m.length; j++) m[k][j] -= factor * m[i][j];
    }
  const x = new Array<number>(m.length).fill(0);
  for (let i = m.length - 1; i >= 0; i--) {
    let value = m[i][m.length];
    for (let j = i + 1; j < m.length; j++) value -= m[i][j] * x[j];
    x[i] = value / m[i][i];
  }
  return x;
}
