/** Nodes that become no op of ours: a digital unit computes them on all of their operands, side by side in one row. */
import type { TensorFormula } from '../functions/tensor.ts';
import { checkOperands } from './evaluate.ts';
import { foreignMacs, foreignRule } from './foreign-evaluate.ts';
import type { OnnxNode } from './graph.ts';
import type { Lowering, Value } from './lowering.ts';
import { derived, type Nd, nd, sizeOf } from './nd.ts';
import { onnxProblem } from './problem.ts';
import { type Atom, atom, type View } from './view.ts';

/** Values of one such op, in and out. */
const MOST_VALUES = 2 ** 20;

/** Adds it; gives what is to be told of it. @throws OnnxProblem for an operator whose arithmetic is not known. */
export function foreign(
  l: Lowering,
  node: OnnxNode,
  why: string,
): { readonly op: string; readonly macs: number } {
  const rule = foreignRule(node.op);
  if (rule === undefined) throw onnxProblem(why);
  const operands = node.in.map(name => (name === '' ? undefined : l.value(name)));
  const at = l.attributes(node);
  const arrays = operands.map(value => value && shadow(l, value));
  checkOperands(node.op, arrays);
  const made = rule(arrays, at, l.graph.opset);
  const views = operands.flatMap(value => (value?.kind === 'view' ? [value.view] : []));
  const row = sideBySide(l, views);
  const constants = operands.flatMap((value, i) => (value?.kind === 'constant' ? [i] : []));
  const own = constants.map(i => arrays[i]!);
  const parameters = own.reduce((sum, one) => sum + one.size, 0);
  const macs = foreignMacs(node.op, arrays, made[0].size, at);
  made.forEach((y, place) => {
    if (node.out[place] === undefined || node.out[place] === '') return;
    if (y.size > MOST_VALUES) throw onnxProblem(`${y.size} values are more than ${MOST_VALUES}`);
    const spot = l.ops.place(node.op.toLowerCase());
    const shapes = arrays.map(one => (one === undefined ? null : one.shape));
    const formula = {
      op: node.op,
      opset: l.graph.opset,
      ...(node.attributes && { attributes: node.attributes as TensorFormula['attributes'] }),
      shapes,
      constants,
      place,
    } as TensorFormula;
    if (parameters > 0)
      l.ops.constants.rows.set(
        spot.id,
        derived(own, [parameters], () => {
          const all = new Float32Array(parameters);
          let from = 0;
          for (const one of own) {
            all.set(one.data(), from);
            from += one.size;
          }
          return all;
        }),
      );
    const sizes = {
      rows: 1,
      rowLength: row.size,
      parameters,
      formula: JSON.stringify(formula),
      numbers: [y.size],
    };
    const learned = own.some(one => one.learned) ? spot : { ...spot, buffer: true as const };
    const id = l.ops.b.vector(learned, 'tensor', [row.id], macs === 0 ? sizes : { ...sizes, macs });
    const dims = y.shape.map((size): Atom[] => (size > 1 ? [atom(size)] : []));
    l.give(node, { op: id, rows: [], columns: dims.flat(), dims, factor: 1 }, place);
  });
  return { op: node.op, macs };
}

/** Shape of a value; the values of constants. */
function shadow(l: Lowering, value: Value): Nd {
  if (value.kind === 'ids') throw onnxProblem('arithmetic on the numbers of words');
  if (value.kind === 'constant') return value.nd;
  const shape = l.shape(value);
  const unknown = (): Float32Array => {
    throw onnxProblem('its shape depends on the input');
  };
  return nd({ shape, whole: false, known: false, learned: false, data: unknown });
}

/** All values of some views in one row, each in the order of its tensor. */
function sideBySide(l: Lowering, views: readonly View[]): { readonly id: string; readonly size: number } {
  const rows = views.map(view => l.ops.unscaled(l.ops.plainOrder(view, 0)));
  const sizes = rows.map(view => sizeOf(view.columns.map(a => a.of)));
  const size = sizes.reduce((a, b) => a + b, 0);
  if (size > MOST_VALUES) throw onnxProblem(`${size} values are more than ${MOST_VALUES}`);
  if (rows.length === 1) return { id: rows[0].op!, size };
  const parts = sizes.map(columns => ({ rows: 1, columns }));
  const order = { parts, join: 'columns', dims: [size], axes: [0], rows: 1, columns: size } as const;
  return {
    id: l.ops.layout(
      rows.map(view => view.op!),
      order,
    ),
    size,
  };
}
