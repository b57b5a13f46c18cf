/** What attention variants of convolutional networks have: layers with a norm behind them, and maps with a learned value for each distance. */
import * as z from 'zod';
import type { GraphBuilder, LinearShape } from './builder.ts';
import { distanceCount } from './distances.ts';
import { type EncoderShape, matrixAt } from './encoder-shape.ts';
import { areaOf, type Size } from './size.ts';

export const variantNormField = z
  .enum(['none', 'batchnorm'])
  .default('none')
  .describe('Norm behind each of its layers; a layer without one has a bias');

type VariantNorm = z.output<typeof variantNormField>;

/** Kernels of convolutions that keep the grid. */
export const oddSide = z
  .int()
  .positive()
  .max(15)
  .refine(side => side % 2 === 1, 'expected an odd number');

/** More heads than this have no names. */
const MOST_HEADS = 16;

/** One kernel for each head. */
export const headKernels = z.array(oddSide).min(1).max(MOST_HEADS);

/** Why there is no kernel for every head; undefined where there is. */
export const kernelsProblem = (heads: number, kernels: readonly number[]): string | undefined =>
  heads > kernels.length
    ? `${heads} heads, and kernels for ${kernels.length}: every head has one`
    : undefined;

/** Names of one matrix for each head. */
export const perHead = (name: string): string[] =>
  Array.from({ length: MOST_HEADS }, (_, h) => `${name}${h}`);

/** The norm `name`Norm of `segments` segments of `width` columns, which share their gains and shifts. */
export function variantNorm(
  { b, shape, i }: { b: GraphBuilder; shape: EncoderShape; i: number },
  name: string,
  input: string,
  { rows, width, segments = 1 }: { rows: number; width: number; segments?: number },
  norm: VariantNorm,
): string {
  if (norm === 'none') return input;
  const at = matrixAt(shape, i, `${name}Norm`, 'norm');
  return b.vector(at, norm, [input], { rows, rowLength: width, batch: segments, parameters: 2 * width });
}

/** A layer of an attention variant with its norm. */
export function variantLinear(
  at: { b: GraphBuilder; shape: EncoderShape; i: number },
  name: string,
  input: string,
  sizes: LinearShape,
  norm: VariantNorm,
): string {
  const { b, shape, i } = at;
  const id = b.linear(matrixAt(shape, i, name, 'qkv'), input, { ...sizes, bias: norm === 'none' });
  return variantNorm(at, name, id, { rows: sizes.rows, width: sizes.out }, norm);
}

/** Softmax of scores within windows, with the learned value `name` for each absolute distance. */
export function biasedSoftmax(
  { b, shape, i }: { b: GraphBuilder; shape: EncoderShape; i: number },
  name: string,
  scores: string,
  { window, count, scale }: { window: Size; count: number; scale: number },
): string {
  const distances = { window, heads: 1, signs: 'absolute' } as const;
  const pixels = areaOf(window);
  const sizes = { rows: pixels, rowLength: pixels, batch: count };
  const parameters = distanceCount(distances);
  const biased = b.vector(matrixAt(shape, i, name, 'softmax'), 'relativebias', [scores], {
    ...sizes,
    parameters,
    scale,
    distances,
  });
  return b.vector(matrixAt(shape, i, `${name}Softmax`, 'softmax'), 'softmax', [biased], sizes);
}
