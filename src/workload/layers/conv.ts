/** A convolution, dense, grouped or depthwise, with the norm and the activation behind it. */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { activationField, addActivation, addNorm, linear, normField } from '../layer-parts.ts';
import { halfOf, paddingField, sideField, windowOf } from '../layer-window.ts';
import { positiveInt } from '../model-fields.ts';
import { areaOf } from '../size.ts';

const schema = z.strictObject({
  ...layerFields('conv', 'A convolution on the image that the rows are'),
  out: positiveInt.optional().describe('Output channels; absent: as many as come in'),
  kernel: sideField.default(1).describe('Side of the kernel, or [height, width], pixels'),
  stride: sideField.default(1).describe('Stride, or [down, across], pixels'),
  padding: paddingField
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
  add(scope, x, { kernel, stride, padding = halfOf(kernel), groups: g, norm, activation, ...rest }) {
    const conv = windowOf(scope, x, { kernel, stride, padding });
    const { output, inChannels } = conv;
    const { out = inChannels, bias = norm === 'none' } = rest;
    const groups = g === 'depthwise' ? inChannels : g;
    if (inChannels % groups !== 0)
      scope.refuse(`${groups} groups do not divide ${inChannels} input channels`, 'groups');
    if (out % groups !== 0) scope.refuse(`${groups} groups do not divide ${out} output channels`, 'groups');
    const rows = areaOf(output);
    const at = scope.at('', 'conv');
    const taps = areaOf(conv.kernel);
    const pointwise = taps * areaOf(conv.stride) === 1 && areaOf(conv.padding) === 0;
    const grouped = { rows, groups, in: (inChannels / groups) * taps, out: out / groups, bias };
    let id: string;
    if (groups > 1) id = scope.b.grouped(at, scope.idOf(x), pointwise ? grouped : { ...grouped, conv });
    else if (pointwise && x.id !== null) id = linear(scope, at, x, out, bias);
    else id = scope.b.conv(at, x.id, conv, out, bias);
    const y = { ...x, id, rows, columns: out, grid: output, map: undefined };
    return addActivation(scope, addNorm(scope, y, norm), activation);
  },
};
