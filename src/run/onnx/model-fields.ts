/** An .onnx file as a model file: a decoder where its graph is one, else its nodes. */
import { stringify } from 'yaml';
import { onnxModelFields } from '../../workload/import/onnx/model-file.ts';
import type { OnnxFile } from '../../workload/import/onnx/model-proto.ts';
import type { TensorSource } from '../../workload/onnx/lower.ts';
import { type FoundDecoder, findDecoder } from './decoder.ts';

export interface OnnxModelFile {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly decoder: FoundDecoder | undefined;
}

/** Its fields; `file` is what the .onnx file is called. */
export function onnxModelFile(onnx: OnnxFile, file: string, source: TensorSource): OnnxModelFile {
  const plain = onnxModelFields(onnx, file);
  const decoder = findDecoder(onnx.graph, source);
  if (decoder === undefined) return { fields: plain, decoder };
  if (typeof decoder === 'string') return { fields: { ...plain, noDecoder: decoder }, decoder: undefined };
  const { name, source: from } = plain;
  return { fields: { name, source: from, ...decoder.fields }, decoder };
}

/** Text of the model file. */
export const onnxModelText = (onnx: OnnxFile, file: string, source: TensorSource): string =>
  stringify(onnxModelFile(onnx, file, source).fields, { lineWidth: 0 });
