/** Nodes in the place of one. */
import type { OnnxAttribute, OnnxInput, OnnxNode, OnnxTensor } from './graph.ts';

export interface Opening {
  /** A node; gives the name of its value. */
  add(op: string, inputs: readonly string[], attributes?: Readonly<Record<string, OnnxAttribute>>): string;
  /** A node that gives values of the graph. */
  put(
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes?: Readonly<Record<string, OnnxAttribute>>,
  ): void;
  /** Whole numbers. */
  constant(list: readonly number[]): string;
  /** Factors. */
  numbers(list: readonly number[]): string;
  /** A factor. */
  number(value: number): string;
  /** Truth values, as far as the graph says so. */
  isTruth(name: string): boolean;
  /** The node has this operand. */
  has(node: OnnxNode, place: number): boolean;
}

const TRUTHS = ['Equal', 'Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual', 'And', 'Or', 'Xor', 'Not'];
/** What gives truth values where it gets some. */
const SAME = [
  'Identity',
  'Reshape',
  'Unsqueeze',
  'Squeeze',
  'Expand',
  'Slice',
  'Transpose',
  'Concat',
  'Trilu',
];

/** Adds to `nodes` and `tensors`; names are those of the node with a number behind. */
export function opener(
  node: OnnxNode,
  index: number,
  nodes: OnnxNode[],
  { tensors, inputs }: { readonly tensors: OnnxTensor[]; readonly inputs: readonly OnnxInput[] },
): Opening {
  const base = `${node.name ?? node.op.split(':').at(-1)}#${index}`;
  let count = 0;
  const next = (): string => `${base}.${count++}`;
  return {
    add(op, inputs, attributes) {
      const out = next();
      nodes.push({ op, name: out, in: inputs, out: [out], attributes });
      return out;
    },
    put(op, inputs, outputs, attributes) {
      nodes.push({ op, name: `${base}.${count++}`, in: inputs, out: outputs, attributes });
    },
    constant(list) {
      const name = next();
      tensors.push({ name, type: 'i64', shape: [list.length], values: list });
      return name;
    },
    numbers(list) {
      const name = next();
      tensors.push({ name, type: 'f32', shape: [list.length], values: list });
      return name;
    },
    number(value) {
      const name = next();
      tensors.push({ name, type: 'f32', shape: [], values: [value] });
      return name;
    },
    isTruth(name) {
      const known = tensors.find(one => one.name === name) ?? inputs.find(one => one.name === name);
      if (known !== undefined) return known.type === 'bool';
      const made = nodes.find(({ out }) => out.includes(name));
      if (made === undefined) return false;
      if (made.op === 'Cast') return made.attributes?.to === 9;
      if (TRUTHS.includes(made.op)) return true;
      return SAME.includes(made.op) && this.isTruth(made.in[0]);
    },
    has: (one, place) => one.in[place] !== undefined && one.in[place] !== '',
  };
}
