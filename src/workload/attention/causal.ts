/** Attention of decoders: each token attends to itself and to those before it, whose keys and values stay in a cache (Vaswani et al. 2017; Radford et al. 2019); heads may share keys (arXiv 2305.13245), and Q and K may be normed and turned by their positions. */
import * as z from 'zod';
import type { AttentionVariant } from '../attention-variant.ts';
import type { GraphBuilder, Place } from '../builder.ts';
import { seenEntries } from '../causal.ts';
import { type EncoderShape, matrixAt } from '../encoder-shape.ts';
import { QKV } from '../multi-head.ts';
import type { Stage } from '../op.ts';
import { permuted } from '../reorder.ts';
import { rotaryField } from '../rotary.ts';

const schema = z.strictObject({
  kind: z
    .literal('causal')
    .describe('Each token attends to itself and to those before it, whose keys and values are cached'),
  kvHeads: z
    .int()
    .positive()
    .optional()
    .describe(
      'Heads of keys and values, each shared by so many heads of queries; 1: multi-query; absent: as many as heads',
    ),
  headDim: z.int().positive().optional().describe('Width of a head; absent: dim / heads'),
  headNorm: z.boolean().default(false).describe('RMSNorm of each head of Q and of K, one gain for all heads'),
  rotary: rotaryField,
  span: z
    .int()
    .positive()
    .optional()
    .describe(
      'A token attends to so many at most, itself included (sliding window); absent: to all before it',
    ),
  scale: z
    .enum(['head', 'none'])
    .default('head')
    .describe('head: scores are divided by the root of the width of a head; none: they are not'),
  scaleByLayer: z
    .boolean()
    .default(false)
    .describe("Scores are divided by the layer's number, from 1, as well"),
});

type Options = z.output<typeof schema>;

const kvHeadsOf = ({ heads }: { readonly heads: number }, { kvHeads = heads }: Options): number => kvHeads;

const headDimOf = (
  { dim, heads }: { readonly dim: number; readonly heads: number },
  { headDim = dim / heads }: Options,
): number => headDim;

export const attention: AttentionVariant<'causal', typeof schema> = {
  kind: 'causal',
  schema,
  weights: [...QKV, 'qNorm', 'kNorm'],
  closedForm: false,
  check(place, _, options) {
    const { heads, learned, grid } = place;
    const kvHeads = kvHeadsOf(place, options);
    const headDim = headDimOf(place, options);
    if (grid !== undefined || learned > 0) return 'causal attention is one of texts, not of patches';
    if (heads % kvHeads !== 0) return `${kvHeads} heads of keys do not divide ${heads} heads of queries`;
    if (!Number.isInteger(headDim)) return `${heads} heads do not divide ${place.dim} columns; write headDim`;
    if (options.rotary !== undefined && headDim % 2 !== 0)
      return `rotary positions turn pairs: heads of ${headDim} columns have none`;
    return undefined;
  },
  add(b, shape, i, source, options) {
    const { tokens: rows, dim, heads, qkvBias: bias, past = 0 } = shape;
    const { span } = options;
    const kvHeads = kvHeadsOf(shape, options);
    const headDim = headDimOf(shape, options);
    const group = heads / kvHeads;
    const at = (name: string, stage: Stage): Place => matrixAt(shape, i, name, stage);
    const input = source.tokens();
    const [q, k, v] = QKV.map((name, place) => {
      const own = place === 0 ? heads : kvHeads;
      const id = b.linear(at(name, 'qkv'), input, { rows, in: dim, out: own * headDim, bias });
      return place === 2 ? id : placedHeads(b, shape, at, { id, name, heads: own, headDim }, options);
    });
    // A window of the past is all that anyone will look at again.
    const cached = span === undefined ? past : Math.min(past, span - 1);
    const keys = cached + rows;
    const entries = seenEntries({ cached, span }, rows, heads);
    const some = entries === heads * rows * keys ? {} : { entries };
    // Heads that share keys are rows of one product: the keys are written once.
    const queries =
      group === 1
        ? q
        : permuted(
            b,
            at('qGroup', 'qk'),
            { id: q, rows, columns: heads * headDim },
            { dims: [rows, kvHeads, group, headDim], axes: [0, 2, 1, 3] },
            { rows: rows * group, columns: kvHeads * headDim },
          ).id;
    const product = { batch: kvHeads, m: rows * group, cached, ...some };
    const scores = b.dynamic(at('qk', 'qk'), queries, k, {
      ...product,
      k: headDim,
      n: keys,
      transposed: true,
    });
    const sizes = { rows: rows * group, rowLength: keys, batch: kvHeads };
    const map = b.vector(at('softmax', 'softmax'), 'causalsoftmax', [scores], {
      ...sizes,
      ...some,
      scale: (options.scale === 'head' ? 1 / Math.sqrt(headDim) : 1) / (options.scaleByLayer ? i + 1 : 1),
      causal: { cached, group, span },
    });
    const mixed = b.dynamic(at('sv', 'sv'), map, v, { ...product, k: keys, n: headDim, transposed: false });
    const width = heads * headDim;
    if (group === 1) return { output: mixed, width };
    const { id: output } = permuted(
      b,
      at('svGroup', 'sv'),
      { id: mixed, rows: rows * group, columns: kvHeads * headDim },
      { dims: [rows, group, kvHeads, headDim], axes: [0, 2, 1, 3] },
      { rows, columns: width },
    );
    return { output, width };
  },
};

/** Q or K as they are multiplied: each head normed and turned where the options say so. */
function placedHeads(
  b: GraphBuilder,
  { tokens: rows, normEps, past = 0 }: EncoderShape,
  at: (name: string, stage: Stage) => Place,
  { id, name, heads, headDim }: { id: string; name: string; heads: number; headDim: number },
  { headNorm, rotary }: Options,
): string {
  const sizes = { rows, rowLength: headDim, batch: heads };
  const normed = headNorm ? b.rmsNorm(at(`${name}Norm`, 'qkv'), id, sizes, normEps) : id;
  if (rotary === undefined) return normed;
  return b.vector(at(`${name}Rotary`, 'qkv'), 'rotary', [normed], {
    ...sizes,
    rotary: { ...rotary, first: past },
  });
}
