/** Small tasks that a tiny network learns in seconds. */
import { gaussianStream, uniformStream } from '../../src/base/random.ts';
import type { TrainData } from '../../src/train/data.ts';
import { tinyBert, tinyVit } from '../numerics/execute/tiny.ts';

export const strokeVit = (fields: object = {}) =>
  tinyVit({ dim: 16, heads: 2, imageSize: 8, patchSize: 4, inChannels: 1, classes: 2, ...fields });

/** Noisy images of a horizontal (class 0) or vertical (class 1) stroke of four pixels at any place. */
export function strokes(samples: number, seed: number): TrainData {
  const [place, noise] = [uniformStream(seed, 'place'), gaussianStream(seed, 'noise')];
  const inputs = Float32Array.from({ length: samples * 64 }, () => 0.3 * noise());
  const labels = new Int32Array(samples);
  for (let i = 0; i < samples; i++) {
    labels[i] = i % 2;
    const [along, across] = [Math.floor(place() * 5), Math.floor(place() * 8)];
    for (let j = 0; j < 4; j++) {
      const [x, y] = labels[i] === 0 ? [along + j, across] : [across, along + j];
      inputs[i * 64 + y * 8 + x] += 2;
    }
  }
  return { inputs, labels };
}

export const wordBert = (fields: object = {}) =>
  tinyBert({ dim: 16, heads: 2, tokens: 8, pooler: 'run', classes: 2, vocabulary: 12, ...fields });

/** Texts of 3 to 8 words, padded with word 0: class 1 if words 5 and 7 both occur. */
export function texts(samples: number, seed: number): TrainData {
  const next = uniformStream(seed, 'words');
  const inputs = new Int32Array(samples * 8);
  const labels = new Int32Array(samples);
  const lengths = new Int32Array(samples);
  for (let i = 0; i < samples; i++) {
    lengths[i] = 3 + Math.floor(next() * 6);
    const words = inputs.subarray(i * 8, i * 8 + lengths[i]);
    for (let j = 0; j < words.length; j++) words[j] = 1 + Math.floor(next() * 11);
    // Half of them are made to hold both, at two places.
    if (next() < 0.5) {
      const at = Math.floor(next() * lengths[i]);
      words[at] = 5;
      words[(at + 1) % lengths[i]] = 7;
    }
    labels[i] = words.includes(5) && words.includes(7) ? 1 : 0;
  }
  return { inputs, labels, lengths };
}
