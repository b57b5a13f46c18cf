/** The values of an .onnx file's constants, read when somebody asks for them. */
import type { External, StoredTensor } from '../../workload/import/onnx/tensor-proto.ts';
import { invalidFile } from '../../workload/import/tensor.ts';
import type { TensorSource } from '../../workload/onnx/lower.ts';
import { OnnxProblem } from '../../workload/onnx/problem.ts';

/** `beside` gives bytes of a file beside the model; `file` stands in front of messages. @throws TrexError (invalid file) */
export const tensorSource =
  (
    tensors: ReadonlyMap<string, StoredTensor>,
    file: string,
    beside: (where: External, need: number) => Uint8Array,
  ): TensorSource =>
  name => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new Error(`no tensor ${name}`);
    const { external, need } = tensor;
    try {
      const data = tensor.read(external && beside(external, need));
      return data instanceof Float32Array ? data : Float32Array.from(data);
    } catch (error) {
      if (error instanceof OnnxProblem) throw invalidFile(`${file}: ${error.message}`);
      throw error;
    }
  };
