/** ShiftAddViT's linear attention on hash codes: queries and keys are one matrix, whose distances to anchors give a few bits a token (arXiv 2306.06446; GATECH-EIC/ShiftAddViT pvt_v2.py, LinAngularAttention_ksh; EcoFormer, arXiv 2209.09004). */
import * as z from 'zod';
import { angularProducts, LENGTH_EPS, localKernelField } from '../angular.ts';
import type { AttentionVariant } from '../attention-variant.ts';
import { matrixAt } from '../encoder-shape.ts';
import { expertLinear, matrixExpertsField } from '../experts.ts';
import type { Stage } from '../op.ts';

const schema = z.strictObject({
  kind: z
    .literal('angular-hash')
    .describe(
      'Linear attention on kernel-based hash codes of one matrix for Q and K (ShiftAddViT, arXiv 2306.06446)',
    ),
  bits: z.int().positive().default(16).describe('Bits of a code'),
  anchors: z
    .int()
    .positive()
    .default(25)
    .describe('Stored tokens of each head, to which distances are taken'),
  localKernel: localKernelField,
  experts: matrixExpertsField.describe('Each of its two matrices is such experts; absent: one matrix'),
});

export const attention: AttentionVariant<'angular-hash', typeof schema> = {
  kind: 'angular-hash',
  schema,
  weights: ['qk', 'v', 'anchors', 'center', 'codes', 'local'],
  closedForm: false,
  add(b, shape, i, input, { bits, anchors, localKernel, experts }) {
    const { tokens: rows, dim, heads, qkvBias: bias } = shape;
    const at = (name: string, stage: Stage) => matrixAt(shape, i, name, stage);
    // Anchors, their mean and the codes' directions are found from images, encoder by encoder.
    const found = (name: string) =>
      ({ id: `e${i}.${name}`, stage: 'softmax', encoder: i, buffer: true }) as const;
    const x = input.tokens();
    const [qk, v] = (['qk', 'v'] as const).map(name =>
      expertLinear(b, at(name, 'qkv'), x, { rows, in: dim, out: dim, bias }, experts),
    );
    const width = dim / heads;
    const unit = b.vector(at('unitQk', 'softmax'), 'l2norm', [qk], {
      rows,
      rowLength: width,
      batch: heads,
      eps: LENGTH_EPS,
    });
    // Anchors were tokens of length 1 too, so that a squared distance is 2 - 2 x the product.
    const products = b.grouped(found('anchors'), unit, {
      rows,
      groups: heads,
      in: width,
      out: anchors,
      bias: false,
    });
    const all = { rows, rowLength: heads * anchors };
    const distances = b.vector(at('distances', 'softmax'), 'scale', [products], {
      ...all,
      scale: -2,
      offset: 2,
    });
    const kernel = b.vector(at('kernel', 'softmax'), 'gaussian', [distances], {
      rows,
      rowLength: anchors,
      batch: heads,
    });
    const centered = b.vector(found('center'), 'add', [kernel], {
      ...all,
      parameters: heads * anchors,
      second: 'row',
      scale: -1,
    });
    const hashed = b.grouped(found('codes'), centered, {
      rows,
      groups: heads,
      in: anchors,
      out: bits,
      bias: false,
    });
    const codes = b.vector(at('step', 'softmax'), 'step', [hashed], { rows, rowLength: heads * bits });
    return angularProducts({ b, shape, i }, { q: codes, k: codes, v, width: bits }, localKernel);
  },
};
