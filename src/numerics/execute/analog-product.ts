/** A product of activations on crossbars: what is stationary is written for each image, or for each token of a cache, whose cells stay as they were written. */
import { streamKey } from '../../base/random.ts';
import type { DynamicOp } from '../../workload/op.ts';
import { loadWeights, multiplyScaled } from '../mvm/multiply.ts';
import { dependsOnActivity, rowActivity } from '../mvm/row-activity.ts';
import { planMvm } from '../mvm/spec.ts';
import {
  inputQuantizer,
  type Quantisation,
  stationaryCodes,
  stationaryQuantizer,
} from '../quantize/quantisation.ts';
import {
  type AnalogOptions,
  type CrossbarDevice,
  deviceOf,
  mvmSpec,
  weightsPerRow,
} from './crossbar-device.ts';
import { outputScale } from './dequantize.ts';
import { stationaryHead } from './float-arithmetic.ts';
import { putColumns, takeColumns } from './heads.ts';
import { zeros } from './matrix.ts';
import { mvmInput } from './mvm-input.ts';
import { behind, type Unit } from './unit.ts';

/** Keys side by side in one matrix, where an array does not say how many it holds. */
const KEYS_SIDE_BY_SIDE = 128;

/** Columns of a stationary operand that are one matrix of cells. */
interface Part {
  readonly from: number;
  readonly cols: number;
  /** What its cells are called behind the head. */
  readonly name: readonly number[];
}

/**
 * Keys of a cache come as columns, one a token. The random numbers of a cell go by its place in its matrix: matrices of a fixed width
 * leave the cells that are written already as they are when keys are added.
 */
function partsOf({ n, cached, transposed }: DynamicOp, device: CrossbarDevice, bits: number): Part[] {
  if (cached === undefined || !transposed) return [{ from: 0, cols: n, name: [] }];
  const cols = weightsPerRow(device, bits) ?? KEYS_SIDE_BY_SIDE;
  return Array.from({ length: Math.ceil(n / cols) }, (_, i) => ({ from: i * cols, cols, name: [i] }));
}

/** Columns `from` to `from + cols` of a row-major array of `columns`; zeros beyond. */
function columnsFrom(codes: Int16Array, columns: number, { from, cols }: Part): Int16Array {
  if (from === 0 && cols === columns) return codes;
  const rows = codes.length / columns;
  const own = new Int16Array(rows * cols);
  for (let row = 0; row < rows; row++)
    own.set(codes.subarray(row * columns + from, row * columns + Math.min(columns, from + cols)), row * cols);
  return own;
}

/** The product of one dynamic op. */
export function analogProduct(
  op: DynamicOp,
  {
    options,
    quantisation,
    draw,
  }: { readonly options: AnalogOptions; readonly quantisation: Quantisation; readonly draw: number },
): Unit {
  const { seed, backend } = options;
  const { batch, m, k, n } = op;
  const input = inputQuantizer(quantisation, op.id);
  const written = stationaryQuantizer(quantisation, op);
  const device = deviceOf(op, options);
  const parts = partsOf(op, device, written.bits);
  const { cols } = parts[0];
  const spec = mvmSpec(device, k, cols, written.bits, input);
  planMvm(spec);
  const varies = dependsOnActivity(spec, device.noise);
  const output = outputScale(input.scale, new Float64Array(cols).fill(written.scale), null);
  return async ([streamed, stationary], { image, past }) => {
    const y = zeros(m, batch * n);
    const heads = Array.from({ length: batch }, (_, head) => head);
    const inputs = heads.map(head =>
      mvmInput(takeColumns(streamed.data, streamed.columns, head * k, k), input),
    );
    const codes = heads.map(head =>
      stationaryCodes(quantisation, op, stationaryHead(op, stationary, head), written),
    );
    const matrices = heads.flatMap(head => parts.map(part => ({ head, part })));
    const handles = await loadWeights(
      backend,
      varies ? { ...spec, activity: rowActivity(spec, ...inputs) } : spec,
      device.noise,
      matrices.map(({ head, part }) => ({
        weights: columnsFrom(codes[head], n, part),
        key: streamKey(seed, 'write', draw, image, op.id, head, ...part.name),
        quantized: true,
      })),
    );
    const runs = handles.map((handle, at) => {
      const { head, part } = matrices[at];
      const key = streamKey(seed, 'read', draw, image, op.id, head, ...part.name, ...behind(past));
      return { handle, x: inputs[head], tokens: m, key, output };
    });
    try {
      const products = await multiplyScaled(backend, runs);
      for (const [at, { head, part }] of matrices.entries()) {
        const { from } = part;
        const width = Math.min(cols, n - from);
        const own = width === cols ? products[at] : takeColumns(products[at], cols, 0, width);
        putColumns(y.data, y.columns, head * n + from, width, own);
      }
    } finally {
      for (const handle of handles) handle.dispose();
    }
    return y;
  };
}
