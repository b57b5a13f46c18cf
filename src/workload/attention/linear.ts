/** Linear attention: (elu(Q) + 1)((elu(K) + 1)^T V) over (elu(Q) + 1) times the sum of elu(K) + 1 (Katharopoulos et al., arXiv 2006.16236). */
import * as z from 'zod';
import type { AttentionVariant } from '../attention-variant.ts';
import { matrixAt } from '../encoder-shape.ts';
import { QKV } from '../multi-head.ts';
import type { Stage } from '../op.ts';

/** As its code has it (idiap/fast-transformers attention/linear_attention.py). */
const EPS = 1e-6;

const schema = z.strictObject({
  kind: z
    .literal('linear')
    .describe('(elu(Q) + 1)((elu(K) + 1)^T V) over its sums; K^T V first (arXiv 2006.16236)'),
});

export const attention: AttentionVariant<'linear', typeof schema> = {
  kind: 'linear',
  schema,
  weights: QKV,
  closedForm: false,
  add(b, shape, i, input) {
    const { tokens: rows, dim, heads: batch, qkvBias: bias } = shape;
    const at = (name: string, stage: Stage) => matrixAt(shape, i, name, stage);
    const x = input.tokens();
    const one = { rows, rowLength: dim };
    const [q, k, v] = QKV.map(name => b.linear(at(name, 'qkv'), x, { rows, in: dim, out: dim, bias }));
    const [queries, keys] = [q, k].map((id, side) =>
      b.vector(at(side === 0 ? 'qElu' : 'kElu', 'softmax'), 'elu1', [id], one),
    );
    const width = dim / batch;
    const kv = b.dynamic(at('kv', 'qk'), keys, v, {
      batch,
      m: width,
      k: rows,
      n: width,
      transposed: false,
      streamedTransposed: true,
    });
    const sum = b.vector(at('keySum', 'qk'), 'sum', [keys], one);
    const sizes = { batch, m: rows, k: width };
    const mixed = b.dynamic(at('sv', 'sv'), queries, kv, { ...sizes, n: width, transposed: false });
    const sums = b.dynamic(at('sums', 'sv'), queries, sum, { ...sizes, n: 1, transposed: true });
    const quotient = { rows, rowLength: width, batch, second: 'segment', eps: EPS } as const;
    return { output: b.vector(at('divide', 'softmax'), 'divide', [mixed, sums], quotient) };
  },
};
