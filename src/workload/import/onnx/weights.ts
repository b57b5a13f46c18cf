/** The weights of a graph of ONNX nodes, made of the file's constants when somebody asks for them. */
import type { Graph } from '../../graph.ts';
import type { Nd } from '../../onnx/nd.ts';
import type { Constants } from '../../onnx/ops.ts';
import { OnnxProblem } from '../../onnx/problem.ts';
import type { ModelWeights } from '../model-weights.ts';
import { finite, invalidFile } from '../tensor.ts';

/** The largest number of float32 stands for infinity: a mask that leaves nothing of what it is added to. */
const MOST = 3.4028234663852886e38;

/** `file` stands in front of every message. @throws TrexError (invalid file) for values that are no numbers */
export function onnxWeights(constants: Constants, { reuse }: Graph, file: string): ModelWeights {
  const missing = (id: string): never => {
    if (/^e\d+\.transform/.test(id))
      throw invalidFile(
        `${file}: missing: ${id}; encoders ${reuse.encoders.join(', ')} reuse attention, and the transformation blocks of their reuse plan have to be trained`,
      );
    throw new Error(`the graph has no parameter ${id}`);
  };
  const read = (a: Nd): Float32Array => {
    try {
      const data = a.data();
      return data instanceof Float32Array ? data : Float32Array.from(data);
    } catch (error) {
      if (error instanceof OnnxProblem) throw invalidFile(`${file}: ${error.message}`);
      throw error;
    }
  };
  const checked = (a: Nd, id: string): Float32Array => finite(read(a), file, id);
  return {
    linear(weightId) {
      const { weight, bias } = constants.linear.get(weightId) ?? missing(weightId);
      const [size, out] = weight.shape;
      return {
        in: size,
        out,
        weight: checked(weight, `${weightId}.weight`),
        bias: bias === undefined ? null : checked(bias, `${weightId}.bias`),
      };
    },
    norm(id) {
      const { gain, shift } = constants.norm.get(id) ?? missing(id);
      return { gain: checked(gain, `${id}.weight`), shift: checked(shift, `${id}.bias`) };
    },
    rows(id) {
      const values = read(constants.rows.get(id) ?? missing(id)).map(value =>
        Math.abs(value) > MOST ? Math.sign(value) * MOST : value,
      );
      return finite(values, file, id);
    },
    embedding: missing,
  };
}
