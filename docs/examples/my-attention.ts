/** ReLU attention: ReLU(Q K^T / sqrt(d_head)) V / n, n tokens (Wortsman et al., arXiv 2309.08586). */
import * as z from 'zod';
import type { AttentionVariant } from '../../src/workload/attention-variant.ts';
import { multiHead, QKV } from '../../src/workload/multi-head.ts';

const schema = z.strictObject({
  kind: z.literal('relu').describe('ReLU(Q K^T / sqrt(d)) V / n (arXiv 2309.08586)'),
});

export const attention: AttentionVariant<'relu', typeof schema> = {
  kind: 'relu',
  schema,
  weights: QKV, // learned matrices, by their names within an encoder: importers look for them
  closedForm: false, // TReX's closed form counts softmax units, and there are none
  add(b, shape, i, input) {
    const { tokens, dim, heads } = shape;
    // A positive factor may as well stand before the ReLU: one pass for both.
    return multiHead(b, shape, i, input, { fn: 'relu', scale: 1 / (tokens * Math.sqrt(dim / heads)) });
  },
};
