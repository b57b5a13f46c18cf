/** Focused linear attention: the cubes of Q and K at the lengths that these had, and a depthwise convolution of V beside it (FLatten, arXiv 2308.00442; LeapLabTHU/FLatten-Transformer models/flatten_swin.py). */
import * as z from 'zod';
import type { AttentionVariant } from '../attention-variant.ts';
import { joinColumns, takeColumns } from '../columns.ts';
import { matrixAt } from '../encoder-shape.ts';
import { QKV } from '../multi-head.ts';
import type { Stage } from '../op.ts';
import { areaOf, square } from '../size.ts';
import { oddSide } from '../variant-parts.ts';
import { gridOf, gridProblem } from '../windows.ts';

/** As the reference has it: added to what ReLU gives, and to what is divided by. */
const EPS = 1e-6;

const schema = z.strictObject({
  kind: z
    .literal('focused-linear')
    .describe(
      'Linear attention of focused Q and K, and a depthwise convolution of V (FLatten, arXiv 2308.00442)',
    ),
  kernel: oddSide.default(5).describe('Kernel of the convolution of V, pixels; heads share their filters'),
});

export const attention: AttentionVariant<'focused-linear', typeof schema> = {
  kind: 'focused-linear',
  schema,
  weights: [...QKV, 'keyPositions', 'channelScale', 'local'],
  closedForm: false,
  check: gridProblem,
  add(b, shape, i, input, { kernel: side }) {
    const { tokens: rows, dim, heads: batch, qkvBias: bias } = shape;
    const at = (name: string, stage: Stage) => matrixAt(shape, i, name, stage);
    const grid = gridOf(shape);
    const width = dim / batch;
    const x = input.tokens();
    const [q, k, v] = QKV.map(name => b.linear(at(name, 'qkv'), x, { rows, in: dim, out: dim, bias }));
    const one = { rows, rowLength: dim };
    const placed = b.vector(at('keyPositions', 'qkv'), 'add', [k], { ...one, parameters: rows * dim });

    // Q and K side by side: both go through the same functions, and share their learned scale.
    const both = { rows, rowLength: dim, batch: 2 };
    const joined = joinColumns(b, at('pair', 'softmax'), [q, placed], rows, [dim, dim]);
    const positive = b.vector(at('relu', 'softmax'), 'relu', [joined], both);
    const shifted = b.vector(at('positive', 'softmax'), 'scale', [positive], { ...both, offset: EPS });
    // What is learned here is softplus of what the checkpoint holds.
    const scale = { ...both, parameters: dim, second: 'row' } as const;
    const scaled = b.vector(at('channelScale', 'softmax'), 'divide', [shifted], scale);
    const squared = b.vector(at('square', 'softmax'), 'multiply', [scaled, scaled], both);
    const cubed = b.vector(at('cube', 'softmax'), 'multiply', [squared, scaled], both);
    const focused = b.vector(at('renorm', 'softmax'), 'renorm', [cubed, scaled], both);
    const half = (name: string, start: number): string =>
      takeColumns(b, at(name, 'softmax'), focused, { rows, columns: 2 * dim, take: { start, size: dim } });
    const [queries, keys] = [half('focusedQ', 0), half('focusedK', dim)];

    const kv = b.dynamic(at('kv', 'qk'), keys, v, {
      batch,
      m: width,
      k: rows,
      n: width,
      transposed: false,
      streamedTransposed: true,
    });
    const sum = b.vector(at('keySum', 'qk'), 'sum', [keys], one);
    const sizes = { batch, m: rows, k: width };
    const mixed = b.dynamic(at('sv', 'sv'), queries, kv, { ...sizes, n: width, transposed: false });
    const sums = b.dynamic(at('sums', 'sv'), queries, sum, { ...sizes, n: 1, transposed: true });
    // The reference divides both by the number of tokens first.
    const quotient = { rows, rowLength: width, batch, second: 'segment', eps: rows * EPS } as const;
    const attended = b.vector(at('divide', 'sv'), 'divide', [mixed, sums], quotient);

    const window = square(side);
    const taps = { rows, groups: dim, in: areaOf(window), out: 1 };
    const padding = square((side - 1) / 2);
    const conv = { kernel: window, stride: square(1), padding, inChannels: dim, input: grid, output: grid };
    const slid = { ...taps, conv };
    const local = b.grouped(
      at('local', 'conv'),
      v,
      batch === 1 ? slid : { ...slid, copies: { filters: width, order: 'tiled' } },
    );
    return { output: b.vector(at('sum', 'residual'), 'add', [attended, local], one) };
  },
};
