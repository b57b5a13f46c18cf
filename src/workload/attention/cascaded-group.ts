/** Cascaded group attention: each head has its share of the channels and adds what the head before gave (EfficientViT-M, arXiv 2305.07027; microsoft/Cream efficientvit.py). */
import * as z from 'zod';
import type { AttentionVariant } from '../attention-variant.ts';
import { joinColumns, takeColumns } from '../columns.ts';
import { matrixAt } from '../encoder-shape.ts';
import type { Stage } from '../op.ts';
import { areaOf } from '../size.ts';
import {
  biasedSoftmax,
  headKernels,
  kernelsProblem,
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
    .literal('cascaded-group')
    .describe(
      'Heads on shares of the channels, each on what the one before gave (EfficientViT-M, arXiv 2305.07027)',
    ),
  window: z.int().positive().default(7).describe('Side of the windows, pixels; a smaller grid is one window'),
  keyWidth: z.int().positive().default(16).describe('Columns of Q and of K in a head'),
  kernels: headKernels
    .default([5, 5, 5, 5])
    .describe('Depthwise kernels on Q, one for each head; more than there are heads are left'),
  norm: variantNormField,
});

export const attention: AttentionVariant<'cascaded-group', typeof schema> = {
  kind: 'cascaded-group',
  schema,
  weights: [
    ...['qkv', 'q'].flatMap(name => perHead(name).flatMap(own => [own, `${own}Norm`])),
    ...perHead('bias'),
  ],
  closedForm: false,
  check: (place, _, { window, kernels }) =>
    kernelsProblem(place.heads, kernels) ?? windowsProblem(place, window),
  add(b, shape, i, input, { window: side, keyWidth, kernels, norm }) {
    const { tokens: rows, dim, heads } = shape;
    const at = { b, shape, i };
    const place = (name: string, stage: Stage) => matrixAt(shape, i, name, stage);
    const { grid, window } = windowsOf(shape, side);
    const count = windowCount({ grid, window });
    const pixels = areaOf(window);
    const width = dim / heads;
    const channels = 2 * keyWidth + width;
    const x = input.tokens();

    const outputs: string[] = [];
    for (let h = 0; h < heads; h++) {
      const take = { start: h * width, size: width };
      const own = takeColumns(b, place(`x${h}`, 'qkv'), x, { rows, columns: dim, take });
      const given =
        h === 0
          ? own
          : b.vector(place(`cascade${h}`, 'qkv'), 'add', [own, outputs[h - 1]], { rows, rowLength: width });
      const qkv = variantLinear(at, `qkv${h}`, given, { rows, in: width, out: channels }, norm);
      const part = (name: string, start: number, size: number) =>
        intoWindows(b, place(`${name}${h}`, 'qk'), qkv, { grid, window, channels }, { start, size });
      const slid = depthwiseInWindows(
        b,
        place(`q${h}`, 'qkv'),
        part('qWindows', 0, keyWidth),
        { grid, window, channels: keyWidth },
        { kernel: kernels[h], bias: norm === 'none' },
      );
      const q = variantNorm(at, `q${h}`, slid, { rows: pixels, width: keyWidth, segments: count }, norm);
      const sizes = { batch: count, m: pixels };
      const scores = b.dynamic(place(`qk${h}`, 'qk'), q, part('kWindows', keyWidth, keyWidth), {
        ...sizes,
        k: keyWidth,
        n: pixels,
        transposed: true,
      });
      const map = biasedSoftmax(at, `bias${h}`, scores, { window, count, scale: 1 / Math.sqrt(keyWidth) });
      const v = part('vWindows', 2 * keyWidth, width);
      const mixed = b.dynamic(place(`sv${h}`, 'sv'), map, v, {
        ...sizes,
        k: pixels,
        n: width,
        transposed: false,
      });
      outputs.push(fromWindows(b, place(`image${h}`, 'sv'), mixed, { grid, window, channels: width }));
    }
    const joined = joinColumns(
      b,
      place('heads', 'sv'),
      outputs,
      rows,
      outputs.map(() => width),
    );
    return { output: b.vector(place('relu', 'sv'), 'relu', [joined], { rows, rowLength: dim }) };
  },
};
