/** Coupling attention (Couplformer, arXiv 2112.05425; wer010/Couplformer src/utils/transformers_kronecker.py): the map of a head is the Kronecker product of one over the rows and one over the columns of the token grid, A V B^T for each channel. */
import * as z from 'zod';
import type { AttentionVariant } from '../attention-variant.ts';
import { matrixAt } from '../encoder-shape.ts';
import { QKV } from '../multi-head.ts';
import type { Stage } from '../op.ts';
import { permuted, type Values } from '../reorder.ts';

const schema = z.strictObject({
  kind: z
    .literal('kronecker')
    .describe('A map over the rows and one over the columns of the token grid (Couplformer)'),
});

export const attention: AttentionVariant<'kronecker', typeof schema> = {
  kind: 'kronecker',
  schema,
  weights: QKV,
  closedForm: false,
  check: ({ grid, learned }) =>
    grid === undefined || learned > 0
      ? 'kronecker attention needs the whole grid of patches, without tokens in front'
      : undefined,
  add(b, shape, i, source) {
    const { tokens, dim, heads, qkvBias, grid } = shape;
    const { height: h, width: w } = grid!;
    const d = dim / heads;
    const at = (name: string, stage: Stage) => matrixAt(shape, i, name, stage);
    const input = source.tokens();
    const [q, k, v] = QKV.map((name): Values => {
      const id = b.linear(at(name, 'qkv'), input, { rows: tokens, in: dim, out: dim, bias: qkvBias });
      return { id, rows: tokens, columns: dim };
    });
    /** softmax of Q K^T between lines, each the side by side of its tokens. */
    const map = (name: string, lines: number, order: readonly number[]): string => {
      const side = tokens / lines;
      const [from, to] = [q, k].map((x, j) =>
        permuted(
          b,
          at(`${name}${'QK'[j]}`, 'qk'),
          x,
          { dims: [h, w, heads, d], axes: order },
          { rows: lines, columns: heads * side * d },
        ),
      );
      const product = { batch: heads, m: lines, k: side * d, n: lines, transposed: true };
      const scores = b.dynamic(at(`${name}Qk`, 'qk'), from.id, to.id, product);
      const sizes = { rows: lines, rowLength: lines, batch: heads, scale: 1 / Math.sqrt(d) };
      return b.vector(at(`${name}Softmax`, 'softmax'), 'softmax', [scores], sizes);
    };
    // Rows x (heads, columns, channels), columns x (heads, rows, channels).
    const rowMap = map('row', h, [0, 2, 1, 3]);
    const columnMap = map('column', w, [1, 2, 0, 3]);
    const values = permuted(
      b,
      at('rowV', 'sv'),
      v,
      { dims: [h, w, heads, d], axes: [0, 2, 1, 3] },
      { rows: h, columns: heads * w * d },
    );
    const overRows = { batch: heads, m: h, k: h, n: w * d, transposed: false };
    const half = { id: b.dynamic(at('rowSv', 'sv'), rowMap, values.id, overRows), rows: h, columns: w * dim };
    const turned = permuted(
      b,
      at('columnV', 'sv'),
      half,
      { dims: [h, heads, w, d], axes: [2, 1, 0, 3] },
      { rows: w, columns: heads * h * d },
    );
    const overColumns = { batch: heads, m: w, k: w, n: h * d, transposed: false };
    const mixed = {
      id: b.dynamic(at('columnSv', 'sv'), columnMap, turned.id, overColumns),
      rows: w,
      columns: h * dim,
    };
    const back = permuted(
      b,
      at('merge', 'sv'),
      mixed,
      { dims: [w, heads, h, d], axes: [2, 0, 1, 3] },
      { rows: tokens, columns: dim },
    );
    return { output: back.id };
  },
};
