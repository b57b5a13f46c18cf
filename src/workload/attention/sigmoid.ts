/** Sigmoid attention: sigmoid(Q K^T / sqrt(d_head) + b) V with b = -log n, so that a row starts near a sum of 1 (Ramapuram et al., arXiv 2409.04431). */
import * as z from 'zod';
import type { AttentionVariant } from '../attention-variant.ts';
import { multiHead, QKV } from '../multi-head.ts';

const schema = z.strictObject({
  kind: z.literal('sigmoid').describe('sigmoid(Q K^T / sqrt(d) + bias) V (arXiv 2409.04431)'),
  bias: z.number().optional().describe('Added to every score; absent: -log of the number of tokens'),
});

export const attention: AttentionVariant<'sigmoid', typeof schema> = {
  kind: 'sigmoid',
  schema,
  weights: QKV,
  closedForm: false,
  add: (b, shape, i, input, { bias = -Math.log(shape.tokens) }) =>
    multiHead(b, shape, i, input, { fn: 'sigmoid', offset: bias }),
};
