/** UniForm's reuse attention: one attention map in each window for all heads, and chunks of the input through depthwise convolutions in place of V (arXiv 2412.02344; seulkiyeom/mixtransform mixvit.py). */
import * as z from 'zod';
import type { AttentionVariant } from '../attention-variant.ts';
import { interleaveColumns } from '../columns.ts';
import { distanceCount } from '../distances.ts';
import { matrixAt } from '../encoder-shape.ts';
import type { Stage } from '../op.ts';
import { areaOf } from '../size.ts';
import {
  biasedSoftmax,
  headKernels,
  kernelsProblem,
  oddSide,
  perHead,
  variantLinear,
  variantNorm,
  variantNormField,
} from '../variant-parts.ts';
import {
  depthwiseInWindows,
  fromWindows,
  intoWindows,
  windowCount,
  windowsOf,
  windowsProblem,
} from '../windows.ts';

const schema = z.strictObject({
  kind: z
    .literal('shared-map')
    .describe(
      'One softmax map in each window for all heads, on chunks of the input (UniForm, arXiv 2412.02344)',
    ),
  window: z.int().positive().default(7).describe('Side of the windows, pixels; a smaller grid is one window'),
  kernels: headKernels
    .default([1, 3, 5, 7])
    .describe('Depthwise kernels of the chunks, one for each head; more than there are heads are left'),
  queryKernel: oddSide.default(7).describe('Depthwise kernel on Q'),
  scale: z.number().positive().optional().describe('Factor on Q K^T; absent: 1 / sqrt(width of Q)'),
  norm: variantNormField,
});

export const attention: AttentionVariant<'shared-map', typeof schema> = {
  kind: 'shared-map',
  schema,
  weights: ['qk', 'qkNorm', 'q', 'qNorm', 'bias', ...perHead('v')],
  closedForm: false,
  check: (place, _, { window, kernels }) =>
    place.dim % 4 === 0
      ? (kernelsProblem(place.heads, kernels) ?? windowsProblem(place, window))
      : `${place.dim} channels: Q and K take a quarter of them each`,
  add(b, shape, i, input, { window: side, kernels, queryKernel, norm, ...options }) {
    const { tokens: rows, dim, heads } = shape;
    const at = { b, shape, i };
    const place = (name: string, stage: Stage) => matrixAt(shape, i, name, stage);
    const { grid, window } = windowsOf(shape, side);
    const count = windowCount({ grid, window });
    const pixels = areaOf(window);
    const [width, chunk] = [dim / 4, dim / heads];
    const { scale = 1 / Math.sqrt(width) } = options;
    const x = input.tokens();

    const qk = variantLinear(at, 'qk', x, { rows, in: dim, out: 2 * width }, norm);
    const part = (name: string, start: number) =>
      intoWindows(b, place(name, 'qk'), qk, { grid, window, channels: 2 * width }, { start, size: width });
    const slid = depthwiseInWindows(
      b,
      place('q', 'qkv'),
      part('qWindows', 0),
      { grid, window, channels: width },
      { kernel: queryKernel, bias: norm === 'none' },
    );
    const q = variantNorm(at, 'q', slid, { rows: pixels, width, segments: count }, norm);
    const scores = b.dynamic(place('scores', 'qk'), q, part('kWindows', width), {
      batch: count,
      m: pixels,
      k: width,
      n: pixels,
      transposed: true,
    });
    const map = biasedSoftmax(at, 'bias', scores, { window, count, scale });
    // The reference learns a table for each head and reads the first one's.
    b.idleParameters += (heads - 1) * distanceCount({ window, signs: 'absolute' });

    const values = kernels.slice(0, heads).map((kernel, head) => {
      const take = { start: head * chunk, size: chunk };
      const cut = intoWindows(b, place(`x${head}`, 'qkv'), x, { grid, window, channels: dim }, take);
      const own = { grid, window, channels: chunk };
      return depthwiseInWindows(b, place(`v${head}`, 'qkv'), cut, own, { kernel, bias: true });
    });
    const v = interleaveColumns(b, place('v', 'sv'), values, { rows: pixels, groups: count, width: chunk });
    // As many products as one for each head, since all heads have one map.
    const mixed = b.dynamic(place('sv', 'sv'), map, v, {
      batch: count,
      m: pixels,
      k: pixels,
      n: dim,
      transposed: false,
    });
    const image = fromWindows(b, place('image', 'sv'), mixed, { grid, window, channels: dim });
    return { output: b.vector(place('relu', 'sv'), 'relu', [image], { rows, rowLength: dim }) };
  },
};
