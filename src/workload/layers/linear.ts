/** A fully connected layer on every row. */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { activationField, addActivation, addNorm, normField } from '../layer-parts.ts';
import { positiveInt } from '../model-fields.ts';
import { codecField } from '../weight-codec.ts';

const schema = z.strictObject({
  ...layerFields('linear', 'A fully connected layer on every row'),
  out: z
    .union([positiveInt, z.literal('classes')])
    .describe('Outputs; classes: as many as the network tells apart'),
  bias: z.boolean().default(true).describe('It has a bias'),
  codec: codecField,
  norm: normField,
  activation: activationField,
});

export const layer: LayerKind<'linear', typeof schema> = {
  kind: 'linear',
  schema: () => schema,
  add(scope, x, { out: outputs, bias, codec, norm, activation }) {
    const out = outputs === 'classes' ? scope.state.classes : outputs;
    if (out === undefined) return scope.refuse('the network says no number of classes', 'out');
    if (outputs === 'classes') scope.state.classified = true;
    const shape = { rows: x.rows, in: x.columns, out, bias, codec };
    const id = scope.b.linear(scope.at('', 'mlp'), scope.idOf(x), shape);
    const y = { ...x, id, columns: out, map: undefined };
    return addActivation(scope, addNorm(scope, y, norm), activation);
  },
};
