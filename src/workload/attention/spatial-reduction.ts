/** Softmax attention to fewer keys: K and V come from a convolution as wide as its stride (PVT, arXiv 2102.12122; PVTv2, arXiv 2106.13797; whai362/PVT pvt_v2.py). */
import * as z from 'zod';
import type { AttentionVariant } from '../attention-variant.ts';
import { matrixAt } from '../encoder-shape.ts';
import type { Stage } from '../op.ts';
import { areaOf, sizeText, square } from '../size.ts';
import { gridOf, gridProblem } from '../windows.ts';

const schema = z.strictObject({
  kind: z
    .literal('spatial-reduction')
    .describe(
      'Softmax attention to keys and values of a convolution as wide as its stride (PVT, arXiv 2102.12122)',
    ),
  ratio: z.int().min(2).describe('Kernel and stride of that convolution, tokens; must divide the grid'),
  normEps: z.number().positive().default(1e-5).describe('Epsilon of the LayerNorm behind it'),
});

export const attention: AttentionVariant<'spatial-reduction', typeof schema> = {
  kind: 'spatial-reduction',
  schema,
  weights: ['q', 'reduction', 'reductionNorm', 'k', 'v'],
  closedForm: false,
  check(place, _, { ratio }) {
    const { grid } = place;
    const problem = gridProblem(place);
    if (grid === undefined || problem !== undefined) return problem;
    return grid.height % ratio === 0 && grid.width % ratio === 0
      ? undefined
      : `a reduction by ${ratio} does not divide ${sizeText(grid)} tokens`;
  },
  add(b, shape, i, input, { ratio, normEps }) {
    const { tokens, dim, heads, qkvBias: bias } = shape;
    const at = (name: string, stage: Stage) => matrixAt(shape, i, name, stage);
    const grid = gridOf(shape);
    const output = { height: grid.height / ratio, width: grid.width / ratio };
    const keys = areaOf(output);
    const width = dim / heads;
    const x = input.tokens();
    const linear = (name: string, from: string, rows: number): string =>
      b.linear(at(name, 'qkv'), from, { rows, in: dim, out: dim, bias });
    const q = linear('q', x, tokens);
    const side = square(ratio);
    const conv = { kernel: side, stride: side, padding: square(0), inChannels: dim, input: grid, output };
    const reduced = b.conv(at('reduction', 'qkv'), x, conv, dim, true);
    const normed = b.layerNorm(at('reductionNorm', 'norm'), reduced, keys, dim, normEps);
    const [k, v] = [linear('k', normed, keys), linear('v', normed, keys)];
    const sizes = { batch: heads, m: tokens };
    const scores = b.dynamic(at('qk', 'qk'), q, k, { ...sizes, k: width, n: keys, transposed: true });
    const mapShape = { rows: tokens, rowLength: keys, batch: heads, scale: 1 / Math.sqrt(width) };
    const map = b.vector(at('softmax', 'softmax'), 'softmax', [scores], mapShape);
    return { output: b.dynamic(at('sv', 'sv'), map, v, { ...sizes, k: keys, n: width, transposed: false }) };
  },
};
