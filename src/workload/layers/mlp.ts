/** Two fully connected layers with an activation between them (Vaswani et al. 2017). */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import {
  addActivation,
  addNorm,
  LAYER_ACTIVATIONS,
  type LayerActivation,
  linear,
  normField,
} from '../layer-parts.ts';

const schema = z.strictObject({
  ...layerFields('mlp', 'Two fully connected layers with an activation between them'),
  ratio: z.number().positive().default(4).describe('Hidden width / channels'),
  activation: z
    .enum(Object.keys(LAYER_ACTIVATIONS) as LayerActivation[])
    .default('gelu')
    .describe('Between the layers'),
  bias: z.boolean().optional().describe('Absent: a bias where no norm follows'),
  norm: normField.describe('Norm behind each of the two'),
});

export const layer: LayerKind<'mlp', typeof schema> = {
  kind: 'mlp',
  schema: () => schema,
  add(scope, x, { ratio, activation, norm, bias = norm === 'none' }) {
    const hidden = x.columns * ratio;
    if (!Number.isInteger(hidden))
      scope.refuse(`${x.columns} channels x ${ratio} is not a whole number of hidden units`, 'ratio');
    const layerOf = (name: string, y: typeof x, out: number) => {
      const inner = scope.within(name);
      const id = linear(inner, inner.at('', 'mlp'), y, out, bias);
      return addNorm(inner, { ...y, id, columns: out }, norm);
    };
    return layerOf('fc2', addActivation(scope, layerOf('fc1', x, hidden), activation), x.columns);
  },
};
