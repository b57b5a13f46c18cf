/** Linear attention by positive random features, with V in place of what came in as its shortcut (Performer, arXiv 2009.14794; T2T-ViT, arXiv 2101.11986; yitu-opensource/T2T-ViT models/token_performer.py). */
import * as z from 'zod';
import type { Place } from '../builder.ts';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { linear } from '../layer-parts.ts';
import { positiveInt } from '../model-fields.ts';

/** As the reference has it. */
const EPS = 1e-8;

const schema = z.strictObject({
  ...layerFields('performer', 'V plus the projection of linear attention by positive random features'),
  width: positiveInt.default(64).describe('Columns of Q, K and V, and of what goes on'),
  features: positiveInt
    .default(32)
    .describe('Random vectors that stand for the kernel; drawn once and stored'),
});

export const layer: LayerKind<'performer', typeof schema> = {
  kind: 'performer',
  schema: () => schema,
  add(scope, x, { width, features }) {
    const { b } = scope;
    const { rows } = x;
    const [q, k, v] = ['q', 'k', 'v'].map(name => linear(scope, scope.at(name, 'qkv'), x, width));
    // One matrix of random vectors for Q and K.
    const { id: weightId } = scope.at('features', 'qkv');
    const exponentials = (name: string, of: string): string => {
      const at: Place = { ...scope.at(`${name}Features`, 'qkv'), weightId };
      const products = b.linear(at, of, { rows, in: width, out: features, bias: false });
      const length = b.vector(scope.at(`${name}Length`, 'softmax'), 'squaredlength', [of], {
        rows,
        rowLength: width,
      });
      const shape = { rows, rowLength: features, scale: -0.5, second: 'segment' } as const;
      return b.vector(scope.at(`${name}Exponential`, 'softmax'), 'exponential', [products, length], shape);
    };
    const [qp, kp] = [exponentials('q', q), exponentials('k', k)];
    const columns = { batch: 1, m: features, k: rows, n: width } as const;
    const kv = b.dynamic(scope.at('kv', 'qk'), kp, v, {
      ...columns,
      transposed: false,
      streamedTransposed: true,
    });
    const sum = b.vector(scope.at('keys', 'qk'), 'sum', [kp], { rows, rowLength: features });
    const sizes = { batch: 1, m: rows, k: features };
    const weights = b.dynamic(scope.at('weights', 'sv'), qp, sum, { ...sizes, n: 1, transposed: true });
    const values = b.dynamic(scope.at('sv', 'sv'), qp, kv, { ...sizes, n: width, transposed: false });
    // The reference divides each feature by the root of how many there are.
    const shape = { rows, rowLength: width, second: 'segment', eps: EPS * features } as const;
    const divided = b.vector(scope.at('divide', 'sv'), 'divide', [values, weights], shape);
    const mixed = { ...x, id: divided, columns: width, map: undefined };
    const projected = linear(scope, scope.at('projection', 'projection'), mixed, width);
    const sizesOut = { rows, rowLength: width };
    return {
      ...mixed,
      id: b.vector(scope.at('sum', 'residual'), 'add', [v, projected], sizesOut),
    };
  },
};
