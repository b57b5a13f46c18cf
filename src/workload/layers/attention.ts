/** Attention of any variant with its projection, without norm and residual: for blocks that are no plain encoder. */
import * as z from 'zod';
import { attentionField, attentionOf } from '../attention.ts';
import { addAttention } from '../encoder.ts';
import { matrixAt } from '../encoder-shape.ts';
import { expertLinear, matrixExpertsField } from '../experts.ts';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { addNorm, normField } from '../layer-parts.ts';
import { encoderOptions } from '../model-fields.ts';

const { heads, qkvBias } = encoderOptions;

const schema = z.strictObject({
  ...layerFields('attention', 'Attention and its projection, one in a block'),
  heads,
  qkvBias,
  attention: attentionField,
  bias: z.boolean().optional().describe('The projection has a bias; absent: where no norm follows'),
  norm: normField.describe('Norm behind the projection'),
  experts: matrixExpertsField.describe('The projection is such experts; absent: one matrix'),
});

export const layer: LayerKind<'attention', typeof schema> = {
  kind: 'attention',
  schema: () => schema,
  add(scope, x, { heads, qkvBias, attention, norm, experts, bias = norm === 'none' }) {
    const { rows: tokens, columns: dim, grid, learned } = x;
    const { encoder } = scope;
    if (encoder === null) return scope.refuse('attention stands in a block');
    if (dim % heads !== 0) scope.refuse(`${heads} heads do not divide ${dim} channels`, 'heads');
    const own = {
      tokens,
      dim,
      heads,
      hidden: 0,
      grid,
      learned,
      qkvBias,
      attention: () => attentionOf(attention),
    };
    const rest = {
      activation: 'gelu',
      normEps: 1e-6,
      norm: 'pre',
      gatedMlp: false,
      branchScale: 1,
      share: 1,
    } as const;
    const shape = { ...own, ...rest };
    const problem = shape.attention().check(shape, encoder);
    if (problem !== undefined) scope.refuse(problem, 'attention');
    scope.state.shape ??= shape;
    const given = scope.idOf(x);
    const mixed = scope.refusing(
      () => addAttention(scope.b, shape, encoder, { tokens: () => given, previous: undefined }),
      'attention',
    );
    if (mixed === undefined)
      return scope.refuse('this attention mixes nothing: leave the layer out', 'attention');
    const map = mixed.map === undefined ? undefined : { id: mixed.map, heads };
    if (mixed.projected) {
      if (experts !== undefined) scope.refuse('this attention has no projection', 'experts');
      return { ...x, id: mixed.output, map };
    }
    const { output, width = dim } = mixed;
    const place = matrixAt(shape, encoder, 'projection', 'projection');
    const sizes = { rows: tokens, in: width, out: dim, bias };
    const id = scope.refusing(() => expertLinear(scope.b, place, output, sizes, experts), 'experts');
    return { ...addNorm(scope, { ...x, id }, norm), map };
  },
};
