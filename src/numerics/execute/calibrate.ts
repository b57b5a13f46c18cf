/** A calibration run: the float32 network on a few inputs, with an observer on every operand of every matmul. */
import { usageError } from '../../base/errors.ts';
import { isMatmul } from '../../workload/matmul.ts';
import type { Op } from '../../workload/op.ts';
import type { CacheQuantisation, Calibration } from '../quantize/quantisation.ts';
import type { Calibrator, Observer, Range } from '../quantize/range.ts';
import type { ModelInput } from './input.ts';
import type { Matrix } from './matrix.ts';
import type { Network } from './network.ts';

/** Bits of inputs and of weights, K^T and V; default 8. */
export interface CalibrationWidths {
  readonly inputBits?: number;
  readonly weightBits?: number;
  /** Of keys and values in the cache of a decoder. */
  readonly cache?: CacheQuantisation | undefined;
}

/** The ranges of all operands over `inputs`. `network` should be float32: the ranges are of its activations. */
export async function calibrate(
  network: Network,
  inputs: Iterable<ModelInput> | AsyncIterable<ModelInput>,
  calibrator: Calibrator,
  { inputBits = 8, weightBits = 8, cache = {} }: CalibrationWidths = {},
  alsoTell: (op: Op, operands: readonly Matrix[]) => void = () => {},
): Promise<Calibration> {
  const streamed = new Map<string, Observer>();
  const stationary = new Map<string, Observer>();
  const onOp = (op: Op, operands: readonly Matrix[]): void => {
    if (!isMatmul(op)) return;
    alsoTell(op, operands);
    observe(streamed, op.id, operands[0].data, () => calibrator(inputBits));
    if (op.kind !== 'dynamic') return;
    const cached = op.cached === undefined ? undefined : op.transposed ? cache.keyBits : cache.valueBits;
    observe(stationary, op.id, operands[1].data, () => calibrator(cached ?? weightBits));
  };
  let count = 0;
  for await (const input of inputs) {
    await network.run(input, { onOp });
    count++;
  }
  if (count === 0) throw usageError('calibration needs at least one input');
  return { inputs: ranges(streamed), stationary: ranges(stationary) };
}

function observe(all: Map<string, Observer>, id: string, values: Float32Array, make: () => Observer): void {
  let one = all.get(id);
  if (one === undefined) all.set(id, (one = make()));
  one.observe(values);
}

const ranges = (all: ReadonlyMap<string, Observer>): Record<string, Range> =>
  Object.fromEntries([...all].map(([id, observer]) => [id, observer.range()]));
