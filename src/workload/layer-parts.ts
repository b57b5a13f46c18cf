/** What many layers have: a fully connected layer, a norm, an activation. */
import * as z from 'zod';
import type { Place } from './builder.ts';
import { joinColumns } from './columns.ts';
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
  hardswish: { fn: 'hardswish', options: {} },
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

/** What a stored stream is called. */
export const streamName = z.string().regex(/^[a-zA-Z][a-zA-Z0-9_-]*$/, 'expected letters, digits, dashes');

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

/** The mean of all rows. */
export function addMean(scope: LayerScope, name: string, x: Features): Features {
  const shape = { rows: x.rows, rowLength: x.columns };
  const id = scope.b.vector(scope.at(name, 'pool'), 'mean', [scope.idOf(x)], shape);
  return { id, rows: 1, columns: x.columns, grid: undefined, learned: 0 };
}

/** How branches come together. */
export const JOINS = ['add', 'multiply', 'mean', 'concat'] as const;

/** The branches as one. @throws LayerProblem for sizes that cannot be joined */
export function joined(
  scope: LayerScope,
  branches: readonly Features[],
  join: (typeof JOINS)[number],
): Features {
  if (join === 'concat') return sideBySide(scope, branches);
  const [first, ...others] = branches;
  const step = join === 'multiply' ? addProduct : addSum;
  const name = join === 'multiply' ? 'product' : 'sum';
  let y = first;
  for (const [i, other] of others.entries())
    y = step(scope, others.length === 1 ? name : `${name}${i}`, y, other);
  const whole = { ...y, grid: first.grid, learned: first.learned, map: undefined };
  if (join !== 'mean') return whole;
  const shape = { rows: y.rows, rowLength: y.columns, scale: 1 / branches.length };
  return { ...whole, id: scope.b.vector(scope.at('mean', 'residual'), 'scale', [scope.idOf(y)], shape) };
}

/** a * b, value by value; b of one row counts for every row. */
function addProduct(scope: LayerScope, name: string, a: Features, b: Features): Features {
  if ((a.rows !== b.rows && b.rows !== 1) || a.columns !== b.columns)
    scope.refuse(`${a.rows} x ${a.columns} cannot be multiplied by ${b.rows} x ${b.columns}`);
  const shape = { rows: a.rows, rowLength: a.columns };
  const operands = [scope.idOf(a), scope.idOf(b)];
  const at = scope.at(name, 'gelu');
  const id =
    b.rows === a.rows
      ? scope.b.vector(at, 'multiply', operands, shape)
      : scope.b.vector(at, 'multiply', operands, { ...shape, second: 'row' });
  return { ...a, id };
}

/** Channels of the branches, one behind the other. */
export function sideBySide(scope: LayerScope, branches: readonly Features[], name = 'join'): Features {
  const [first] = branches;
  const odd = branches.find(branch => branch.rows !== first.rows);
  if (odd !== undefined) scope.refuse(`${odd.rows} rows do not stand beside ${first.rows}`);
  const widths = branches.map(branch => branch.columns);
  const ids = branches.map(branch => scope.idOf(branch));
  const id = joinColumns(scope.b, scope.at(name, 'residual'), ids, first.rows, widths);
  return { ...first, id, columns: widths.reduce((sum, width) => sum + width, 0), map: undefined };
}
