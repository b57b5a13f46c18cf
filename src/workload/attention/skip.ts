/** Skip-Attention (SkipAt, ICLR 2024, arXiv 2301.02240; Qualcomm-AI-research/skip-attention model/vit_skipat.py, uformer_utils.py LeFF): the attention branch of the encoder before, its patches through a small function; no Q, K, V, map or projection. */
import * as z from 'zod';
import { usageError } from '../../base/errors.ts';
import type { AttentionVariant } from '../attention-variant.ts';
import { matrixAt } from '../encoder-shape.ts';
import type { Stage } from '../op.ts';
import { joinedRows, reshaped, type Values } from '../reorder.ts';
import { areaOf, square } from '../size.ts';

const schema = z.strictObject({
  kind: z
    .literal('skip')
    .describe('The attention branch of the encoder before, through a depthwise function (SkipAt)'),
  ratio: z.int().positive().default(2).describe('Hidden width of that function / dim'),
  kernel: z
    .int()
    .positive()
    .default(5)
    .refine(side => side % 2 === 1, 'an odd kernel keeps the grid of patches as large as it is')
    .describe('Side of its depthwise kernel, patches'),
});

/** Channels that the gate of a channel sees: itself and its neighbours. */
const GATE_KERNEL = 3;

/** What the variant learns. */
const WEIGHTS = ['skipExpand', 'skipDepthwise', 'skipReduce', 'skipGate'] as const;

export const attention: AttentionVariant<'skip', typeof schema> = {
  kind: 'skip',
  schema,
  weights: WEIGHTS,
  closedForm: false,
  check({ grid }, i) {
    if (i === 0) return 'no attention before it whose branch it could take';
    return grid === undefined ? 'its tokens are no whole image' : undefined;
  },
  add(b, shape, i, { previous }, { ratio, kernel: side }) {
    const { tokens, dim, grid, learned } = shape;
    if (previous === undefined || grid === undefined)
      throw usageError(`encoder ${i}: no attention on the same tokens before it whose branch it could take`);
    const at = (name: string, stage: Stage) => matrixAt(shape, i, name, stage);
    const rows = areaOf(grid);
    const slice = (name: string, start: number, to: number): Values => {
      const change = { from: tokens, to, width: dim, change: 'slice', start } as const;
      return { id: b.tokens(at(name, 'qkv'), previous, change), rows: to, columns: dim };
    };
    const hidden = ratio * dim;
    const wide = { rows, rowLength: hidden };
    const [expand, depthwise, reduce, gate] = WEIGHTS;
    let x = b.linear(at(expand, 'qkv'), slice('skipPatches', learned, rows).id, {
      rows,
      in: dim,
      out: hidden,
    });
    x = b.vector(at('skipGelu0', 'qkv'), 'gelu', [x], wide);
    const [kernel, padding] = [square(side), square((side - 1) / 2)];
    const window = { kernel, stride: square(1), padding, inChannels: hidden, input: grid, output: grid };
    const filters = { rows, groups: hidden, in: areaOf(kernel), out: 1, conv: window };
    x = b.grouped(at(depthwise, 'qk'), x, filters);
    x = b.vector(at('skipGelu1', 'qk'), 'gelu', [x], wide);
    x = b.linear(at(reduce, 'sv'), x, { rows, in: hidden, out: dim });
    // Efficient channel attention (arXiv 1910.03151): channels are weighted by what they are on average.
    const sizes = { rows, rowLength: dim };
    const mean = { id: b.vector(at('skipMean', 'sv'), 'mean', [x], sizes), rows: 1, columns: dim };
    const line = { height: 1, width: dim };
    const seen = { height: 1, width: GATE_KERNEL };
    const conv = {
      kernel: seen,
      stride: square(1),
      padding: { height: 0, width: (GATE_KERNEL - 1) / 2 },
      inChannels: 1,
      input: line,
      output: line,
    };
    const column = reshaped(b, at('skipColumn', 'sv'), mean, { rows: dim, columns: 1 });
    const gates = { rows: dim, groups: 1, in: GATE_KERNEL, out: 1, conv, bias: false };
    const weighed = { id: b.grouped(at(gate, 'sv'), column.id, gates), rows: dim, columns: 1 };
    const row = reshaped(b, at('skipRow', 'sv'), weighed, { rows: 1, columns: dim });
    const share = b.vector(at('skipSigmoid', 'sv'), 'sigmoid', [row.id], { rows: 1, rowLength: dim });
    x = b.vector(at('skipScale', 'sv'), 'multiply', [x, share], { ...sizes, second: 'row' });
    const patches = { id: x, rows, columns: dim };
    if (learned === 0) return { output: x, projected: true };
    const all = joinedRows(b, at('skipJoin', 'sv'), [slice('skipClass', 0, learned), patches]);
    return { output: all.id, projected: true };
  },
};
