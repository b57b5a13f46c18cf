/** Texts for classifiers that know no order of words: a feature for each word at each place. */
import type { TrainData } from '../../src/train/data.ts';

/** [samples][places x vocabulary] of 0 and 1; padding is all 0. */
export function oneHot({ inputs, labels, lengths }: TrainData, vocabulary: number): TrainData {
  const places = inputs.length / labels.length;
  const features = new Float32Array(inputs.length * vocabulary);
  for (let i = 0; i < inputs.length; i++) {
    const length = lengths?.[Math.floor(i / places)] ?? places;
    if (i % places < length) features[i * vocabulary + inputs[i]] = 1;
  }
  return { inputs: features, labels };
}
