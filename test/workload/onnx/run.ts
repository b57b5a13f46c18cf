/** Runs an ONNX file in memory through the float32 executor. */

import { bytesInMemory } from '../../../src/base/random-bytes.ts';
import type { ModelInput } from '../../../src/numerics/execute/input.ts';
import { prepare } from '../../../src/numerics/execute/prepare.ts';
import { networkOf, onnxFields } from '../../../src/workload/families/onnx.ts';
import { buildGraph, type Graph } from '../../../src/workload/graph.ts';
import { onnxModelFields, readOnnx } from '../../../src/workload/import/onnx/model-file.ts';
import { onnxWeights } from '../../../src/workload/import/onnx/weights.ts';
import { type ModelConfig, modelSchema } from '../../../src/workload/model.ts';

type OnnxModel = Extract<ModelConfig, { family: 'onnx' }>;

/** The model of a file, with the constants of its graph. @throws TrexError, Error */
export function opened(bytes: Uint8Array, fields: object = {}) {
  const file = readOnnx(bytesInMemory(bytes), 'net.onnx');
  const result = modelSchema.safeParse({ ...onnxModelFields(file, 'net.onnx'), ...fields });
  if (!result.success) throw new Error(result.error.issues[0].message);
  const model = result.data as OnnxModel;
  const source = (name: string): Float32Array => Float32Array.from(file.tensors.get(name)!.read());
  return { model, graph: buildGraph(model), source };
}

/** Outputs of one input. */
export async function outputs(bytes: Uint8Array, input: ModelInput): Promise<number[]> {
  const { model, graph, source } = opened(bytes);
  const { constants } = networkOf(onnxFields(model), source);
  const { logits } = await prepare(graph, onnxWeights(constants, graph, 'net.onnx')).run(input);
  return [...logits.data];
}

export const kindsOf = ({ ops }: Graph): string[] => ops.map(op => (op.kind === 'vector' ? op.fn : op.kind));

/** Largest difference of two lists. */
export const apart = (a: readonly number[], b: readonly number[]): number => {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((most, value, i) => (Math.abs(value - b[i]) > most ? Math.abs(value - b[i]) : most), 0);
};

/** Numbers that no rule made even. */
export function numbers(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return Math.fround((state / 2147483647) * 2 - 1);
  });
}
