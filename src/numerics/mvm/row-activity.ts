/** How many rows of an array are driven together: what the IR drop of a column depends on where idle rows do not conduct. */
import { largest } from '../../base/extremes.ts';
import { ofKind } from '../../tech/noise-effects.ts';
import { type NoiseModel, noiseEffects } from '../../tech/noise-model.ts';
import type { MvmInput } from './backend.ts';
import { inputPlanes } from './input-planes.ts';
import type { MvmSpec } from './spec.ts';

/**
 * While a row is driven, the share of the other rows of its array that are driven too: n (n - 1) over n (rows - 1), n rows
 * of a bit plane, each read weighed as its plane is in the result. So the losses of all reads together are right, whatever
 * the planes have: the lowest are as full as a coin toss, the highest nearly empty. A row at a level of several bits is driven
 * by its share of the highest level. Inputs [vectors][rows] of any number of products; 0 where no row is ever driven.
 */
export function rowActivity(
  spec: Pick<MvmSpec, 'rows' | 'arrayRows' | 'inputBits' | 'inputBitsPerStep'>,
  ...inputs: readonly MvmInput[]
): number {
  const { rows, arrayRows, inputBits, inputBitsPerStep } = spec;
  let [together, all] = [0, 0];
  for (const x of inputs) {
    const planes = inputPlanes(inputBits, x instanceof Int8Array, inputBitsPerStep);
    const shifts = Int32Array.from(planes, ({ shift }) => shift);
    const masks = Int32Array.from(planes, ({ bits }) => 2 ** bits - 1);
    const most = largest(masks);
    const [sums, squares] = [new Float64Array(planes.length), new Float64Array(planes.length)];
    for (let vector = 0; vector < x.length; vector += rows)
      for (let first = 0; first < rows; first += arrayRows) {
        const height = Math.min(arrayRows, rows - first);
        sums.fill(0);
        squares.fill(0);
        for (let at = vector + first, end = at + height; at < end; at++)
          for (let plane = 0, value = x[at]; plane < shifts.length; plane++) {
            const digit = (value >> shifts[plane]) & masks[plane];
            sums[plane] += digit;
            squares[plane] += digit * digit;
          }
        for (let plane = 0; plane < shifts.length; plane++) {
          together += (sums[plane] * sums[plane] - squares[plane]) * 2 ** shifts[plane];
          all += sums[plane] * (height - 1) * most * 2 ** shifts[plane];
        }
      }
  }
  return all === 0 ? 0 : together / all;
}

/** Whether it matters to a matrix how many rows are driven together. */
export const dependsOnActivity = ({ cellBits }: Pick<MvmSpec, 'cellBits'>, noise: NoiseModel): boolean =>
  ofKind(noiseEffects(noise, 2 ** cellBits - 1), 'wholeArray').length > 0;
