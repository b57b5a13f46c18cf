/** A graph as lines of JSON: its inputs and outputs first, then a constant or a node a line. */
import * as z from 'zod';
import { ONNX_TYPES, type OnnxGraph, type OnnxType } from './graph.ts';
import { onnxProblem } from './problem.ts';

const type = z.enum(Object.values(ONNX_TYPES) as OnnxType[]);
const number = z.union([z.number(), z.enum(['inf', '-inf', 'nan'])]);

const head = z.strictObject({
  opset: z.int().min(1),
  inputs: z.array(
    z.strictObject({ name: z.string(), type, shape: z.array(z.union([z.number(), z.string()])) }),
  ),
  outputs: z.array(z.string()).min(1),
});
const line = z.union([
  z.strictObject({
    tensor: z.string(),
    type,
    shape: z.array(z.int().nonnegative()),
    values: z.array(number).optional(),
  }),
  z.strictObject({
    op: z.string(),
    name: z.string().optional(),
    in: z.array(z.string()),
    out: z.array(z.string()).min(1),
    attributes: z
      .record(z.string(), z.union([z.number(), z.string(), z.array(number), z.array(z.string())]))
      .optional(),
  }),
]);

/** The text of a graph, which `parseGraph` reads. */
export function graphText({ opset, inputs, outputs, tensors, nodes }: OnnxGraph): string {
  const lines: object[] = [{ opset, inputs, outputs }];
  for (const { name, ...rest } of tensors) lines.push({ tensor: name, ...rest });
  lines.push(...nodes);
  return lines.map(one => JSON.stringify(one)).join('\n');
}

/** @throws OnnxProblem for a text that is none */
export function parseGraph(text: string): OnnxGraph {
  const [first, ...rest] = text.split('\n').filter(one => one.trim() !== '');
  const tensors: OnnxGraph['tensors'][number][] = [];
  const nodes: OnnxGraph['nodes'][number][] = [];
  const whole = read(head, first ?? '', 1);
  rest.forEach((one, i) => {
    const item = read(line, one, i + 2);
    if ('op' in item) nodes.push(item);
    else tensors.push({ name: item.tensor, type: item.type, shape: item.shape, values: item.values });
  });
  return { ...whole, tensors, nodes };
}

function read<S extends z.ZodType>(schema: S, text: string, number: number): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw onnxProblem(`line ${number} of the graph is not JSON`);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  throw onnxProblem(`line ${number} of the graph: ${path.join('.')}: ${message}`);
}
