/** Linear attention with ReLU in place of softmax, on tokens and on neighbourhoods of them: EfficientViT's LiteMLA (arXiv 2205.14756; mit-han-lab/efficientvit nn/ops.py). */
import * as z from 'zod';
import type { AttentionVariant } from '../attention-variant.ts';
import { matrixAt } from '../encoder-shape.ts';
import type { Stage } from '../op.ts';
import { oddSide } from '../variant-parts.ts';
import { depthwiseInWindows, gridOf, gridProblem } from '../windows.ts';

const MOST_SCALES = 4;

const schema = z.strictObject({
  kind: z
    .literal('multi-scale-linear')
    .describe(
      'relu(Q) (relu(K)^T V) over its sums, on tokens and on neighbourhoods (EfficientViT, arXiv 2205.14756)',
    ),
  scales: z
    .array(oddSide)
    .max(MOST_SCALES)
    .default([5])
    .describe('Depthwise kernels that make Q, K and V of neighbourhoods, beside those of single tokens'),
  eps: z.number().positive().default(1e-15).describe('Added to what is divided by'),
});

const names = Array.from({ length: MOST_SCALES }, (_, s) => [`near${s}`, `mix${s}`]).flat();

export const attention: AttentionVariant<'multi-scale-linear', typeof schema> = {
  kind: 'multi-scale-linear',
  schema,
  weights: ['qkv', ...names],
  closedForm: false,
  check: gridProblem,
  add(b, shape, i, input, { scales, eps }) {
    const { tokens, dim, heads, qkvBias: bias } = shape;
    const at = (name: string, stage: Stage) => matrixAt(shape, i, name, stage);
    const grid = gridOf(shape);
    const channels = 3 * dim;
    const width = dim / heads;
    const qkv = b.linear(at('qkv', 'qkv'), input.tokens(), { rows: tokens, in: dim, out: channels, bias });
    const near = scales.map((kernel, s) => {
      const whole = { grid, window: grid, channels };
      const slid = depthwiseInWindows(b, at(`near${s}`, 'qkv'), qkv, whole, { kernel, bias });
      const groups = { rows: tokens, groups: 3 * heads, in: width, out: width, bias };
      return b.grouped(at(`mix${s}`, 'qkv'), slid, groups);
    });
    // Q, K and V of a head stand side by side; heads of single tokens first.
    const batch = heads * (1 + scales.length);
    const sources = [qkv, ...near];
    const parts = sources.map(() => ({ rows: tokens, columns: channels }));
    const part = (name: string, start: number): string =>
      b.layout(
        at(name, 'qk'),
        sources,
        {
          parts,
          join: 'columns',
          dims: [tokens, batch, 3, width],
          take: { dim: 2, start, size: 1 },
          axes: [0, 1, 2, 3],
          rows: tokens,
          columns: batch * width,
        },
        true,
      );
    const positive = (name: string, start: number): string =>
      b.vector(at(`${name}Relu`, 'softmax'), 'relu', [part(name, start)], {
        rows: tokens,
        rowLength: batch * width,
      });
    const [q, k, v] = [positive('q', 0), positive('k', 1), part('v', 2)];
    const sizes = { batch, m: tokens, transposed: false };
    const whole = batch * width;

    // The order that takes fewer products.
    if (tokens <= width) {
      const scores = b.dynamic(at('scores', 'qk'), q, k, { ...sizes, k: width, n: tokens, transposed: true });
      const mapShape = { rows: tokens, rowLength: tokens, batch, eps };
      const map = b.vector(at('map', 'softmax'), 'rownorm', [scores], mapShape);
      return { output: b.dynamic(at('sv', 'sv'), map, v, { ...sizes, k: tokens, n: width }), width: whole };
    }
    const columns = { batch, m: width, k: tokens, transposed: false, streamedTransposed: true } as const;
    const kv = b.dynamic(at('kv', 'qk'), k, v, { ...columns, n: width });
    // V has one more column for each head, of ones: it sums the keys.
    const first = b.layout(
      at('firsts', 'qk'),
      [v],
      {
        parts: [{ rows: tokens, columns: whole }],
        join: 'columns',
        dims: [tokens, batch, width],
        take: { dim: 2, start: 0, size: 1 },
        axes: [0, 1, 2],
        rows: tokens,
        columns: batch,
      },
      true,
    );
    const one = { rows: tokens, rowLength: batch, scale: 0, offset: 1 };
    const ones = b.vector(at('ones', 'qk'), 'scale', [first], one);
    const keys = b.dynamic(at('keys', 'qk'), k, ones, { ...columns, n: 1 });
    const mixed = b.dynamic(at('sv', 'sv'), q, kv, { ...sizes, k: width, n: width });
    const sums = b.dynamic(at('sums', 'sv'), q, keys, { ...sizes, k: width, n: 1 });
    const quotient = { rows: tokens, rowLength: width, batch, second: 'segment', eps } as const;
    return { output: b.vector(at('divide', 'softmax'), 'divide', [mixed, sums], quotient), width: whole };
  },
};
