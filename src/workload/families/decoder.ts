/** Decoders, which write a text token by token: GPT-2 (Radford et al. 2019), OPT (arXiv 2205.01068), Llama (arXiv 2302.13971, 2407.21783), Qwen3 (arXiv 2505.09388). */
import * as z from 'zod';
import { type AttentionOptions, checkAttention } from '../attention.ts';
import type { Place } from '../builder.ts';
import type { DecoderStep } from '../decoder-step.ts';
import { addEncoders } from '../encoder.ts';
import { addNorm } from '../encoder-norm.ts';
import type { EncoderShape } from '../encoder-shape.ts';
import { routeFields } from '../experts.ts';
import type { Family } from '../family.ts';
import { checkEncoder, encoderFields, encoderShape, hiddenSize, positiveInt } from '../model-fields.ts';
import type { Stage } from '../op.ts';
import { positionRows } from '../positions.ts';

/** Attention that looks at no later token. */
const CAUSAL: readonly string[] = ['causal', 'none'];

/** Attention where nothing is said. */
const DEFAULT: AttentionOptions = { kind: 'causal', headNorm: false, scale: 'head', scaleByLayer: false };

/** What other text networks have, and this has not: segment types, classes, padding. */
const ABSENT: { readonly types: number; readonly classes?: undefined; readonly padding?: undefined } = {
  types: 0,
};

/** A prompt by itself, of which the last token's words are asked for. */
const PROMPT: DecoderStep = { past: 0, logits: 'last' };

/** Causal where nothing else is said. */
const withAttention = <M extends { readonly attention?: AttentionOptions | undefined }>(m: M) => ({
  ...m,
  attention: m.attention ?? DEFAULT,
});

const schema = z
  .strictObject({
    family: z.literal('decoder').describe('Text decoder: causal attention with a cache of keys and values'),
    ...encoderFields,
    tokens: positiveInt.describe('Tokens of the prompt; can be set per run'),
    maxTokens: positiveInt.describe('The longest text, prompt and what follows it together'),
    vocabulary: positiveInt.describe('Rows of the word embedding'),
    positions: z
      .enum(['learned', 'none'])
      .describe(
        'learned: a row of a table is added to each token; none: rotary attention tells places apart',
      ),
    positionOffset: z
      .int()
      .nonnegative()
      .default(0)
      .describe('Rows of the table before that of the first token (OPT: 2)'),
    norm: z
      .enum(['pre', 'post'])
      .default('pre')
      .describe(
        'Norms before attention and MLP and after the last of them, or after their residual additions',
      ),
    normBy: z
      .enum(['layernorm', 'rmsnorm'])
      .default('layernorm')
      .describe('LayerNorm, or RMSNorm, which has a gain alone'),
    normEps: z.number().positive().default(1e-5).describe('Epsilon of the norms'),
    projectionBias: z.boolean().default(true).describe('The layer behind attention has a bias'),
    mlpBias: z.boolean().default(true).describe('The layers of the MLP have a bias'),
    experts: z
      .strictObject({
        count: positiveInt.max(2 ** 10).describe('Experts of each MLP'),
        routerBias: z.boolean().default(false).describe('The layer that chooses has a bias'),
        ...routeFields,
      })
      .optional()
      .describe('Each MLP is so many experts, of which every token takes the best; absent: one MLP'),
    tokenizer: z
      .enum(['none', 'bytes'])
      .default('none')
      .describe(
        'How a text becomes token ids here: bytes, each byte of its UTF-8 is one; none: ids are given',
      ),
    tiedWords: z
      .boolean()
      .default(true)
      .describe('The last matrix is the word embedding, instead of one of its own'),
  })
  .superRefine((m, ctx) => {
    const issue = (path: (string | number)[], message: string): void =>
      ctx.addIssue({ code: 'custom', path, message });
    // Heads of a width of their own need not divide dim.
    const own = m.attention?.kind === 'causal' && m.attention.headDim !== undefined;
    checkEncoder(own ? { ...m, heads: 1 } : m, ctx);
    if (!CAUSAL.includes(m.attention?.kind ?? 'causal'))
      issue(['attention', 'kind'], 'a decoder sees no later token: causal or none');
    m.attentionExceptions?.forEach(({ attention }, i) => {
      if (!CAUSAL.includes(attention.kind))
        issue(
          ['attentionExceptions', i, 'attention', 'kind'],
          'a decoder sees no later token: causal or none',
        );
    });
    checkAttention(withAttention(m), { ...m, grid: undefined, learned: 0 }, ctx);
    if (m.shareWeights > 1)
      issue(['shareWeights'], 'blocks on the same arrays cannot keep their keys and values apart: 1');
    if (m.positions === 'none' && m.positionOffset > 0)
      issue(['positionOffset'], 'there are no positions that could begin later; leave it out');
    if (m.tokens > m.maxTokens)
      issue(['tokens'], `${m.tokens} tokens are more than the ${m.maxTokens} of the longest text`);
    const { experts } = m;
    if (experts !== undefined && experts.top > experts.count)
      issue(['experts', 'top'], `a token cannot go to ${experts.top} of ${experts.count} experts`);
  })
  .transform(m => ({
    ...withAttention(m),
    hidden: hiddenSize(m),
    ...ABSENT,
    ...PROMPT,
  }));

type DecoderModel = z.output<typeof schema>;

/** What its blocks are. */
function shapeOf(model: DecoderModel): EncoderShape {
  const { tokens, norm, normBy, projectionBias, mlpBias, past, experts } = model;
  const own = { normBy, projectionBias, mlpBias, past, experts };
  return { ...encoderShape(model, tokens, norm), ...own };
}

export const family: Family<typeof schema> = {
  name: 'decoder',
  schema,
  build(b, model, reuse) {
    const { dim, tokens, vocabulary, past, logits, positionOffset } = model;
    const first = model.positions === 'none' ? 0 : past + positionOffset;
    const sizes = { rows: tokens, rowLength: dim, parameters: (vocabulary + positionRows(model)) * dim };
    const options = first === 0 ? sizes : { ...sizes, first };
    const words = b.vector(at('embedding', 'embedding'), 'embed', [], options);
    const shape = shapeOf(model);
    const y = addEncoders(b, shape, { count: model.encoders, input: words, reuse });
    const normed = model.norm === 'pre' ? addNorm(b, at('norm', 'norm'), y.id, shape) : y.id;
    const last = { from: tokens, to: 1, width: dim, change: 'slice', start: tokens - 1 } as const;
    const one = logits === 'last' && tokens > 1;
    const read = one ? b.tokens(at('head.token', 'pool'), normed, last) : normed;
    const rows = one ? 1 : tokens;
    b.linear(at('words', 'head'), read, { rows, in: dim, out: vocabulary, bias: false });
    // The checkpoint has these values once; the chip has them on crossbars beside the table.
    if (model.tiedWords) b.idleParameters -= vocabulary * dim;
  },
};

const at = (id: string, stage: Stage): Place => ({ id, stage, encoder: null });
