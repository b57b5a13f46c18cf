/** The weights of a decoder that an .onnx file holds. */
import type { Graph } from '../../workload/graph.ts';
import type { ModelWeights } from '../../workload/import/model-weights.ts';
import { onnxWeights } from '../../workload/import/onnx/weights.ts';
import { finite } from '../../workload/import/tensor.ts';
import type { TensorSource } from '../../workload/onnx/lower.ts';
import type { FoundDecoder } from './decoder.ts';

/** `file` stands in front of every message. @throws TrexError (invalid file) for values that are no numbers */
export function decoderWeights(
  { network, ops, words, positions }: FoundDecoder,
  source: TensorSource,
  graph: Graph,
  file: string,
): ModelWeights {
  const own = onnxWeights(network.constants, graph, file);
  // What has no name there is one of a reuse plan, which no file holds.
  const named = (id: string): string => ops.get(id) ?? id;
  const read = (data: ArrayLike<number>, id: string): Float32Array =>
    finite(data instanceof Float32Array ? data : Float32Array.from(data), file, id);
  return {
    linear: id => own.linear(named(id)),
    norm: id => own.norm(named(id)),
    rows: id => own.rows(named(id)),
    embedding: id => ({
      words: read(words.data(), `${id}.words`),
      positions: positions === undefined ? new Float32Array(0) : read(source(positions), `${id}.positions`),
      types: new Float32Array(0),
    }),
  };
}
