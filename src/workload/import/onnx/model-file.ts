/** An .onnx file as a model file: the same network in the words of models/schema.json, its weights left where they are. */
import type { RandomBytes } from '../../../base/random-bytes.ts';
import { graphText } from '../../onnx/graph-text.ts';
import { OnnxProblem } from '../../onnx/problem.ts';
import { invalidFile } from '../tensor.ts';
import { modelProto, type OnnxFile } from './model-proto.ts';
import { skimmed } from './skim.ts';

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
export function readOnnx(bytes: RandomBytes, file: string): OnnxFile {
  try {
    return modelProto(skimmed(bytes));
  } catch (error) {
    if (error instanceof OnnxProblem) throw invalidFile(`${file}: ${error.message}`);
    throw error;
  }
}
