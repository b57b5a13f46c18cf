/** Functions of whole matrices in training: sample by sample, by their own arithmetic and derivative. */
import type { Matrix } from '../../workload/matrix.ts';
import type { VectorOp } from '../../workload/op.ts';
import type { Backward } from '../../workload/vector-function.ts';
import { functionOf } from '../../workload/vector-functions.ts';
import type { LearnedAt } from './functions.ts';
import { floatsOf, type Layer, type Value, type Wiring } from './layer.ts';

/** What is learned in place of a second operand is one more operand, the same for all samples. */
export function matrixLayer(
  op: VectorOp,
  backward: ReturnType<Backward['backward']>,
  { wiring, floats, learned }: { wiring: Wiring; floats: Float32Array; learned: (key: string) => LearnedAt },
): Layer {
  const { inputs, output, gradient, inputGradients } = wiring;
  const own = op.parameters > 0 ? learned(op.id) : undefined;
  const at = (from: number, count: number): Float32Array => floats.subarray(from / 4, from / 4 + count);
  const matrix = (
    { rows, columns }: Pick<Value, 'rows' | 'columns'>,
    from: number,
    sample: number,
  ): Matrix => ({
    rows,
    columns,
    data: at(from + sample * rows * columns * 4, rows * columns),
  });
  const none = (): never => {
    throw new Error(`${op.id}: ${op.fn} learns nothing but rows`);
  };
  const rows = (): Float32Array => (own === undefined ? none() : at(own.at, op.parameters));
  const compute = functionOf(op).arithmetic(op, { norm: none, embedding: none, rows });
  const operandsOf = (sample: number): Matrix[] => inputs.map(input => matrix(input, input.at, sample));
  return {
    forward({ samples }) {
      for (let sample = 0; sample < samples; sample++)
        matrix(output, output.at, sample).data.set(compute(operandsOf(sample), none).data);
    },
    backward({ samples, gradients }) {
      for (let sample = 0; sample < samples; sample++) {
        const into = inputs.map((input, place) => {
          const slot = inputGradients[place];
          if (slot.at === 0) return undefined;
          const target = at(slot.at + sample * floatsOf(input) * 4, floatsOf(input));
          // The same op twice: its second share is added to the first.
          if (slot.accumulate === 0) target.fill(0);
          return target;
        });
        const operands = operandsOf(sample);
        if (own !== undefined) {
          operands.push({ rows: 1, columns: op.parameters, data: rows() });
          into.push(at(gradients + own.offset, op.parameters));
        }
        backward(
          { operands, output: matrix(output, output.at, sample), by: matrix(output, gradient, sample) },
          into,
        );
      }
    },
  };
}
