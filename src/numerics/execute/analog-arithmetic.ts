/** analog: integers on crossbars. Known weights are programmed once per chip; K^T and V are written for each image (TReX, arXiv 2408.12742, section 3). */
import { streamKey } from '../../base/random.ts';
import type { ModelWeights } from '../../workload/import/model-weights.ts';
import type { GroupedOp, StaticOp } from '../../workload/op.ts';
import type { MvmHandle } from '../mvm/backend.ts';
import { loadWeights, multiplyScaled } from '../mvm/multiply.ts';
import { planMvm } from '../mvm/spec.ts';
import { inputQuantizer, type Quantisation, weightBitsOf } from '../quantize/quantisation.ts';
import { analogProduct } from './analog-product.ts';
import { integersOf } from './coded-weights.ts';
import { type AnalogOptions, deviceOf, diagonalRanges, mvmSpec } from './crossbar-device.ts';
import { outputScale } from './dequantize.ts';
import { DriftGains, referenceRows } from './drift-gains.ts';
import { groupedIntegers, onDiagonal } from './grouped-weights.ts';
import { putColumns, takeColumns } from './heads.ts';
import { LoadedMatrices } from './loaded-matrices.ts';
import { matrix, zeros } from './matrix.ts';
import { mvmInput } from './mvm-input.ts';
import { type Arithmetic, behind, type Unit } from './unit.ts';

const MEMORY_B = 2 ** 30;
/** Of a cell in a back end, about. */
const CELL_B = 2;
/** Matrices that other threads program while one is in use. */
const AHEAD = 2;

interface Context {
  readonly options: AnalogOptions;
  readonly quantisation: Quantisation;
  readonly matrices: LoadedMatrices;
  readonly gains: DriftGains;
  readonly draw: number;
}

/**
 * The streams: cells of a layer `program/draw/layer`, cells of a head's K^T or V `write/draw/image/layer/head`, reads
 * `read/draw/image/layer[/head]`, in a step of a decoder with the tokens before it behind, of references `drift/draw/layer[/head]`; a grouped layer numbers its arrays as heads; so no layer, image or chip shares noise with another, and none depends on what else runs.
 */
export function analogArithmetic(
  weights: ModelWeights,
  quantisation: Quantisation,
  options: AnalogOptions,
): Arithmetic {
  const { backend } = options;
  const hasBackground = backend.loadWeights !== undefined && backend.info.threads > 1;
  const matrices = new LoadedMatrices(options.memory_B ?? MEMORY_B, hasBackground ? AHEAD : 0);
  const gains = new DriftGains(backend);
  const context = { options, quantisation, matrices, gains, draw: options.draw ?? 0 };
  return {
    static: op => staticUnit(op, weights, context),
    grouped: op => groupedUnit(op, weights, context),
    dynamic: op => analogProduct(op, context),
    dispose: () => matrices.dispose(),
  };
}

function staticUnit(op: StaticOp, weights: ModelWeights, context: Context): Unit {
  const { options, quantisation, matrices, gains, draw } = context;
  const { seed, backend } = options;
  const { weight, bias } = weights.linear(op.weightId);
  const bits = weightBitsOf(quantisation);
  const integers = integersOf(op);
  const { values, scales } = integers(weight, op.in, op.out, bits, quantisation.perChannel ?? true);
  const input = inputQuantizer(quantisation, op.id);
  const device = deviceOf(op, options);
  const spec = mvmSpec(device, op.in, op.out, bits, input);
  // A spec that cannot be is refused before anything runs.
  const { slices } = planMvm(spec);
  const cells = streamKey(seed, 'program', draw, op.id);
  const output = outputScale(input.scale, scales, bias);
  matrices.add(op.id, op.in * op.out * slices * CELL_B, async background => {
    const weights = [{ weights: values, key: cells, quantized: true }];
    return await loadWeights(backend, spec, device.noise, weights, background);
  });
  if (device.drift !== undefined)
    gains.add(op.id, device.drift, () => {
      const { data } = referenceRows(op.id, options.references);
      const reads = streamKey(seed, 'drift', draw, op.id);
      return [{ spec, weights: values, cells, reads, x: mvmInput(data, input) }];
    });
  return async ([x], { image, past }) => {
    const run = {
      x: mvmInput(x.data, input),
      tokens: x.rows,
      key: streamKey(seed, 'read', draw, image, op.id, ...behind(past)),
      output,
      gain: await gains.of(op.id),
    };
    const [y] = await matrices.use(op.id, ([handle]) => multiplyScaled(backend, [{ ...run, handle }]));
    return matrix(x.rows, op.out, y);
  };
}

/** Zeros beside the diagonal are cells like any other: they are programmed, and conduct what their level does. */
function groupedUnit(op: GroupedOp, weights: ModelWeights, context: Context): Unit {
  const { options, quantisation, matrices, gains, draw } = context;
  const { seed, backend } = options;
  const { values, output } = groupedIntegers(op, weights, quantisation);
  const bits = weightBitsOf(quantisation);
  const input = inputQuantizer(quantisation, op.id);
  const device = deviceOf(op, options);
  const arrays = diagonalRanges(op, device, bits).map((range, array) => ({
    range,
    array,
    spec: mvmSpec(device, range.groups * op.in, range.groups * op.out, bits, input),
    output: {
      factors: output.factors.subarray(range.first * op.out, (range.first + range.groups) * op.out),
      shifts: output.shifts.subarray(range.first * op.out, (range.first + range.groups) * op.out),
    },
  }));
  const { slices } = planMvm(arrays[0].spec);
  const alike = arrays.filter(({ range }) => range.groups === arrays[0].range.groups);
  const cells = arrays.reduce((sum, { spec }) => sum + spec.rows * spec.cols, 0);
  matrices.add(op.id, cells * slices * CELL_B, async background => {
    const load = (some: typeof arrays): Promise<MvmHandle[]> =>
      loadWeights(
        backend,
        some[0].spec,
        device.noise,
        some.map(({ range, array }) => ({
          weights: onDiagonal(op, values, range),
          key: streamKey(seed, 'program', draw, op.id, array),
          quantized: true,
        })),
        background,
      );
    const last = arrays.slice(alike.length);
    return [...(await load(alike)), ...(last.length === 0 ? [] : await load(last))];
  });
  if (device.drift !== undefined)
    gains.add(op.id, device.drift, () => {
      const { data, columns } = referenceRows(op.id, options.references);
      const codes = mvmInput(data, input);
      return arrays.map(({ range, array, spec }) => ({
        spec,
        weights: onDiagonal(op, values, range),
        cells: streamKey(seed, 'program', draw, op.id, array),
        reads: streamKey(seed, 'drift', draw, op.id, array),
        x: takeColumns(codes, columns, range.first * op.in, spec.rows),
      }));
    });
  return async ([x], { image, past }) => {
    const codes = mvmInput(x.data, input);
    const gain = await gains.of(op.id);
    const runs = arrays.map(({ range, array, spec, output }) => ({
      x: takeColumns(codes, x.columns, range.first * op.in, spec.rows),
      tokens: x.rows,
      key: streamKey(seed, 'read', draw, image, op.id, array, ...behind(past)),
      output,
      gain,
    }));
    const parts = await matrices.use(op.id, handles =>
      multiplyScaled(
        backend,
        runs.map((run, i) => ({ ...run, handle: handles[i] })),
      ),
    );
    const y = zeros(x.rows, op.groups * op.out);
    for (const [i, { range }] of arrays.entries())
      putColumns(y.data, y.columns, range.first * op.out, range.groups * op.out, parts[i]);
    return y;
  };
}
