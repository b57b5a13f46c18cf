/** Squeeze and excitation: a factor for each channel from the mean of all pixels (Hu et al., arXiv 1709.01507). */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import {
  addActivation,
  addMean,
  joined,
  LAYER_ACTIVATIONS,
  type LayerActivation,
  linear,
} from '../layer-parts.ts';

const schema = z.strictObject({
  ...layerFields('squeeze-excite', 'A factor for each channel from the mean of all pixels'),
  ratio: z.number().positive().default(0.25).describe('Hidden width / channels'),
  activation: z
    .enum(Object.keys(LAYER_ACTIVATIONS) as LayerActivation[])
    .default('relu')
    .describe('Between its two layers; a sigmoid stands behind them'),
});

export const layer: LayerKind<'squeeze-excite', typeof schema> = {
  kind: 'squeeze-excite',
  schema: () => schema,
  add(scope, x, { ratio, activation }) {
    const hidden = x.columns * ratio;
    if (!Number.isInteger(hidden))
      scope.refuse(`${x.columns} channels x ${ratio} is not a whole number of hidden units`, 'ratio');
    const layerOf = (name: string, y: typeof x, columns: number, fn: LayerActivation) => {
      const inner = scope.within(name);
      const id = linear(inner, inner.at('', 'mlp'), y, columns);
      return addActivation(inner, { ...y, id, columns }, fn);
    };
    const squeezed = layerOf('fc1', addMean(scope, 'mean', x), hidden, activation);
    return joined(scope, [x, layerOf('fc2', squeezed, x.columns, 'sigmoid')], 'multiply');
  },
};
