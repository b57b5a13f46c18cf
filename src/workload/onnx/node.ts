/** The attributes of an ONNX node, by name and kind. */
import { type OnnxAttribute, type OnnxNode, type OnnxNumber, toNumber } from './graph.ts';
import { onnxProblem } from './problem.ts';

export interface Attributes {
  /** Outputs that the node names. */
  readonly outputs: number;
  has(name: string): boolean;
  /** @throws OnnxProblem for one of another kind, or that is missing where nothing stands for it. */
  number(name: string, absent?: number): number;
  numbers(name: string): number[];
  text(name: string, absent?: string): string;
}

export function attributes({ op, out, attributes: own = {} }: OnnxNode): Attributes {
  const found = (name: string): OnnxAttribute | undefined =>
    Object.hasOwn(own, name) ? own[name] : undefined;
  const wrong = (name: string, what: string) => onnxProblem(`${op}: attribute ${name} must be ${what}`);
  return {
    outputs: out.length,
    has: name => found(name) !== undefined,
    number(name, absent) {
      const value = found(name) ?? absent;
      if (typeof value !== 'number') throw wrong(name, 'a number');
      return value;
    },
    numbers(name) {
      const value = found(name);
      if (!Array.isArray(value)) throw wrong(name, 'numbers');
      return value.map((one: OnnxNumber) => {
        const number = toNumber(one);
        if (typeof number !== 'number') throw wrong(name, 'numbers');
        return number;
      });
    },
    text(name, absent) {
      const value = found(name) ?? absent;
      if (typeof value !== 'string') throw wrong(name, 'a text');
      return value;
    },
  };
}
