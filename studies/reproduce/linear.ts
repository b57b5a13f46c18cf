/** Softmax regression on pixels: what a task asks of a network beyond a linear classifier. */
import { cos } from '../../src/base/math.ts';
import { uniformStream } from '../../src/base/random.ts';
import { shuffled, type TrainData } from '../../src/train/data.ts';

const EPOCHS = 20;
const BATCH = 32;
const RATE = 0.05;
const MOMENTUM = 0.9;

/** Share of the labels of `test` that the classifier meets; inputs are standardised per feature. Deterministic by seed. */
export function linearAccuracy(train: TrainData, test: TrainData, classes: number, seed: number): number {
  const count = train.labels.length;
  const features = train.inputs.length / count;
  const scale = standardizer(train, features);
  const [x, held] = [scale(train), scale(test)];
  const weights = new Float64Array((features + 1) * classes);
  const velocity = new Float64Array(weights.length);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const order = shuffled(count, uniformStream(seed, 'reproduce/linear', epoch));
    const rate = (RATE * (1 + cos((Math.PI * epoch) / EPOCHS))) / 2 / BATCH;
    for (let from = 0; from < count; from += BATCH) {
      for (let i = 0; i < velocity.length; i++) velocity[i] *= MOMENTUM;
      for (const item of order.subarray(from, from + BATCH)) {
        const share = probabilities(weights, x, item, features, classes);
        share[train.labels[item]] -= 1;
        for (let f = 0; f <= features; f++) {
          const value = f === features ? 1 : x[item * features + f];
          for (let c = 0; c < classes; c++) velocity[f * classes + c] -= rate * value * share[c];
        }
      }
      for (let i = 0; i < weights.length; i++) weights[i] += velocity[i];
    }
  }
  let right = 0;
  for (const [item, label] of test.labels.entries()) {
    const share = probabilities(weights, held, item, features, classes);
    if (share.indexOf(Math.max(...share)) === label) right++;
  }
  return right / test.labels.length;
}

/** Takes the mean and the spread of the training set out of each feature. */
function standardizer({ inputs, labels }: TrainData, features: number): (data: TrainData) => Float64Array {
  const mean = new Float64Array(features);
  const square = new Float64Array(features);
  for (let i = 0; i < inputs.length; i++) {
    mean[i % features] += inputs[i] / labels.length;
    square[i % features] += inputs[i] ** 2 / labels.length;
  }
  const deviation = square.map((value, f) => Math.sqrt(Math.max(0, value - mean[f] ** 2)) || 1);
  return data =>
    Float64Array.from(data.inputs, (value, i) => (value - mean[i % features]) / deviation[i % features]);
}

function probabilities(
  weights: Float64Array,
  x: Float64Array,
  item: number,
  features: number,
  classes: number,
): number[] {
  const scores = Array.from(weights.subarray(features * classes));
  for (let f = 0; f < features; f++) {
    const value = x[item * features + f];
    for (let c = 0; c < classes; c++) scores[c] += value * weights[f * classes + c];
  }
  const most = Math.max(...scores);
  const powers = scores.map(score => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map(power => power / sum);
}
