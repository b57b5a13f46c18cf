/** ShiftAddViT's linear attention with binary queries and keys: K^T V and Q (K^T V) are additions (arXiv 2306.06446; GATECH-EIC/ShiftAddViT pvt_v2.py, LinAngularAttention_binary). */
import * as z from 'zod';
import { angularProducts, LENGTH_EPS, localKernelField } from '../angular.ts';
import type { AttentionVariant } from '../attention-variant.ts';
import { matrixAt } from '../encoder-shape.ts';
import { QKV } from '../multi-head.ts';
import type { Stage } from '../op.ts';

const schema = z.strictObject({
  kind: z
    .literal('angular-binary')
    .describe(
      'Linear attention whose Q and K are 0 or 1, above the mean or not (ShiftAddViT, arXiv 2306.06446)',
    ),
  localKernel: localKernelField,
});

export const attention: AttentionVariant<'angular-binary', typeof schema> = {
  kind: 'angular-binary',
  schema,
  weights: [...QKV, 'local'],
  closedForm: false,
  add(b, shape, i, input, { localKernel }) {
    const { tokens: rows, dim, heads, qkvBias: bias } = shape;
    const at = (name: string, stage: Stage) => matrixAt(shape, i, name, stage);
    const x = input.tokens();
    const [qx, kx, v] = QKV.map(name => b.linear(at(name, 'qkv'), x, { rows, in: dim, out: dim, bias }));
    const width = dim / heads;
    const codes = (name: string, from: string): string => {
      const unit = b.vector(at(`${name}Unit`, 'softmax'), 'l2norm', [from], {
        rows,
        rowLength: width,
        batch: heads,
        eps: LENGTH_EPS,
      });
      return b.vector(at(`${name}Codes`, 'softmax'), 'abovemean', [unit], { rows, rowLength: dim });
    };
    const [q, k] = [codes('q', qx), codes('k', kx)];
    return angularProducts({ b, shape, i }, { q, k, v, width }, localKernel);
  },
};
