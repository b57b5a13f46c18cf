/** What many layers have: a fully connected layer, a norm, an activation. */
import * as z from 'zod';
import type { Place } from './builder.ts';
import type { Features } from './features.ts';
import type { LayerScope } from './layer-scope.ts';
import type { FunctionName } from './vector-functions.ts';

/** Activations of layers, as functions of the graph. */
export const LAYER_ACTIVATIONS = {
  gelu: { fn: 'gelu', options: {} },
  'gelu-tanh': { fn: 'gelu', options: { approximate: 'tanh' } },
  relu: { fn: 'relu', options: {} },
  silu: { fn: 'swish', options: {} },
  sigmoid: { fn: 'sigmoid', options: {} },
  tanh: { fn: 'tanh', options: {} },
} as const satisfies Record<string, { fn: FunctionName; options: { approximate?: 'tanh' } }>;

export type LayerActivation = keyof typeof LAYER_ACTIVATIONS;

export const activationField = z
  .enum(['none', ...(Object.keys(LAYER_ACTIVATIONS) as LayerActivation[])])
  .default('none')
  .describe('Function behind it');

export const normField = z
  .enum(['none', 'batchnorm', 'layernorm'])
  .default('none')
  .describe('Norm behind it: of each column over all images, or of each row');

export type LayerNorm = z.output<typeof normField>;

/** Epsilon of the norms of layers (PyTorch's default). */
const NORM_EPS = 1e-5;

/** A fully connected layer on every row. */
export const linear = (scope: LayerScope, at: Place, x: Features, out: number, bias = true): string =>
  scope.b.linear(at, scope.idOf(x), { rows: x.rows, in: x.columns, out, bias });

/** The norm of what is there, under the name of the layer. */
export function addNorm(scope: LayerScope, x: Features, norm: LayerNorm, eps = NORM_EPS): Features {
  if (norm === 'none') return x;
  const { rows, columns: rowLength } = x;
  const at = scope.at(norm, 'norm');
  const id =
    norm === 'layernorm'
      ? scope.b.layerNorm(at, scope.idOf(x), rows, rowLength, eps)
      : scope.b.vector(at, norm, [scope.idOf(x)], { rows, rowLength, parameters: 2 * rowLength });
  return { ...x, id };
}

/** The activation of what is there, under the name of the layer. */
export function addActivation(
  scope: LayerScope,
  x: Features,
  activation: LayerActivation | 'none',
): Features {
  if (activation === 'none') return x;
  const { fn, options } = LAYER_ACTIVATIONS[activation];
  const shape = { rows: x.rows, rowLength: x.columns, ...options };
  return { ...x, id: scope.b.vector(scope.at(fn, 'gelu'), fn, [scope.idOf(x)], shape) };
}

/** a + b, value by value. */
export function addSum(scope: LayerScope, name: string, a: Features, b: Features): Features {
  if (a.rows !== b.rows || a.columns !== b.columns)
    scope.refuse(`${b.rows} x ${b.columns} cannot be added to ${a.rows} x ${a.columns}`);
  const shape = { rows: a.rows, rowLength: a.columns };
  const id = scope.b.vector(scope.at(name, 'residual'), 'add', [scope.idOf(a), scope.idOf(b)], shape);
  return { ...b, id };
}
