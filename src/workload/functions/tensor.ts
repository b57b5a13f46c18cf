/** An operator of a graph of ONNX nodes that has no op of its own here: a digital unit computes it, product by product. */

import { foreignRule } from '../onnx/foreign-evaluate.ts';
import { nd, sizeOf } from '../onnx/nd.ts';
import { attributes } from '../onnx/node.ts';
import type { VectorFunction } from '../vector-function.ts';

/** What the formula of such an op holds, as JSON. */
export interface TensorFormula {
  readonly op: string;
  readonly opset: number;
  readonly attributes?: Readonly<Record<string, never>>;
  /** Of the operands; null for one that is left out. */
  readonly shapes: readonly (readonly number[] | null)[];
  /** Operands that are constants, one behind the other among the op's rows. */
  readonly constants: readonly number[];
  readonly place: number;
}

export const vectorFunction = {
  name: 'tensor',
  reduction: 'row',
  gives: 'rows',
  learns: 'rows',
  outLength: ({ numbers = [] }) => numbers[0],
  options: ['formula', 'numbers', 'macs'],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: false,
    why: 'one pass for each element that comes in or goes out; its products are those of the MAC entry',
  },
  arithmetic: (op, learned) => {
    const {
      op: name,
      opset,
      shapes,
      constants,
      place,
      ...rest
    } = JSON.parse(op.formula ?? '{}') as TensorFormula;
    const rule = foreignRule(name);
    if (rule === undefined) throw new Error(`${op.id}: no rule for ${name}`);
    const own = op.parameters > 0 ? learned.rows(op.id) : new Float32Array(0);
    const at = attributes({
      op: name,
      in: [],
      out: new Array<string>(place + 1).fill('y'),
      attributes: rest.attributes,
    });
    return ([x]) => {
      let [fromInput, fromOwn] = [0, 0];
      const operands = shapes.map((shape, i) => {
        if (shape === null) return undefined;
        const size = sizeOf(shape);
        const isConstant = constants.includes(i);
        const data = isConstant
          ? own.subarray(fromOwn, (fromOwn += size))
          : x.data.subarray(fromInput, (fromInput += size));
        return nd({ shape, whole: false, known: true, learned: false, data: () => data });
      });
      const y = rule(operands, at, opset)[place];
      return { rows: 1, columns: y.size, data: Float32Array.from(y.data()) };
    };
  },
  gradient: 'refused',
} as const satisfies VectorFunction;
