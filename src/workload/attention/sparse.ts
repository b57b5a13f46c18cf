/** Sparse attention with a fixed mask, Q and K through an auto-encoder over the heads (ViTCoD, HPCA 2023, arXiv 2210.09573; GATECH-EIC/ViTCoD Algorithm/deit/timm/vision_transformer.py). */
import * as z from 'zod';
import type { AttentionVariant } from '../attention-variant.ts';
import { matrixAt } from '../encoder-shape.ts';
import { QKV } from '../multi-head.ts';
import type { Stage } from '../op.ts';
import { permuted } from '../reorder.ts';

const schema = z
  .strictObject({
    kind: z.literal('sparse').describe('A fixed mask: so many entries of the map are computed (ViTCoD)'),
    density: z.number().gt(0).lte(1).optional().describe('Share of the map that is computed; 1: all of it'),
    entries: z
      .int()
      .positive()
      .optional()
      .describe(
        'Entries of the map that are computed, of all heads of an encoder together, instead of density',
      ),
    headCodec: z
      .int()
      .positive()
      .optional()
      .describe(
        'Heads that Q and K are encoded to, value by value, and decoded from; absent: no auto-encoder',
      ),
  })
  .refine(({ density, entries }) => (density === undefined) !== (entries === undefined), {
    message: 'a density or a number of entries is needed, one of the two',
  });

export const attention: AttentionVariant<'sparse', typeof schema> = {
  kind: 'sparse',
  schema,
  weights: [...QKV, 'encoderQ', 'decoderQ', 'encoderK', 'decoderK'],
  closedForm: false,
  check({ tokens, heads }, _, { entries = 0, headCodec = 1 }) {
    const all = heads * tokens * tokens;
    if (entries > all) return `${entries} of the ${all} entries of its map cannot be computed`;
    return headCodec > heads ? `an auto-encoder of ${heads} heads has no ${headCodec}` : undefined;
  },
  add(b, shape, i, source, { density = 1, entries, headCodec }) {
    const { tokens: n, dim, heads, qkvBias } = shape;
    const d = dim / heads;
    const at = (name: string, stage: Stage) => matrixAt(shape, i, name, stage);
    const input = source.tokens();
    const [q, k, v] = QKV.map(name =>
      b.linear(at(name, 'qkv'), input, { rows: n, in: dim, out: dim, bias: qkvBias }),
    );
    const coded = (name: 'Q' | 'K', x: string): string => {
      if (headCodec === undefined) return x;
      const columns = { dims: [n, heads, d], axes: [0, 2, 1] };
      const all = { id: x, rows: n, columns: dim };
      const apart = permuted(b, at(`codecIn${name}`, 'qkv'), all, columns, all);
      // One small matrix for every value of a head.
      const layer = (layerName: string, from: string, inSize: number, out: number): string => {
        const copies = { filters: 1, order: 'tiled' } as const;
        const sizes = { rows: n, groups: d, in: inSize, out, copies };
        return b.grouped(at(`${layerName}${name}`, 'qkv'), from, sizes);
      };
      const code = layer('encoder', apart.id, heads, headCodec);
      const id = layer('decoder', code, headCodec, heads);
      const back = { dims: [n, d, heads], axes: [0, 2, 1] };
      return permuted(b, at(`codecOut${name}`, 'qkv'), { ...all, id }, back, all).id;
    };
    const all = heads * n * n;
    const computed = entries ?? Math.max(1, Math.round(density * all));
    const some = computed === all ? {} : { entries: computed };
    const product = { batch: heads, m: n, ...some };
    const scores = b.dynamic(at('qk', 'qk'), coded('Q', q), coded('K', k), {
      ...product,
      k: d,
      n,
      transposed: true,
    });
    const sizes = { rows: n, rowLength: n, batch: heads, scale: 1 / Math.sqrt(d) };
    const map = b.vector(at('softmax', 'softmax'), computed === all ? 'softmax' : 'maskedsoftmax', [scores], {
      ...sizes,
      ...some,
    });
    const output = b.dynamic(at('sv', 'sv'), map, v, { ...product, k: n, n: d, transposed: false });
    return { output, map };
  },
};
