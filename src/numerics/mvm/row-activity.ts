/** How many rows of an array are driven together: what the IR drop of a column depends on where idle rows do not conduct. */
import { ofKind } from '../../tech/noise-effects.ts';
import { type NoiseModel, noiseEffects } from '../../tech/noise-model.ts';
import type { MvmInput } from './backend.ts';
import type { MvmSpec } from './spec.ts';

/**
 * While a row is driven, the share of the other rows of its array that are driven too: n (n - 1) over n (rows - 1), n rows
 * of a bit plane, each read weighed as its plane is in the result. So the losses of all reads together are right, whatever
 * the planes have: the lowest are as full as a coin toss, the highest nearly empty. Inputs [vectors][rows] of any number of
 * products; 0 where no row is ever driven.
 */
export function rowActivity(
  { rows, arrayRows, inputBits }: Pick<MvmSpec, 'rows' | 'arrayRows' | 'inputBits'>,
  ...inputs: readonly MvmInput[]
): number {
  let [together, all] = [0, 0];
  const driven = new Int32Array(inputBits);
  for (const x of inputs)
    for (let vector = 0; vector < x.length; vector += rows)
      for (let first = 0; first < rows; first += arrayRows) {
        const height = Math.min(arrayRows, rows - first);
        driven.fill(0);
        for (let at = vector + first, end = at + height; at < end; at++)
          for (let plane = 0, value = x[at]; plane < inputBits; plane++)
            driven[plane] += (value >> plane) & 1;
        for (let plane = 0; plane < inputBits; plane++) {
          together += driven[plane] * (driven[plane] - 1) * 2 ** plane;
          all += driven[plane] * (height - 1) * 2 ** plane;
        }
      }
  return all === 0 ? 0 : together / all;
}

/** Whether it matters to a matrix how many rows are driven together. */
export const dependsOnActivity = ({ cellBits }: Pick<MvmSpec, 'cellBits'>, noise: NoiseModel): boolean =>
  ofKind(noiseEffects(noise, 2 ** cellBits - 1), 'wholeArray').length > 0;
