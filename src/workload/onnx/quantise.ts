/** QuantizeLinear of activations: values become those of the nearest codes, as the exporter's runtime has them; codes times their step are values. */
import type { OnnxNode } from './graph.ts';
import type { Lowering } from './lowering.ts';
import { uniform } from './nd.ts';
import { formula } from './pointwise.ts';
import { onnxProblem } from './problem.ts';

/** Codes of a type, by the type of the zero point. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  u8: [0, 255],
  i8: [-128, 127],
  u16: [0, 65535],
  i16: [-32768, 32767],
};

export function quantise(l: Lowering, node: OnnxNode): void {
  const scale = uniform(l.known(node, 1));
  const zeroAt = l.constant(node, 2);
  const zero = zeroAt === undefined ? 0 : uniform(zeroAt);
  if (scale === undefined || zero === undefined) throw onnxProblem('activations quantised by channels');
  const type = l.graph.tensors.find(({ name }) => name === node.in[2])?.type ?? 'u8';
  const range = RANGES[type];
  if (range === undefined) throw onnxProblem(`codes of type ${type}`);
  l.give(node, formula(l, l.view(node), 'codes', [scale, zero, ...range]));
}
