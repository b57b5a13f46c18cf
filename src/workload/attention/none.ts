/** No attention: the encoder is its MLP alone (PIVOT, arXiv 2404.15185; Intelligent-Computing-Lab-Yale/PIVOT model_ip_specific_fast.py, Block with reuse_flag). */
import * as z from 'zod';
import type { AttentionVariant } from '../attention-variant.ts';

const schema = z.strictObject({
  kind: z
    .literal('none')
    .describe('No attention, its norm and residual left out as well: the MLP alone (PIVOT)'),
});

export const attention: AttentionVariant<'none', typeof schema> = {
  kind: 'none',
  schema,
  weights: [],
  closedForm: false,
  add: () => undefined,
};
