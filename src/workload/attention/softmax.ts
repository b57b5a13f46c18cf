/** Softmax attention: softmax(Q K^T / sqrt(d_head)) V (Vaswani et al. 2017). */
import * as z from 'zod';
import type { AttentionVariant } from '../attention-variant.ts';
import { multiHead, QKV } from '../multi-head.ts';

const schema = z.strictObject({ kind: z.literal('softmax').describe('softmax(Q K^T / sqrt(d)) V') });

export const attention: AttentionVariant<'softmax', typeof schema> = {
  kind: 'softmax',
  schema,
  weights: QKV,
  closedForm: true,
  add: (b, shape, i, input) => multiHead(b, shape, i, input, { fn: 'softmax' }),
};
