/** The windows of a network's converters, layer by layer: found while the network runs in float32 on a few inputs. */
import type { ModelWeights } from '../../workload/import/model-weights.ts';
import type { DynamicOp, Op, StaticOp } from '../../workload/op.ts';
import { WindowFit } from '../mvm/adc-window.ts';
import type { AdcWindow } from '../mvm/spec.ts';
import {
  inputQuantizer,
  type Quantisation,
  stationaryQuantizer,
  weightBitsOf,
} from '../quantize/quantisation.ts';
import { quantize } from '../quantize/quantizer.ts';
import { quantizeWeights } from '../quantize/weights.ts';
import { mvmInput } from './analog-arithmetic.ts';
import { type DeviceChoice, deviceOf, mvmSpec } from './crossbar-device.ts';
import { stationaryHead } from './float-arithmetic.ts';
import { takeColumns } from './heads.ts';
import { im2col } from './im2col.ts';
import type { Matrix } from './matrix.ts';

/** One layer's fit; cells of known weights are cut once. */
interface Layer {
  readonly shape: string;
  readonly fit: WindowFit;
  readonly cells?: Int16Array;
}

export class AdcWindows {
  readonly #quantisation: Quantisation;
  readonly #devices: DeviceChoice;
  /** By op id: the shapes that a layer has had, as texts have several lengths; their sums are counted together. */
  readonly #layers = new Map<string, Layer[]>();

  constructor(quantisation: Quantisation, devices: DeviceChoice) {
    this.#quantisation = quantisation;
    this.#devices = devices;
  }

  /** Looks at the operands of a matmul, as `onOp` of a run hands them over; skips other ops, and converters with fixed references. */
  observe(op: Op, operands: readonly Matrix[], weights: ModelWeights): void {
    if (op.kind !== 'static' && op.kind !== 'dynamic') return;
    if (deviceOf(op, this.#devices).window !== 'layer') return;
    if (op.kind === 'static') this.#observeStatic(op, operands[0], weights);
    else this.#observeDynamic(op, operands[0], operands[1]);
  }

  /** By op id. */
  windows(): Record<string, AdcWindow> {
    return Object.fromEntries(
      [...this.#layers].flatMap(([id, [{ fit }]]) => {
        const window = fit.window();
        return window === undefined ? [] : [[id, window] as const];
      }),
    );
  }

  #observeStatic(op: StaticOp, operand: Matrix, weights: ModelWeights): void {
    const bits = weightBitsOf(this.#quantisation);
    const { fit, cells } = this.#layer(op, op.in, op.out, bits, fit => {
      const { weight } = weights.linear(op.weightId);
      const { values } = quantizeWeights(weight, op.in, op.out, bits, this.#quantisation.perChannel ?? true);
      return fit.cells(values);
    });
    const { data } = op.conv === undefined ? operand : im2col(operand, op.conv);
    fit.addCells(cells!, mvmInput(data, inputQuantizer(this.#quantisation, op.id)));
  }

  #observeDynamic(op: DynamicOp, streamed: Matrix, stationary: Matrix): void {
    const input = inputQuantizer(this.#quantisation, op.id);
    const written = stationaryQuantizer(this.#quantisation, op.id);
    const { fit } = this.#layer(op, op.k, op.n, written.bits);
    for (let head = 0; head < op.batch; head++) {
      const x = mvmInput(takeColumns(streamed.data, streamed.columns, head * op.k, op.k), input);
      fit.add(quantize(stationaryHead(op, stationary, head), written), x);
    }
  }

  #layer(
    op: StaticOp | DynamicOp,
    rows: number,
    cols: number,
    bits: number,
    cut?: (fit: WindowFit) => Int16Array,
  ): Layer {
    const layers = this.#layers.get(op.id) ?? [];
    this.#layers.set(op.id, layers);
    const shape = `${rows} x ${cols}`;
    const known = layers.find(one => one.shape === shape);
    if (known !== undefined) return known;
    const input = inputQuantizer(this.#quantisation, op.id);
    const spec = mvmSpec(deviceOf(op, this.#devices), rows, cols, bits, input);
    const fit = new WindowFit(spec, layers[0]?.fit);
    const layer = { shape, fit, ...(cut && { cells: cut(fit) }) };
    layers.push(layer);
    return layer;
  }
}
