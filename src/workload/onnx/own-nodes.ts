/** Nodes that only opened operators are made of: what depends on ranks and sizes that are known when they are lowered. */
import { axisOf, EVALUATE, reshaped, sliced } from './evaluate.ts';
import type { OnnxNode } from './graph.ts';
import type { Lowering } from './lowering.ts';
import { type Nd, uniform, values, wholes } from './nd.ts';
import { attributes } from './node.ts';
import { onnxProblem } from './problem.ts';
import { part } from './reshape.ts';
import { shapeOf, turned } from './view.ts';

/** The last two dimensions change places. */
export function swapLast(l: Lowering, node: OnnxNode): void {
  const x = l.view(node);
  const rank = x.dims.length;
  l.give(
    node,
    turned(
      x,
      x.dims.map((_, d) => (d < rank - 2 ? d : 2 * rank - 3 - d)),
    ),
  );
}

/** The first or the second half of the last dimension. */
export function half(l: Lowering, node: OnnxNode): void {
  const x = l.view(node);
  const shape = shapeOf(x);
  const size = shape[shape.length - 1] / 2;
  if (!Number.isInteger(size)) throw onnxProblem(`a width of ${shape[shape.length - 1]} has no halves`);
  const place = l.attributes(node).number('part');
  l.give(node, part(l, x, axisOf(-1, shape.length), place * size, size));
}

/** Activations as they are: a mask that leaves out nothing. */
export function padding(l: Lowering, node: OnnxNode): void {
  const mask = l.operand(node, 1);
  if (mask.kind !== 'constant' || (mask.nd.shape.length > 1 && uniform(mask.nd) !== 1))
    throw onnxProblem('a mask that leaves out tokens');
  l.give(node, l.view(node));
}

/** Rows of a table of angles for the tokens of x, [1, heads, tokens, width]: [1, 1, tokens, columns]. */
export function tableRows(l: Lowering, node: OnnxNode): Nd[] {
  const table = l.known(node, 0);
  const positions = l.constant(node, 2);
  const shape = l.shape(l.operand(node, 1));
  const tokens = shape[shape.length - 2];
  const columns = table.shape[table.shape.length - 1];
  let rows = reshaped(table, [table.size / columns, columns]);
  if (positions !== undefined) {
    const told = wholes(positions, 'positions');
    const list = told.length === tokens ? told : Array.from({ length: tokens }, (_, i) => told[0] + i);
    if (told.length !== tokens && told.length !== 1)
      throw onnxProblem(`${told.length} positions for ${tokens} tokens`);
    const at = attributes({ op: 'Gather', in: [], out: [''] });
    [rows] = EVALUATE.Gather([rows, values([tokens], list, true)], at, l.graph.opset);
  }
  if (rows.shape[0] < tokens) throw onnxProblem(`${rows.shape[0]} rotary positions for ${tokens} tokens`);
  return [reshaped(sliced(rows, 0, 0, tokens), [1, 1, tokens, columns])];
}
