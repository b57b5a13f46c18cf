/** Linear classifiers for tests: least squares and logistic regression, plain loops. */

export interface Labelled {
  /** [items, features], row-major. */
  readonly x: Float64Array;
  readonly labels: ArrayLike<number>;
  readonly features: number;
}

/** Weights [features + 1, classes]; the last row is the bias. */
type Weights = Float64Array;

/** Features with the mean and the spread of the training set taken out; one that is constant becomes 0. */
export function standardized(train: Labelled, test: Labelled): [Labelled, Labelled] {
  const { features, labels } = train;
  const items = labels.length;
  const mean = new Float64Array(features);
  const spread = new Float64Array(features);
  for (let i = 0; i < train.x.length; i++) mean[i % features] += train.x[i] / items;
  for (let i = 0; i < train.x.length; i++)
    spread[i % features] += (train.x[i] - mean[i % features]) ** 2 / items;
  const scaled = (set: Labelled): Labelled => ({
    ...set,
    x: set.x.map((value, i) => {
      const sigma = Math.sqrt(spread[i % features]);
      return sigma < 1e-9 ? 0 : (value - mean[i % features]) / sigma;
    }),
  });
  return [scaled(train), scaled(test)];
}

/** Ridge regression to one-hot labels, by Cholesky decomposition of the normal equations. */
export function leastSquares({ x, labels, features }: Labelled, classes: number, ridge: number): Weights {
  const n = features + 1;
  const gram = new Float64Array(n * n);
  const right = new Float64Array(n * classes);
  const row = new Float64Array(n).fill(1);
  for (let item = 0; item < labels.length; item++) {
    row.set(x.subarray(item * features, (item + 1) * features));
    for (let i = 0; i < n; i++) {
      right[i * classes + labels[item]] += row[i];
      for (let j = 0; j <= i; j++) gram[i * n + j] += row[i] * row[j];
    }
  }
  for (let i = 0; i < n; i++) gram[i * n + i] += ridge;
  return solve(gram, right, n, classes);
}

/** Softmax regression by full-batch gradient steps with Nesterov's momentum. */
export function logistic({ x, labels, features }: Labelled, classes: number, steps: number): Weights {
  const n = features + 1;
  const items = labels.length;
  const weights = new Float64Array(n * classes);
  const ahead = new Float64Array(n * classes);
  const rate = (4 * classes) / (features + 1);
  for (let step = 0; step < steps; step++) {
    const gradient = new Float64Array(n * classes);
    for (let item = 0; item < items; item++) {
      const scores = scoresOf(ahead, x, item, features, classes);
      const most = Math.max(...scores);
      const powers = scores.map(s => Math.exp(s - most));
      const sum = powers.reduce((a, b) => a + b, 0);
      for (let c = 0; c < classes; c++) {
        const error = (powers[c] / sum - (labels[item] === c ? 1 : 0)) / items;
        for (let f = 0; f < features; f++) gradient[f * classes + c] += error * x[item * features + f];
        gradient[features * classes + c] += error;
      }
    }
    for (let i = 0; i < weights.length; i++) {
      const next = ahead[i] - rate * gradient[i];
      ahead[i] = next + (step / (step + 3)) * (next - weights[i]);
      weights[i] = next;
    }
  }
  return weights;
}

/** The class of each item. */
export function predict(weights: Weights, { x, labels, features }: Labelled, classes: number): number[] {
  return Array.from({ length: labels.length }, (_, item) => {
    const scores = scoresOf(weights, x, item, features, classes);
    return scores.indexOf(Math.max(...scores));
  });
}

export const accuracyOf = (predicted: readonly number[], labels: ArrayLike<number>): number =>
  predicted.filter((label, i) => label === labels[i]).length / labels.length;

function scoresOf(
  weights: Weights,
  x: Float64Array,
  item: number,
  features: number,
  classes: number,
): number[] {
  const scores = Array.from(weights.subarray(features * classes, (features + 1) * classes));
  for (let f = 0; f < features; f++) {
    const value = x[item * features + f];
    if (value !== 0) for (let c = 0; c < classes; c++) scores[c] += value * weights[f * classes + c];
  }
  return scores;
}

/** A X = B for a symmetric positive A, of which the lower half is read and overwritten. */
function solve(a: Float64Array, b: Float64Array, n: number, columns: number): Float64Array {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j];
    }
  }
  const x = b.slice();
  for (let c = 0; c < columns; c++) {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) x[i * columns + c] -= a[i * n + k] * x[k * columns + c];
      x[i * columns + c] /= a[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) x[i * columns + c] -= a[k * n + i] * x[k * columns + c];
      x[i * columns + c] /= a[i * n + i];
    }
  }
  return x;
}
