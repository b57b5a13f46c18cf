/** The attributes of an ONNX node, by name and kind, and which of them somebody has asked for. */
import { type OnnxAttribute, type OnnxNode, type OnnxNumber, toNumber } from './graph.ts';
import { NEUTRAL } from './neutral.ts';
import { onnxProblem } from './problem.ts';

export interface Attributes {
  /** Outputs that the node names. */
  readonly outputs: number;
  /** The first of them. */
  readonly name: string;
  has(name: string): boolean;
  /** @throws OnnxProblem for one of another kind, or that is missing where nothing stands for it. */
  number(name: string, absent?: number): number;
  numbers(name: string): number[];
  text(name: string, absent?: string): string;
}

/** What somebody has asked for, of each node. */
const asked = new WeakMap<OnnxNode, Set<string>>();

export function attributes(node: OnnxNode): Attributes {
  const { op, out, attributes: own = {} } = node;
  const names = asked.get(node) ?? new Set<string>();
  asked.set(node, names);
  const found = (name: string): OnnxAttribute | undefined => {
    names.add(name);
    return Object.hasOwn(own, name) ? own[name] : undefined;
  };
  const wrong = (name: string, what: string) => onnxProblem(`${op}: attribute ${name} must be ${what}`);
  return {
    outputs: out.length,
    name: out[0],
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

/** @throws OnnxProblem for an attribute that nobody has asked for, and that may change what the node gives */
export function checkAsked(node: OnnxNode): void {
  const { op, attributes: own = {} } = node;
  const neutral = Object.hasOwn(NEUTRAL, op) ? NEUTRAL[op] : {};
  for (const [name, value] of Object.entries(own)) {
    if (name.endsWith('.type') || asked.get(node)?.has(name)) continue;
    if (Object.hasOwn(neutral, name) && (neutral[name] === 'any' || neutral[name] === value)) continue;
    throw onnxProblem(`attribute ${name} = ${JSON.stringify(value).slice(0, 40)} is not known here`);
  }
}
