/** One crossbar of a layer from inside: its cells as they were programmed, and one input vector converted plane by plane. */
import type { ArchConfig } from '../arch/config.ts';
import { usageError } from '../base/errors.ts';
import { type StreamKey, streamKey } from '../base/random.ts';
import { wholeNumber } from '../base/whole-number.ts';
import { blockCols, blockRows, crossbarGrid, placeOf } from '../map/grid.ts';
import { layerId } from '../map/place.ts';
import { mvmSpec } from '../numerics/execute/crossbar-device.ts';
import { adcAt, WindowFit } from '../numerics/mvm/adc-window.ts';
import type { MvmInput } from '../numerics/mvm/backend.ts';
import { multiply } from '../numerics/mvm/multiply.ts';
import { program } from '../numerics/mvm/program.ts';
import type { ProgrammedMatrix } from '../numerics/mvm/programmed-matrix.ts';
import { readConversions, referenceBackend } from '../numerics/mvm/reference.ts';
import { rowActivity } from '../numerics/mvm/row-activity.ts';
import type { MvmPlan, MvmSpec } from '../numerics/mvm/spec.ts';
import { deviceOf } from '../tech/devices.ts';
import type { Graph } from '../workload/graph.ts';
import { isMatmul } from '../workload/matmul.ts';
import type { DynamicOp, StaticOp } from '../workload/op.ts';
import { cutWeights, drawnInputs } from './array-operands.ts';
import { crossbarDevice } from './device.ts';

/** Which crossbar of which chip. */
export interface ArrayViewOptions {
  readonly arch: ArchConfig;
  readonly graph: Graph;
  /** Of a matrix, as `Placement.layers` names it. */
  readonly layer: string;
  /** From 0: bit slice, row block, column block and head, the fastest first. */
  readonly crossbar: number;
  /** Of weights, inputs and cells. */
  readonly seed: number;
}

/** Bits `shift` to `shift + bits - 1` of the inputs, and what they count: less than 0 for the sign. */
export interface ArrayPlane {
  readonly shift: number;
  readonly bits: number;
  readonly weight: number;
}

/** A crossbar and one read of it. Levels are those of a cell, from 0 to `maxLevel`; arrays are row-major. */
export interface ArrayView {
  readonly layer: string;
  /** Written at run time: K^T or V. */
  readonly written: boolean;
  readonly crossbars: number;
  readonly slice: number;
  readonly slices: number;
  readonly rowBlock: number;
  readonly colBlock: number;
  readonly head: number;
  /** Of weights. */
  readonly rows: number;
  readonly cols: number;
  readonly maxLevel: number;
  /** Levels that the cells were programmed to, those of the reference cell of the row taken off, [row][col]. */
  readonly levels: Float64Array;
  /** Levels that they have, [row][col]. */
  readonly cells: Float64Array;
  /** 1: stuck at the highest level, -1: at the lowest; 0 also where it would stand there anyway. [row][col] */
  readonly stuck: Int8Array;
  /** What the rows are driven with, one after another. */
  readonly planes: readonly ArrayPlane[];
  /** What each row is driven with, [plane][row]. */
  readonly digits: Uint8Array;
  /** What a column should add up to, and what its converter sees, in levels, [plane][col]. */
  readonly exact: Float64Array;
  readonly sums: Float64Array;
  /** [plane][col] */
  readonly codes: Int32Array;
  readonly adcBits: number;
  /** Levels of one code, and the sum at code 0. */
  readonly levelsPerCode: number;
  readonly lowest: number;
  /** Of these rows, with all bit slices of the weights, in steps of the integer product, [col]. */
  readonly product: Float64Array;
  readonly exactProduct: Float64Array;
}

/**
 * Programs the crossbar with its cut of a matrix of the layer's shape, drawn from the seed (normal, as `randomWeights`), and reads it
 * with one drawn vector. Its converters are set to sums of these rows alone, where a layer sets them.
 * @throws TrexError (usage) for a layer that is not there or whose weights stand on a diagonal, and for a crossbar that it has not.
 */
export async function arrayView({
  arch,
  graph,
  layer,
  crossbar,
  seed,
}: ArrayViewOptions): Promise<ArrayView> {
  const op = opOf(graph, layer);
  const written = op.kind === 'dynamic';
  const { weights: weightBits, inputs: inputBits } = arch.precision;
  const tech = deviceOf(arch.devices, layer, written);
  // A stored activation is as wide as one that streams.
  const grid = crossbarGrid(op, tech, written ? inputBits : weightBits);
  const at = placeOf(grid, wholeNumber('crossbar', crossbar, 0, grid.crossbars - 1));
  const rows = blockRows(grid, at.rowBlock, at.head);
  const cols = blockCols(grid, at.colBlock, at.head);
  const size = { rows, cols };
  const weights = cutWeights({ graph, op, seed }, grid, Object.assign(size, at));
  const { values, quantizer } = drawnInputs({ op, seed }, rows, inputBits);
  const x = values.slice(0, rows);
  const device = crossbarDevice(tech, written);
  const made = mvmSpec(device, rows, cols, grid.weightBits, quantizer);
  const fitted = device.window === 'layer' ? withWindow(made, weights, values.slice(rows)) : made;
  const spec: MvmSpec = Object.assign({}, fitted, { activity: rowActivity(fitted, x) });
  const keys = {
    program: streamKey(seed, 'array/program', layer, crossbar),
    read: streamKey(seed, 'array/read', layer, crossbar),
  };
  const { noise } = device;
  const matrix = program(weights, spec, noise, keys.program);
  const ideal = program(weights, spec, {}, keys.program);
  const stuck = noise.stuck && program(weights, spec, { stuck: noise.stuck }, keys.program);
  const { plan } = matrix;
  const slice = Math.min(crossbar % grid.slices, plan.slices - 1);
  const cells = (of: ProgrammedMatrix): Float64Array => cellsOf(of, slice);
  const levels = cells(ideal);
  const backend = referenceBackend();
  const handle = await backend.load(matrix);
  return Object.assign(readsOf(matrix, { x, key: keys.read }, { levels, slice }), at, {
    layer,
    written,
    crossbars: grid.crossbars,
    slice,
    slices: plan.slices,
    rows,
    cols,
    maxLevel: plan.maxLevel,
    levels,
    cells: cells(matrix),
    stuck: Int8Array.from(stuck === undefined ? levels.map(() => 0) : cells(stuck), (cell, i) =>
      stuck === undefined ? 0 : Math.sign(cell - levels[i]),
    ),
    adcBits: spec.adc.bits,
    levelsPerCode: plan.levels / plan.steps,
    lowest: (plan.low * plan.levels) / plan.steps,
    product: Float64Array.from(await multiply(backend, { handle, x, tokens: 1, key: keys.read })),
    exactProduct: productOf(weights, x, cols),
  });
}

/** Conductances of one slice in levels, [row][col]. */
function cellsOf({ plan, g }: ProgrammedMatrix, slice: number): Float64Array {
  const { rows, cols, arrayRows } = plan.spec;
  const first = slice * arrayRows * cols;
  return Float64Array.from(g.subarray(first, first + rows * cols), units => units * levelsAUnit(plan));
}

const levelsAUnit = ({ levels, steps, fracBits }: MvmPlan): number => levels / (steps * 2 ** fracBits);

/** Every conversion of one slice, and what each column would add up to without any flaw. */
function readsOf(
  matrix: ProgrammedMatrix,
  { x, key }: { readonly x: MvmInput; readonly key: StreamKey },
  { levels, slice }: { readonly levels: Float64Array; readonly slice: number },
): Pick<ArrayView, 'planes' | 'digits' | 'exact' | 'sums' | 'codes'> {
  const { plan } = matrix;
  const { rows, cols } = plan.spec;
  const { planes, planeWeights } = plan;
  const digits = new Uint8Array(planes.length * rows);
  const exact = new Float64Array(planes.length * cols);
  for (const [plane, { shift, bits }] of planes.entries())
    for (let row = 0; row < rows; row++) {
      const digit = (x[row] >> shift) & (2 ** bits - 1);
      digits[plane * rows + row] = digit;
      for (let col = 0; col < cols; col++) exact[plane * cols + col] += digit * levels[row * cols + col];
    }
  const sums = new Float64Array(planes.length * cols);
  const codes = new Int32Array(planes.length * cols);
  // The half step that makes rounding of cutting off is no part of the sum.
  const half = 2 ** (plan.fracBits - 1);
  readConversions(matrix, { x, tokens: 1, key }, (at, col, sum, code) => {
    if (at.slice !== slice) return;
    const place = at.plane * cols + col;
    sums[place] = (sum - half) * levelsAUnit(plan) + (plan.low * plan.levels) / plan.steps;
    codes[place] = code;
  });
  const named = planes.map(({ shift, bits }, i) => ({ shift, bits, weight: planeWeights[i] }));
  return { planes: named, digits, exact, sums, codes };
}

/** With the references of its converters where sums of other vectors lie. */
function withWindow(spec: MvmSpec, weights: Int16Array, others: MvmInput): MvmSpec {
  const fit = new WindowFit(spec);
  fit.add(weights, others);
  const window = fit.window();
  return window === undefined ? spec : Object.assign({}, spec, { adc: adcAt(spec.adc.bits, window) });
}

function productOf(weights: Int16Array, x: MvmInput, cols: number): Float64Array {
  const product = new Float64Array(cols);
  for (const [row, input] of x.entries())
    for (let col = 0; col < cols; col++) product[col] += input * weights[row * cols + col];
  return product;
}

function opOf(graph: Graph, layer: string): StaticOp | DynamicOp {
  const ops = graph.ops.filter(isMatmul);
  const op = ops.find(one => layerId(one) === layer);
  if (op === undefined)
    throw usageError(
      `layer ${layer}: ${graph.model.name} has no such matrix, but ${ops.slice(0, 4).map(layerId).join(', ')} ...`,
    );
  if (op.kind === 'grouped')
    throw usageError(`layer ${layer}: its matrices stand on a diagonal, which is not shown from inside`);
  return op;
}
