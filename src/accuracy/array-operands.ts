/** What a crossbar that is looked at from inside multiplies: its cut of a drawn matrix, and drawn inputs. */
import { largest, smallest } from '../base/extremes.ts';
import { gaussianStream } from '../base/random.ts';
import type { CrossbarGrid, GridPlace } from '../map/grid.ts';
import { randomWeights } from '../numerics/execute/random-weights.ts';
import type { MvmInput } from '../numerics/mvm/backend.ts';
import { type Quantizer, quantize, quantizerOf } from '../numerics/quantize/quantizer.ts';
import { quantizeWeights } from '../numerics/quantize/weights.ts';
import type { Graph } from '../workload/graph.ts';
import type { DynamicOp, StaticOp } from '../workload/op.ts';

/** Beside the one that is shown: the converters' references are set to these. */
const VECTORS = 65;

/** What is drawn, and from where. */
interface Drawn {
  readonly graph: Graph;
  readonly op: StaticOp | DynamicOp;
  readonly seed: number;
}

/**
 * Integers [row][col] of one crossbar. Known weights are those of `randomWeights`, in integers by column; of what is written at run time
 * each head is drawn, normal, in integers by matrix.
 */
export function cutWeights(
  { graph, op, seed }: Drawn,
  grid: CrossbarGrid,
  { rowBlock, colBlock, head, rows, cols }: GridPlace & { readonly rows: number; readonly cols: number },
): Int16Array {
  const { in: tall, out: wide, weightBits } = grid;
  const { values } =
    op.kind === 'static'
      ? quantizeWeights(randomWeights(graph, seed).linear(op.weightId).weight, tall, wide, weightBits, true)
      : quantizeWeights(normal(tall * wide, seed, op.id, head), tall, wide, weightBits, false);
  const cut = new Int16Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    const from = (rowBlock * grid.rows + row) * wide + colBlock * grid.cols;
    cut.set(values.subarray(from, from + cols), row * cols);
  }
  return cut;
}

/** Vectors [vector][row], normal; the weights of softmax have no sign. */
export function drawnInputs(
  { op, seed }: Pick<Drawn, 'op' | 'seed'>,
  rows: number,
  bits: number,
): { readonly values: MvmInput; readonly quantizer: Quantizer } {
  const drawn = normal(VECTORS * rows, seed, op.id, 'inputs');
  const values = op.stage === 'sv' ? drawn.map(Math.abs) : drawn;
  const quantizer = quantizerOf({ min: smallest(values), max: largest(values) }, bits);
  const integers = quantize(values, quantizer);
  return { values: quantizer.signed ? Int8Array.from(integers) : Uint8Array.from(integers), quantizer };
}

function normal(count: number, seed: number, ...ids: (string | number)[]): Float32Array {
  const next = gaussianStream(seed, 'array', ...ids);
  return Float32Array.from({ length: count }, () => next());
}
