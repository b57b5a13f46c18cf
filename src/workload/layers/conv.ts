/** A convolution, dense, grouped or depthwise, with the norm and the activation behind it. */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { activationField, addActivation, addNorm, linear, normField } from '../layer-parts.ts';
import { positiveInt } from '../model-fields.ts';
import { areaOf, type Size } from '../size.ts';

const sizeField = z.union([positiveInt, z.tuple([positiveInt, positiveInt])]);

const sizeOf = (side: z.output<typeof sizeField>): Size =>
  typeof side === 'number' ? { height: side, width: side } : { height: side[0], width: side[1] };

const schema = z.strictObject({
  ...layerFields('conv', 'A convolution on the image that the rows are'),
  out: positiveInt.optional().describe('Output channels; absent: as many as come in'),
  kernel: sizeField.default(1).describe('Side of the kernel, or [height, width], pixels'),
  stride: sizeField.default(1).describe('Stride, or [down, across], pixels'),
  padding: z
    .union([z.int().nonnegative(), z.tuple([z.int().nonnegative(), z.int().nonnegative()])])
    .optional()
    .describe(
      'Zeros on each side, or [above and below, left and right]; absent: half the kernel, rounded down',
    ),
  groups: z
    .union([positiveInt, z.literal('depthwise')])
    .default(1)
    .describe('Groups of channels that do not mix; depthwise: each channel for itself'),
  bias: z.boolean().optional().describe('Absent: a bias where no norm follows'),
  norm: normField,
  activation: activationField,
});

export const layer: LayerKind<'conv', typeof schema> = {
  kind: 'conv',
  schema: () => schema,
  add(scope, x, { kernel: k, stride: s, padding: p, groups: g, norm, activation, ...rest }) {
    const { grid, learned, columns } = x;
    if (grid === undefined || learned > 0)
      return scope.refuse('a convolution needs an image, without tokens in front');
    const { out = columns, bias = norm === 'none' } = rest;
    const [kernel, stride] = [sizeOf(k), sizeOf(s)];
    const groups = g === 'depthwise' ? columns : g;
    if (columns % groups !== 0)
      scope.refuse(`${groups} groups do not divide ${columns} input channels`, 'groups');
    if (out % groups !== 0) scope.refuse(`${groups} groups do not divide ${out} output channels`, 'groups');
    const half = { height: Math.floor(kernel.height / 2), width: Math.floor(kernel.width / 2) };
    const padding =
      p === undefined
        ? half
        : typeof p === 'number'
          ? { height: p, width: p }
          : { height: p[0], width: p[1] };
    const side = (name: keyof Size): number =>
      Math.floor((grid[name] + 2 * padding[name] - kernel[name]) / stride[name]) + 1;
    const output = { height: side('height'), width: side('width') };
    if (output.height < 1 || output.width < 1)
      scope.refuse(
        `a kernel of ${kernel.height} x ${kernel.width} does not fit ${grid.height} x ${grid.width} pixels`,
        'kernel',
      );
    const y = { id: '', rows: areaOf(output), columns: out, grid: output, learned: 0 };
    const at = scope.at('', 'conv');
    const conv = { kernel, stride, padding, inChannels: columns, input: grid, output };
    const pointwise = areaOf(kernel) * areaOf(stride) === 1 && areaOf(padding) === 0;
    const grouped = {
      rows: y.rows,
      groups,
      in: (columns / groups) * areaOf(kernel),
      out: out / groups,
      bias,
    };
    let id: string;
    if (groups > 1) id = scope.b.grouped(at, scope.idOf(x), pointwise ? grouped : { ...grouped, conv });
    else if (pointwise && x.id !== null) id = linear(scope, at, x, out, bias);
    else id = scope.b.conv(at, x.id, conv, out, bias);
    return addActivation(scope, addNorm(scope, { ...y, id }, norm), activation);
  },
};
