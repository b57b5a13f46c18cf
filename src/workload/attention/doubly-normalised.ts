/** Doubly-normalised attention: of all queries' attention to a key, then of all that a query gives (Ding et al., arXiv 2009.14308; order of the two as in MenghaoGuo/EANet multi_head_attention_torch.py). */
import * as z from 'zod';
import type { AttentionVariant } from '../attention-variant.ts';
import { multiHead, QKV } from '../multi-head.ts';

const schema = z.strictObject({
  kind: z
    .literal('doubly-normalised')
    .describe('Softmax over the queries, then each row over its sum (arXiv 2009.14308)'),
});

export const attention: AttentionVariant<'doubly-normalised', typeof schema> = {
  kind: 'doubly-normalised',
  schema,
  weights: QKV,
  closedForm: false,
  add: (b, shape, i, input) => multiHead(b, shape, i, input, { fn: 'columnsoftmax', behind: 'rownorm' }),
};
