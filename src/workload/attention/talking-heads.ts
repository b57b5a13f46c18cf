/** Talking-heads attention (Shazeer et al., arXiv 2003.02436): heads are mixed before and behind the softmax; with MiniViT's positions, the product of each query with a learned vector for where the key is from it (arXiv 2204.07154, 2107.14222; microsoft/Cream MiniViT/Mini-DeiT). */
import * as z from 'zod';
import type { AttentionVariant } from '../attention-variant.ts';
import type { Place } from '../builder.ts';
import { matrixAt, opAt } from '../encoder-shape.ts';
import { QKV } from '../multi-head.ts';
import type { Stage } from '../op.ts';
import { permuted } from '../reorder.ts';

const schema = z.strictObject({
  kind: z
    .literal('talking-heads')
    .describe(
      'Heads are mixed before and behind the softmax (arXiv 2003.02436); each encoder has mixes of its own',
    ),
  relativeBuckets: z
    .int()
    .min(49)
    .optional()
    .describe(
      "Learned vectors for where a key is from a query, 49 of which are for different places (MiniViT's product buckets at ratio 1.9); absent: none",
    ),
});

const MIXES = ['mixBefore', 'mixBehind'] as const;

export const attention: AttentionVariant<'talking-heads', typeof schema> = {
  kind: 'talking-heads',
  schema,
  weights: [...QKV, ...MIXES, 'positionVectors'],
  closedForm: false,
  check: ({ grid, learned }, _, { relativeBuckets }) =>
    relativeBuckets !== undefined && (grid === undefined || learned > 0)
      ? 'places of keys need the whole grid of patches, without tokens in front'
      : undefined,
  add(b, shape, i, source, { relativeBuckets }) {
    const { tokens: n, dim, heads, qkvBias, grid } = shape;
    const d = dim / heads;
    const at = (name: string, stage: Stage): Place => matrixAt(shape, i, name, stage);
    /** Matrices that encoders on shared weights do not share. */
    const own = (name: string, stage: Stage): Place => opAt(i, name, stage);
    const input = source.tokens();
    const [q, k, v] = QKV.map(name =>
      b.linear(at(name, 'qkv'), input, { rows: n, in: dim, out: dim, bias: qkvBias }),
    );
    const sizes = { rows: n, rowLength: n, batch: heads };
    const product = { batch: heads, m: n, k: d, n, transposed: true };
    let scores = b.dynamic(at('qk', 'qk'), q, k, product);
    if (relativeBuckets !== undefined && grid !== undefined) {
      const table = { rows: n, groups: heads, in: d, out: relativeBuckets, bias: false };
      const copies = { filters: 1, order: 'tiled' } as const;
      const products = b.grouped(own('positionVectors', 'qk'), q, { ...table, copies });
      const spread = { rows: n, rowLength: relativeBuckets, batch: heads, grid };
      const places = b.vector(own('positions', 'qk'), 'placescores', [products], spread);
      scores = b.vector(own('positionSum', 'qk'), 'add', [scores, places], sizes);
    }
    const mixed = (name: (typeof MIXES)[number], x: string): string => {
      const all = { id: x, rows: n, columns: heads * n };
      const order = { dims: [n, heads, n], axes: [0, 2, 1] };
      const byKey = permuted(b, own(`${name}In`, 'softmax'), all, order, all);
      const mix = { rows: n, groups: n, in: heads, out: heads, bias: false };
      const copies = { filters: 1, order: 'tiled' } as const;
      const id = b.grouped(own(name, 'softmax'), byKey.id, { ...mix, copies });
      const back = { dims: [n, n, heads], axes: [0, 2, 1] };
      return permuted(b, own(`${name}Out`, 'softmax'), { ...all, id }, back, all).id;
    };
    const before = mixed(
      'mixBefore',
      b.vector(own('scale', 'softmax'), 'scale', [scores], { ...sizes, scale: 1 / Math.sqrt(d) }),
    );
    const map = mixed('mixBehind', b.vector(at('softmax', 'softmax'), 'softmax', [before], sizes));
    const output = b.dynamic(at('sv', 'sv'), map, v, { ...product, k: n, n: d, transposed: false });
    return { output, map };
  },
};
