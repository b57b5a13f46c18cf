/** Windows of layers that slide over an image, convolutions and pools: their fields, and the pixels that come out. */
import * as z from 'zod';
import type { ConvWindow } from './conv-window.ts';
import type { Features } from './features.ts';
import type { LayerScope } from './layer-scope.ts';
import { positiveInt } from './model-fields.ts';
import type { Size } from './size.ts';

/** One side for both, or [height, width]. */
export const sideField = z.union([positiveInt, z.tuple([positiveInt, positiveInt])]);

export const paddingField = z.union([
  z.int().nonnegative(),
  z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
]);

type Side = number | readonly [number, number];

const sizeOf = (side: Side): Size =>
  typeof side === 'number' ? { height: side, width: side } : { height: side[0], width: side[1] };

/** Half the kernel, rounded down: an odd kernel keeps the grid. */
export const halfOf = (kernel: Side): readonly [number, number] => {
  const { height, width } = sizeOf(kernel);
  return [Math.floor(height / 2), Math.floor(width / 2)];
};

/** @throws LayerProblem where the features are no image, or a kernel is larger than it. */
export function windowOf(
  scope: LayerScope,
  x: Features,
  sides: { readonly kernel: Side; readonly stride: Side; readonly padding: Side },
): ConvWindow {
  const { grid: input, learned, columns: inChannels } = x;
  if (input === undefined || learned > 0)
    return scope.refuse('a window needs an image, without tokens in front');
  const [kernel, stride, padding] = [sizeOf(sides.kernel), sizeOf(sides.stride), sizeOf(sides.padding)];
  const side = (name: keyof Size): number =>
    Math.floor((input[name] + 2 * padding[name] - kernel[name]) / stride[name]) + 1;
  const output = { height: side('height'), width: side('width') };
  if (output.height < 1 || output.width < 1)
    scope.refuse(
      `a kernel of ${kernel.height} x ${kernel.width} does not fit ${input.height} x ${input.width} pixels`,
      'kernel',
    );
  return { kernel, stride, padding, inChannels, input, output };
}
