/** Plain transformer encoders one after another (ViT, arXiv 2010.11929; BERT, arXiv 1810.04805): their attention can be reused. */
import * as z from 'zod';
import { attentionField, attentionOfEncoders } from '../attention.ts';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { encoderOptions, positiveInt } from '../model-fields.ts';

const { heads, mlpRatio, qkvBias, activation, gatedMlp } = encoderOptions;

const schema = z.strictObject({
  ...layerFields('encoders', 'Plain encoders: attention and MLP, each with its norm and residual'),
  count: positiveInt.max(256).default(1).describe('How many'),
  heads,
  mlpRatio: mlpRatio.default(4),
  qkvBias,
  activation,
  gatedMlp,
  attention: attentionField,
  norm: z.enum(['pre', 'post', 'res-post', 'pre-sum']).default('pre').describe('Where the LayerNorms stand'),
  normEps: z.number().positive().default(1e-6).describe('Epsilon of the LayerNorms'),
});

export const layer: LayerKind<'encoders', typeof schema> = {
  kind: 'encoders',
  schema: () => schema,
  add(scope, x, { count, attention, ...options }) {
    const { rows: tokens, columns: dim, grid, learned } = x;
    if (dim % options.heads !== 0)
      scope.refuse(`${options.heads} heads do not divide ${dim} channels`, 'heads');
    const hidden = dim * options.mlpRatio;
    if (!Number.isInteger(hidden))
      scope.refuse(`${dim} channels x ${options.mlpRatio} is not a whole number of hidden units`, 'mlpRatio');
    const sizes = { tokens, dim, grid, learned, hidden, branchScale: 1, share: 1 };
    const shape = { ...options, ...sizes, attention: attentionOfEncoders(attention) };
    const { state } = scope;
    for (let i = 0; i < count; i++) {
      const problem = shape.attention(i).check(shape, state.encoders + i);
      if (problem !== undefined) scope.refuse(problem, 'attention');
    }
    state.shape ??= shape;
    let id = scope.idOf(x);
    for (let i = 0; i < count; i++) ({ id } = state.chain.add(shape, state.encoders++, id));
    const { map, tokens: mapped } = state.chain.attending ?? {};
    const own = map === undefined || mapped !== tokens ? undefined : { id: map, heads: options.heads };
    return { ...x, id, map: own };
  },
};
