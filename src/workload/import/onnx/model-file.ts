/** An .onnx file as a model file: the same network in the words of models/schema.json, its weights left where they are. */
import { plainBytes } from '../../../base/bytes.ts';
import { graphText } from '../../onnx/graph-text.ts';
import { OnnxProblem } from '../../onnx/problem.ts';
import { invalidFile } from '../tensor.ts';
import { modelProto, type OnnxFile } from './model-proto.ts';

/** The fields of that model file. */
export function onnxModelFields({ graph, producer }: OnnxFile, file: string) {
  const name = (file.split(/[\\/]/).at(-1) ?? '')
    .replace(/\.onnx$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '');
  const by = producer === '' ? '' : `, written by ${producer.slice(0, 60)}`;
  const source = `${file}: ONNX, opset ${graph.opset}${by}`;
  return { family: 'onnx', name: name === '' ? 'onnx' : name, source, graph: graphText(graph) };
}

/** The graph and its constants; `file` stands in front of every message. @throws TrexError (invalid file) */
export function readOnnx(bytes: Uint8Array, file: string): OnnxFile {
  try {
    // Not a Buffer, whose parts are views where copies are meant.
    return modelProto(plainBytes(bytes));
  } catch (error) {
    if (error instanceof OnnxProblem) throw invalidFile(`${file}: ${error.message}`);
    throw error;
  }
}
