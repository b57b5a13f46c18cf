/** BERT: word, position and type embeddings, post-norm encoders, no convolution (Devlin et al., arXiv 1810.04805). The output is the sequence; the pooler runs only if asked for. */
import * as z from 'zod';
import type { Place } from '../builder.ts';
import { addEncoders } from '../encoder.ts';
import type { Family } from '../family.ts';
import { checkEncoder, encoderFields, encoderShape, hiddenSize, positiveInt } from '../model-fields.ts';
import type { Stage } from '../op.ts';

const schema = z
  .strictObject({
    family: z.literal('bert').describe('Text encoder with learned positions'),
    ...encoderFields,
    normEps: z.number().positive().default(1e-12).describe('Epsilon of the LayerNorms'),
    tokens: positiveInt.describe('Sequence length of a run; can be set per run'),
    maxTokens: positiveInt.describe('Rows of the position embedding: the longest sequence'),
    vocabulary: positiveInt.describe('Rows of the word embedding'),
    types: positiveInt.default(2).describe('Rows of the segment-type embedding'),
    classes: positiveInt
      .optional()
      .describe('Outputs of a classifier on the pooled first token, which needs pooler: run; absent: none'),
    pooler: z
      .enum(['none', 'stored', 'run'])
      .default('stored')
      .describe('The dim x dim layer on the first token: absent, in the checkpoint but not run, or run'),
  })
  .superRefine((m, ctx) => {
    checkEncoder(m, ctx);
    if (m.classes !== undefined && m.pooler !== 'run')
      ctx.addIssue({
        code: 'custom',
        path: ['classes'],
        message: `a classifier reads the pooled token, but pooler is ${m.pooler}; write pooler: run`,
      });
    if (m.tokens > m.maxTokens)
      ctx.addIssue({
        code: 'custom',
        path: ['tokens'],
        message: `${m.tokens} tokens are more than the ${m.maxTokens} position embeddings`,
      });
  })
  .transform(m => ({ ...m, hidden: hiddenSize(m) }));

export const family: Family<typeof schema> = {
  name: 'bert',
  schema,
  build(b, model, reuse) {
    const { dim, tokens, normEps } = model;
    const parameters = (model.vocabulary + model.maxTokens + model.types) * dim;
    const words = b.vector(at('embedding', 'embedding'), 'embed', [], {
      rows: tokens,
      rowLength: dim,
      parameters,
    });
    const x = b.layerNorm(at('embedding.norm', 'embedding'), words, tokens, dim, normEps);
    const y = addEncoders(b, encoderShape(model, tokens, 'post'), { count: model.encoders, input: x, reuse });
    if (model.pooler === 'stored') b.idleParameters += dim * dim + dim;
    if (model.pooler !== 'run') return;
    const first = { from: tokens, to: 1, width: dim, change: 'slice', start: 0 } as const;
    const pooled = b.linear(at('pooler', 'head'), b.tokens(at('pooler.token', 'pool'), y.id, first), {
      rows: 1,
      in: dim,
      out: dim,
    });
    const active = b.vector(at('pooler.tanh', 'head'), 'tanh', [pooled], { rows: 1, rowLength: dim });
    if (model.classes !== undefined)
      b.linear(at('classifier', 'head'), active, { rows: 1, in: dim, out: model.classes });
  },
};

const at = (id: string, stage: Stage): Place => ({ id, stage, encoder: null });
