/** The nearest neighbour: what a task asks beyond finding an input that looks alike. */
import type { TrainData } from '../../src/train/data.ts';

/** Share of the labels of `test` that the most similar input of `train` has; each input is centred and brought to length 1. */
export function nearestAccuracy(train: TrainData, test: TrainData): number {
  const features = train.inputs.length / train.labels.length;
  const [known, asked] = [normalised(train.inputs, features), normalised(test.inputs, features)];
  let right = 0;
  for (const [item, label] of test.labels.entries()) {
    const one = asked.subarray(item * features, (item + 1) * features);
    let [best, nearest] = [Number.NEGATIVE_INFINITY, 0];
    for (let other = 0; other < train.labels.length; other++) {
      const like = product(known, other * features, one);
      if (like > best) [best, nearest] = [like, other];
    }
    if (train.labels[nearest] === label) right++;
  }
  return right / test.labels.length;
}

function normalised(inputs: ArrayLike<number>, features: number): Float32Array {
  const values = Float32Array.from(inputs);
  for (let from = 0; from < values.length; from += features) {
    const one = values.subarray(from, from + features);
    const mean = one.reduce((sum, value) => sum + value, 0) / features;
    for (let i = 0; i < features; i++) one[i] -= mean;
    const length = Math.sqrt(product(one, 0, one)) || 1;
    for (let i = 0; i < features; i++) one[i] /= length;
  }
  return values;
}

function product(values: Float32Array, from: number, one: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += values[from + i] * one[i];
  return sum;
}
