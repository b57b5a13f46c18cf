/** The windows of a network's converters, layer by layer: from the operands that a float32 run on a few inputs has shown. */
import { finished } from '../../base/turn.ts';
import type { GroupRange } from '../../workload/diagonal.ts';
import type { ModelWeights } from '../../workload/import/model-weights.ts';
import { isKnown, type MatmulOp } from '../../workload/matmul.ts';
import type { GroupedOp, Op, StaticOp } from '../../workload/op.ts';
import { coded } from '../../workload/weight-codec.ts';
import { sampled, WindowFit } from '../mvm/adc-window.ts';
import type { MvmInput } from '../mvm/backend.ts';
import { dependsOnActivity, rowActivity } from '../mvm/row-activity.ts';
import type { AdcWindow, MvmSpec } from '../mvm/spec.ts';
import {
  inputQuantizer,
  type Quantisation,
  stationaryCodes,
  stationaryQuantizer,
  weightBitsOf,
} from '../quantize/quantisation.ts';
import { integersOf } from './coded-weights.ts';
import {
  type CrossbarDevice,
  type DeviceChoice,
  deviceOf,
  diagonalRanges,
  type LayerSettings,
  mvmSpec,
} from './crossbar-device.ts';
import { stationaryHead } from './float-arithmetic.ts';
import { groupedIntegers, onDiagonal } from './grouped-weights.ts';
import { streamedRows, takeColumns } from './heads.ts';
import { im2col } from './im2col.ts';
import type { Matrix } from './matrix.ts';
import { mvmInput } from './mvm-input.ts';

/** Rows of a streamed operand that are kept of each run, and arrays of grouped ops that are looked at. */
const SAMPLES = 12;

/** What went into one run of a matmul: some rows of the streamed operand, and what was written into the arrays. */
interface Seen {
  readonly op: MatmulOp;
  readonly streamed: Matrix;
  readonly stationary?: Matrix;
}

/** Operands of matmuls, in the order of the runs. */
export class SeenOperands {
  readonly #seen: Seen[] = [];

  /** For `onOp` of a run. */
  keep(op: Op, operands: readonly Matrix[]): void {
    if (isKnown(op)) {
      const windows = op.conv === undefined ? operands[0] : im2col(operands[0], op.conv);
      this.#seen.push({ op, streamed: someRows(windows) });
    }
    if (op.kind === 'dynamic')
      this.#seen.push({ op, streamed: someRows(streamedRows(op, operands[0])), stationary: operands[1] });
  }

  /** What they say of the crossbars of each layer. */
  settings(weights: ModelWeights, quantisation: Quantisation, devices: DeviceChoice): LayerSettings {
    return finished(this.findSettings(weights, quantisation, devices));
  }

  /** The same, run by run of a matmul. */
  *findSettings(
    weights: ModelWeights,
    quantisation: Quantisation,
    devices: DeviceChoice,
  ): Generator<void, LayerSettings> {
    return {
      windows: yield* this.#windows(weights, quantisation, devices),
      activities: this.activities(quantisation, devices),
      references: this.#references(devices),
    };
  }

  /** Of the layers whose drift is found with inputs of theirs, as many rows as their crossbars say, evenly spaced over all runs. */
  #references(devices: DeviceChoice): Record<string, Matrix> {
    const all = new Map<string, Matrix[]>();
    for (const { op, streamed } of this.#seen)
      if (isKnown(op) && deviceOf(op, devices).drift?.columns === 0)
        all.set(op.id, [...(all.get(op.id) ?? []), streamed]);
    const ops = new Map(this.#seen.map(({ op }) => [op.id, op]));
    return Object.fromEntries(
      [...all].map(
        ([id, runs]) => [id, rowsOf(runs, deviceOf(ops.get(id)!, devices).drift!.vectors)] as const,
      ),
    );
  }

  /** By op id, for the layers whose converters are set to their sums. */
  *#windows(
    weights: ModelWeights,
    quantisation: Quantisation,
    devices: DeviceChoice,
  ): Generator<void, Record<string, AdcWindow>> {
    const fits = new Map<string, WindowFit>();
    for (const seen of this.#seen) {
      const { op } = seen;
      if (deviceOf(op, devices).window !== 'layer') continue;
      fits.set(op.id, look(seen, weights, quantisation, devices, fits.get(op.id)));
      yield;
    }
    const windows: Record<string, AdcWindow> = {};
    for (const [id, fit] of fits) {
      const window = fit.window();
      if (window !== undefined) windows[id] = window;
      yield;
    }
    return windows;
  }

  /** How many rows drive a column together, by op id, for the layers of known weights whose lines lose voltage. */
  activities(quantisation: Quantisation, devices: DeviceChoice): Record<string, number> {
    const all = new Map<string, { readonly spec: MvmSpec; readonly inputs: MvmInput[] }>();
    for (const { op, streamed } of this.#seen) {
      if (!isKnown(op)) continue;
      const input = inputQuantizer(quantisation, op.id);
      const device = deviceOf(op, devices);
      const bits = weightBitsOf(quantisation);
      const ranges = op.kind === 'grouped' ? alikeRanges(op, device, bits) : [{ first: 0, groups: 1 }];
      const { groups } = ranges[0];
      const spec = mvmSpec(device, groups * op.in, groups * op.out, bits, input);
      if (!dependsOnActivity(spec, device.noise)) continue;
      const layer = all.get(op.id) ?? { spec, inputs: [] };
      for (const { first } of ranges)
        layer.inputs.push(
          mvmInput(takeColumns(streamed.data, streamed.columns, first * op.in, spec.rows), input),
        );
      all.set(op.id, layer);
    }
    return Object.fromEntries(
      [...all].map(([id, { spec, inputs }]) => [id, rowActivity(spec, ...inputs)] as const),
    );
  }
}

/** Adds the sums of one run to those of the layer; texts of other lengths have other shapes, and count together. */
function look(
  { op, streamed, stationary }: Seen,
  weights: ModelWeights,
  quantisation: Quantisation,
  devices: DeviceChoice,
  like: WindowFit | undefined,
): WindowFit {
  const input = inputQuantizer(quantisation, op.id);
  const device = deviceOf(op, devices);
  if (op.kind === 'static') {
    const bits = weightBitsOf(quantisation);
    const fit = new WindowFit(mvmSpec(device, op.in, op.out, bits, input), like);
    const weight = coded(weights.linear(op.weightId).weight, op.codec);
    fit.addColumns(
      integerColumns(weight, op, fit.columns, bits, quantisation.perChannel ?? true),
      mvmInput(streamed.data, input),
    );
    return fit;
  }
  if (op.kind === 'grouped') {
    const bits = weightBitsOf(quantisation);
    const ranges = alikeRanges(op, device, bits);
    const { groups } = ranges[0];
    const fit = new WindowFit(mvmSpec(device, groups * op.in, groups * op.out, bits, input), like);
    const { values } = groupedIntegers(op, weights, quantisation);
    for (const array of sampled(ranges.length, SAMPLES)) {
      const range = ranges[array];
      const x = takeColumns(streamed.data, streamed.columns, range.first * op.in, groups * op.in);
      fit.add(onDiagonal(op, values, range), mvmInput(x, input));
    }
    return fit;
  }
  const written = stationaryQuantizer(quantisation, op);
  const fit = new WindowFit(mvmSpec(device, op.k, op.n, written.bits, input), like);
  for (let head = 0; head < op.batch; head++) {
    const x = mvmInput(takeColumns(streamed.data, streamed.columns, head * op.k, op.k), input);
    fit.add(stationaryCodes(quantisation, op, stationaryHead(op, stationary!, head), written), x);
  }
  return fit;
}

/** The arrays that a grouped op fills as far as its groups allow; a last one that holds fewer does not say more. */
function alikeRanges(op: GroupedOp, device: CrossbarDevice, weightBits: number): GroupRange[] {
  const ranges = diagonalRanges(op, device, weightBits);
  return ranges.filter(({ groups }) => groups === ranges[0].groups);
}

/** Some columns of a weight matrix as the integers of the whole. */
function integerColumns(
  weight: Float32Array,
  op: StaticOp,
  columns: readonly number[],
  bits: number,
  perChannel: boolean,
): Int16Array {
  const { in: rows, out } = op;
  const integers = integersOf(op);
  if (!perChannel) {
    const { values } = integers(weight, rows, out, bits, false);
    return pick(values, out, columns, new Int16Array(rows * columns.length));
  }
  const few = pick(weight, out, columns, new Float32Array(rows * columns.length));
  return integers(few, rows, columns.length, bits, true).values;
}

function pick<T extends Int16Array | Float32Array>(
  from: T,
  cols: number,
  columns: readonly number[],
  to: T,
): T {
  for (let start = 0, at = 0; at < to.length; start += cols)
    for (const col of columns) to[at++] = from[start + col];
  return to;
}

/** At most `most` rows of all the runs together. */
function rowsOf(runs: readonly Matrix[], most: number): Matrix {
  const [{ columns }] = runs;
  const rows = runs.flatMap(({ data, rows }) =>
    Array.from({ length: rows }, (_, row) => data.subarray(row * columns, (row + 1) * columns)),
  );
  const picked = sampled(rows.length, most);
  const data = new Float32Array(picked.length * columns);
  for (const [i, row] of picked.entries()) data.set(rows[row], i * columns);
  return { rows: picked.length, columns, data };
}

function someRows({ rows, columns, data }: Matrix): Matrix {
  const picked = sampled(rows, SAMPLES);
  const few = new Float32Array(picked.length * columns);
  for (const [i, row] of picked.entries())
    few.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  return { rows: picked.length, columns, data: few };
}
