/** Linear attention of these tokens to those of a stored stream: elu(Q) + 1 times ((elu(K) + 1)^T V), over what the weights add up to (Katharopoulos et al., arXiv 2006.16236; read and write heads of ViTTM, pjjajal/EfficientTTMs models/vittm/rw_heads.py LinearAttention). */
import * as z from 'zod';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { linear, streamName } from '../layer-parts.ts';
import { positiveInt } from '../model-fields.ts';

/** As the reference has it. */
const EPS = 1e-6;

const schema = z.strictObject({
  ...layerFields('linear-attention', 'Linear attention of these tokens to those of a stored stream'),
  stream: streamName.describe('The stream that keys and values are of'),
  heads: positiveInt.describe('Attention heads; must divide the channels and latent'),
  latent: positiveInt.optional().describe('Columns of Q and K; absent: as many as there are channels'),
});

export const layer: LayerKind<'linear-attention', typeof schema> = {
  kind: 'linear-attention',
  schema: () => schema,
  add(scope, x, { stream, heads: batch, latent = x.columns }) {
    const { b } = scope;
    const { rows, columns: dim } = x;
    const from = scope.stream(stream, 'stream');
    for (const [name, width] of [
      ['channels', dim],
      ['latent columns', latent],
    ] as const)
      if (width % batch !== 0) scope.refuse(`${batch} heads do not divide ${width} ${name}`, 'heads');
    const elu = (name: string, of: typeof x): string => {
      const id = linear(scope, scope.at(name, 'qkv'), of, latent);
      const shape = { rows: of.rows, rowLength: latent };
      return b.vector(scope.at(`${name}Elu`, 'qkv'), 'elu1', [id], shape);
    };
    const [q, k] = [elu('q', x), elu('k', from)];
    const v = linear(scope, scope.at('v', 'qkv'), from, dim);
    const [inner, outer] = [latent / batch, dim / batch];
    const kv = b.dynamic(scope.at('kv', 'qk'), k, v, {
      batch,
      m: inner,
      k: from.rows,
      n: outer,
      transposed: false,
      streamedTransposed: true,
    });
    const sum = b.vector(scope.at('keys', 'qk'), 'sum', [k], { rows: from.rows, rowLength: latent });
    const sums = { batch, m: rows, k: inner };
    const weights = b.dynamic(scope.at('weights', 'sv'), q, sum, { ...sums, n: 1, transposed: true });
    const values = b.dynamic(scope.at('qkv', 'sv'), q, kv, { ...sums, n: outer, transposed: false });
    const shape = { rows, rowLength: outer, batch, second: 'segment', eps: EPS } as const;
    const id = b.vector(scope.at('divide', 'sv'), 'divide', [values, weights], shape);
    return { ...x, id, map: undefined };
  },
};
