/** Fastmax attention (FAST, arXiv 2402.07901): scores of standardised Q and K go through the Taylor series of the exponential, so that K's monomials meet V first and no map of tokens x tokens is made. */
import * as z from 'zod';
import type { AttentionVariant } from '../attention-variant.ts';
import { matrixAt } from '../encoder-shape.ts';
import { QKV } from '../multi-head.ts';
import type { Stage } from '../op.ts';
import { permuted } from '../reorder.ts';

/** Epsilon of the standard deviation (PyTorch's of a LayerNorm; the paper names none). */
const EPS = 1e-5;

const schema = z.strictObject({
  kind: z.literal('fastmax').describe('Taylor series of the exponential of standardised Q K^T (FAST)'),
  order: z
    .union([z.literal(1), z.literal(2)])
    .default(1)
    .describe('Last power of the series; 2 by symmetric monomials, d (d + 1) / 2 of them'),
});

export const attention: AttentionVariant<'fastmax', typeof schema> = {
  kind: 'fastmax',
  schema,
  weights: QKV,
  closedForm: false,
  add(b, shape, i, source, { order }) {
    const { tokens: rows, dim, heads: batch, qkvBias } = shape;
    const d = dim / batch;
    const at = (name: string, stage: Stage) => matrixAt(shape, i, name, stage);
    const input = source.tokens();
    const [q, k, v] = QKV.map(name =>
      b.linear(at(name, 'qkv'), input, { rows, in: dim, out: dim, bias: qkvBias }),
    );
    const sizes = { rows, rowLength: d, batch };
    const features = (name: string, x: string): string => {
      const standard = b.vector(at(`${name}Standard`, 'qkv'), 'standardise', [x], { ...sizes, eps: EPS });
      return b.vector(at(`${name}Monomials`, 'qkv'), 'monomials', [standard], { ...sizes, order });
    };
    const width = 1 + d + (order === 2 ? (d * (d + 1)) / 2 : 0);
    // A column of ones in front of V adds up the weights of each query.
    const ones = b.vector(at('vOnes', 'qkv'), 'monomials', [v], { ...sizes, order: 1 });
    const product = { batch, n: d + 1, transposed: false };
    const written = { ...product, m: width, k: rows, streamedTransposed: true } as const;
    const kv = b.dynamic(at('kv', 'qk'), features('k', k), ones, written);
    const summed = b.dynamic(at('qkv', 'sv'), features('q', q), kv, { ...product, m: rows, k: width });
    const all = { id: summed, rows, columns: batch * (d + 1) };
    const cut = (name: string, start: number, size: number) =>
      permuted(
        b,
        at(name, 'sv'),
        all,
        { dims: [rows, batch, d + 1], axes: [0, 1, 2], take: { dim: 2, start, size } },
        { rows, columns: batch * size },
      );
    const [weights, values] = [cut('weights', 0, 1), cut('values', 1, d)];
    const output = b.vector(at('divide', 'sv'), 'divide', [values.id, weights.id], {
      ...sizes,
      second: 'segment',
    });
    return { output };
  },
};
