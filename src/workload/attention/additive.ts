/** Efficient additive attention: one vector for the whole image, a weighted sum of all queries, multiplies the keys; no product of two activations (SwiftFormer, arXiv 2303.15446; Amshaker/SwiftFormer models/swiftformer.py). */
import * as z from 'zod';
import type { AttentionVariant } from '../attention-variant.ts';
import { matrixAt } from '../encoder-shape.ts';
import type { Stage } from '../op.ts';

const schema = z.strictObject({
  kind: z
    .literal('additive')
    .describe(
      'A weighted sum of all queries times each key; Q, K and two layers behind (SwiftFormer, arXiv 2303.15446)',
    ),
  eps: z.number().positive().default(1e-12).describe('Smallest length that is divided by'),
});

export const attention: AttentionVariant<'additive', typeof schema> = {
  kind: 'additive',
  schema,
  weights: ['q', 'k', 'score', 'mix', 'final'],
  closedForm: false,
  add(b, shape, i, input, { eps }) {
    const { tokens: rows, dim, qkvBias } = shape;
    const at = (name: string, stage: Stage) => matrixAt(shape, i, name, stage);
    const x = input.tokens();
    const whole = { rows, rowLength: dim };
    const [q, k] = (['q', 'k'] as const).map(name => {
      const id = b.linear(at(name, 'qkv'), x, { rows, in: dim, out: dim, bias: qkvBias });
      return b.vector(at(`${name}Norm`, 'softmax'), 'l2norm', [id], { ...whole, eps });
    });
    const score = b.linear(at('score', 'qk'), q, { rows, in: dim, out: 1, bias: false });
    const scale = { rows, rowLength: 1, scale: 1 / Math.sqrt(dim) };
    const scaled = b.vector(at('scale', 'qk'), 'scale', [score], scale);
    // Over all tokens: as one row.
    const across = b.layout(at('across', 'softmax'), [scaled], turned(rows, 1));
    const normed = b.vector(at('scoreNorm', 'softmax'), 'l2norm', [across], {
      rows: 1,
      rowLength: rows,
      eps,
    });
    const down = b.layout(at('down', 'softmax'), [normed], turned(1, rows));
    const weighted = b.vector(at('weighted', 'sv'), 'multiply', [q, down], { ...whole, second: 'segment' });
    const global = b.vector(at('global', 'sv'), 'sum', [weighted], whole);
    const keys = b.vector(at('keys', 'sv'), 'multiply', [k, global], { ...whole, second: 'row' });
    const mix = b.linear(at('mix', 'projection'), keys, { rows, in: dim, out: dim });
    const sum = b.vector(at('sum', 'projection'), 'add', [mix, q], whole);
    return {
      output: b.linear(at('final', 'projection'), sum, { rows, in: dim, out: dim }),
      projected: true,
    };
  },
};

/** One column as one row, or back. */
const turned = (rows: number, columns: number) =>
  ({
    parts: [{ rows, columns }],
    join: 'columns',
    dims: [rows, columns],
    axes: [1, 0],
    rows: columns,
    columns: rows,
  }) as const;
