/** BERT, RoBERTa and DistilBERT: word, position and type embeddings, post-norm encoders, no convolution (arXiv 1810.04805, 1907.11692, 1910.01108). Without a head the output is the sequence; the pooler runs only if asked for. */
import * as z from 'zod';
import { checkAttention } from '../attention.ts';
import type { GraphBuilder, Place } from '../builder.ts';
import { addEncoders } from '../encoder.ts';
import { ACTIVATIONS, type Activation } from '../encoder-shape.ts';
import type { Family } from '../family.ts';
import { checkEncoder, encoderFields, encoderShape, hiddenSize, positiveInt } from '../model-fields.ts';
import type { Stage } from '../op.ts';
import { positionRows } from '../positions.ts';

/** What the pooler is followed by. */
const POOLER_ACTIVATIONS = ['tanh', 'relu'] as const;

const schema = z
  .strictObject({
    family: z.literal('bert').describe('Text encoder with learned positions'),
    ...encoderFields,
    normEps: z.number().positive().default(1e-12).describe('Epsilon of the LayerNorms'),
    tokens: positiveInt.describe('Sequence length of a run; can be set per run'),
    maxTokens: positiveInt.describe(
      'The longest sequence: rows of the position embedding that tokens can have',
    ),
    vocabulary: positiveInt.describe('Rows of the word embedding'),
    types: z
      .int()
      .nonnegative()
      .default(2)
      .describe('Rows of the segment-type embedding; 0: there is none (DistilBERT)'),
    padding: z
      .int()
      .nonnegative()
      .optional()
      .describe(
        'Token that has no position of its own: positions count the others, from padding + 1 (RoBERTa); absent: all, from 0',
      ),
    classes: positiveInt.optional().describe('Outputs of a classifier; absent: none'),
    head: z
      .enum(['pooled', 'tokens', 'words'])
      .default('pooled')
      .describe(
        'What is read out: classes of the pooled first token, which needs pooler: run; classes of each token; or words at each place, without classes (masked language model)',
      ),
    tiedWords: z
      .boolean()
      .default(true)
      .describe('head: words uses the word embedding as its last matrix, instead of one of its own'),
    pooler: z
      .enum(['none', 'stored', 'run'])
      .default('stored')
      .describe('The dim x dim layer on the first token: absent, in the checkpoint but not run, or run'),
    poolerActivation: z.enum(POOLER_ACTIVATIONS).default('tanh').describe('Activation behind the pooler'),
  })
  .superRefine((m, ctx) => {
    checkEncoder(m, ctx);
    checkAttention(m, { ...m, grid: undefined, learned: 0 }, ctx);
    const issue = (path: string, message: string): void =>
      ctx.addIssue({ code: 'custom', path: [path], message });
    if (m.classes !== undefined && m.head === 'pooled' && m.pooler !== 'run')
      issue('classes', `a classifier reads the pooled token, but pooler is ${m.pooler}; write pooler: run`);
    if (m.head !== 'pooled' && m.pooler === 'run')
      issue('pooler', `head: ${m.head} does not read the pooled token; write pooler: stored or none`);
    if (m.head === 'tokens' && m.classes === undefined) issue('classes', 'head: tokens needs classes');
    if (m.head === 'words' && m.classes !== undefined)
      issue('classes', `head: words tells all ${m.vocabulary} words apart; leave classes out`);
    if (m.tokens > m.maxTokens)
      issue('tokens', `${m.tokens} tokens are more than the ${m.maxTokens} position embeddings`);
  })
  .transform(m => ({ ...m, hidden: hiddenSize(m) }));

type BertModel = z.output<typeof schema>;

export const family: Family<typeof schema> = {
  name: 'bert',
  schema,
  build(b, model, reuse) {
    const { dim, tokens, normEps } = model;
    const parameters = (model.vocabulary + positionRows(model) + model.types) * dim;
    const words = b.vector(at('embedding', 'embedding'), 'embed', [], {
      rows: tokens,
      rowLength: dim,
      parameters,
    });
    const x = b.layerNorm(at('embedding.norm', 'embedding'), words, tokens, dim, normEps);
    const y = addEncoders(b, encoderShape(model, tokens, 'post'), { count: model.encoders, input: x, reuse });
    if (model.pooler === 'stored') b.idleParameters += dim * dim + dim;
    if (model.pooler === 'run') addPooled(b, model, y.id);
    else if (model.head === 'words') addWords(b, model, y.id);
    else if (model.classes !== undefined)
      b.linear(at('classifier', 'head'), y.id, { rows: tokens, in: dim, out: model.classes });
  },
};

/** The first token, pooled, and its classifier. */
function addPooled(b: GraphBuilder, { dim, tokens, classes, poolerActivation }: BertModel, y: string): void {
  const first = { from: tokens, to: 1, width: dim, change: 'slice', start: 0 } as const;
  const pooled = b.linear(at('pooler', 'head'), b.tokens(at('pooler.token', 'pool'), y, first), {
    rows: 1,
    in: dim,
    out: dim,
  });
  const place = at(`pooler.${poolerActivation}`, 'head');
  const active = b.vector(place, poolerActivation, [pooled], { rows: 1, rowLength: dim });
  if (classes !== undefined) b.linear(at('classifier', 'head'), active, { rows: 1, in: dim, out: classes });
}

/** The head of a masked language model: a layer, its activation and norm, and the words. */
function addWords(b: GraphBuilder, model: BertModel, y: string): void {
  const { dim, tokens, vocabulary, normEps, tiedWords } = model;
  const hidden = b.linear(at('words.transform', 'head'), y, { rows: tokens, in: dim, out: dim });
  const { fn, options } = ACTIVATIONS[model.activation satisfies Activation];
  const shape = { rows: tokens, rowLength: dim };
  const active = b.vector(at(`words.${fn}`, 'head'), fn, [hidden], { ...shape, ...options });
  const normed = b.layerNorm(at('words.norm', 'head'), active, tokens, dim, normEps);
  b.linear(at('words', 'head'), normed, { rows: tokens, in: dim, out: vocabulary });
  // The checkpoint has these values once; the chip has them on crossbars beside the table.
  if (tiedWords) b.idleParameters -= vocabulary * dim;
}

const at = (id: string, stage: Stage): Place => ({ id, stage, encoder: null });
