/** The MLP of an encoder: two layers with an activation between them, a gate where there is one, and experts where they are several. */
import type { GraphBuilder } from './builder.ts';
import { ACTIVATIONS, type EncoderShape, matrixAt, opAt } from './encoder-shape.ts';
import { addExperts } from './experts.ts';

/** Adds the MLP of encoder `i` on tokens x dim. @throws TrexError (usage) for experts that cannot be */
export function addMlp(b: GraphBuilder, s: EncoderShape, i: number, input: string): string {
  if (s.experts === undefined) return addOne(b, s, i, { id: input, rows: s.tokens }, '');
  const { count, ...route } = s.experts;
  const at = (name: string) => matrixAt(s, i, name, 'predictor');
  const x = { id: input, rows: s.tokens, columns: s.dim };
  return addExperts(b, at, x, { ...route, experts: count }, (expert, own) => {
    const id = addOne(b, s, i, own, `expert${expert}.`);
    return { ...own, id };
  });
}

/** One MLP on `rows` rows; its ops' names begin with `prefix`. */
function addOne(
  b: GraphBuilder,
  s: EncoderShape,
  i: number,
  { id: input, rows }: { readonly id: string; readonly rows: number },
  prefix: string,
): string {
  const { dim, hidden, mlpBias: bias = true } = s;
  const layer = (name: string, x: string, inSize: number, out: number): string =>
    b.linear(matrixAt(s, i, `${prefix}${name}`, 'mlp'), x, { rows, in: inSize, out, bias });
  const fc1 = layer('fc1', input, dim, hidden);
  const { fn, options } = ACTIVATIONS[s.activation];
  const shape = { rows, rowLength: hidden };
  let active = b.vector(opAt(i, `${prefix}${fn}`, 'gelu'), fn, [fc1], { ...shape, ...options });
  if (s.gatedMlp) {
    const value = layer('fc1Value', input, dim, hidden);
    active = b.vector(opAt(i, `${prefix}gate`, 'gelu'), 'multiply', [active, value], shape);
  }
  return layer('fc2', active, hidden, dim);
}
