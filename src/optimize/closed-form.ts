/** TReX's closed form (arXiv 2408.12742, Table II and Eq. 5): energy, delay and area of a network from counts alone, without events. */
import { chargedElsewhere } from '../arch/accounting.ts';
import type { ArchConfig } from '../arch/config.ts';
import { type Tick, toSeconds, toTicks } from '../sim/tick.ts';
import { crossbarCost } from '../tech/crossbar-cost.ts';
import { arraysPerWeight } from '../tech/device-encoding.ts';
import { ofPe } from '../tech/pe-parts.ts';
import type { Device } from '../tech/schema.ts';
import { hasClosedForm } from '../workload/attention.ts';
import type { ModelConfig } from '../workload/model.ts';
import { notIsotropic } from './isotropic.ts';

/** What the closed form needs to know of an isotropic encoder stack. */
export interface EncoderStack {
  readonly encoders: number;
  readonly tokens: number;
  readonly dim: number;
  readonly heads: number;
  /** Width of the MLP. */
  readonly hidden: number;
}

/** One image: seconds, joules, square metres. */
export interface ClosedForm {
  readonly latency_s: number;
  readonly energy_J: number;
  readonly area_m2: number;
}

interface Cost {
  readonly energy: number;
  /** Picoseconds, as the events take them. */
  readonly delay: Tick;
  readonly area: number;
}

/**
 * Table II for `reused` reuse encoders. Crossbars are those of Eq. 5 times the bit slices of a weight; area counts
 * whole tiles; MLP is two serial reads; K^T and V are written one after the other; transformation blocks cost nothing.
 * It holds for layers that fill at least one PE, on a chip with the paper's accounting: see closedFormApplies.
 */
export function closedForm(stack: EncoderStack, arch: ArchConfig, reused: number): ClosedForm {
  const attention = attentionCost(stack, arch);
  const rest = sum([
    staticRead(stack, arch, stack.dim, stack.dim),
    staticRead(stack, arch, stack.dim, stack.hidden),
    staticRead(stack, arch, stack.hidden, stack.dim),
  ]);
  const total = (of: (cost: Cost) => number): number =>
    stack.encoders * of(rest) + (stack.encoders - reused) * of(attention);
  return {
    latency_s: toSeconds(total(c => c.delay)),
    energy_J: total(c => c.energy),
    area_m2: total(c => c.area),
  };
}

/** Why the closed form does not describe this network on this chip; undefined where it does. */
export function closedFormApplies(model: ModelConfig, arch: ArchConfig): string | undefined {
  const kinds =
    model.family === 'layers' || model.family === 'onnx'
      ? []
      : [model.attention, ...(model.attentionExceptions ?? []).map(({ attention }) => attention)];
  const other = kinds.find(attention => !hasClosedForm(attention));
  if (other !== undefined) return `its attention is ${other.kind}`;
  const unlike = notIsotropic(model);
  if (unlike !== undefined) return unlike;
  const { accounting, schedule, noc, pe, devices, precision } = arch;
  // A predictor is part of no isotropic stack.
  const { opCount: _, source: __, predictor: ___, ...parts } = accounting;
  const counted = Object.entries(parts).filter(([, value]) => value === 'counted');
  if (counted.length > 0) return `it counts ${counted.map(([name]) => name).join(', ')}`;
  const { encoder, writes, attention } = schedule;
  if (encoder !== 'sequential' || writes !== 'serial' || attention !== 'sequential')
    return 'its schedule is not sequential';
  if (arch.chip.tiles !== 'auto') return 'it has a fixed number of tiles';
  if (!noc.kind.closedForm) return `its network is a ${noc.kind.name}`;
  if (pe.adcBanks !== 1 || pe.writeDrivers !== 1) return 'its PEs read or write crossbars in parallel';
  if (arch.softmax.units !== 'per-head') return 'its softmax units are fewer than the heads';
  if (devices.static.level !== 'macro' || devices.dynamic.level !== 'macro')
    return 'its crossbars are given by circuits';
  const { tokens, dim, heads, hidden } = model;
  const known = (inputs: number, outputs: number): number =>
    crossbars(inputs, outputs, devices.static) * arraysPerWeight(devices.static, precision.weights);
  const made = (inputs: number, outputs: number): number =>
    heads * crossbars(inputs, outputs, devices.dynamic) * arraysPerWeight(devices.dynamic, precision.inputs);
  const least = Math.min(
    known(dim, dim),
    known(dim, hidden),
    known(hidden, dim),
    made(dim / heads, tokens),
    made(tokens, dim / heads),
  );
  if (least < pe.crossbars)
    return `its smallest layer has ${least} crossbars and does not fill a PE of ${pe.crossbars}`;
  return undefined;
}

/** Stages 1 to 5: Q, K, V; the writes of K^T and V; QK^T; softmax; SV (rows 1 to 6). */
function attentionCost(stack: EncoderStack, arch: ArchConfig): Cost {
  const { tokens, dim, heads } = stack;
  const device = arch.devices.dynamic;
  const head = dim / heads;
  const qkv = staticRead(stack, arch, dim, dim);
  const keys = dynamicRead(tokens, heads * crossbars(head, tokens, device), device, arch);
  const values = dynamicRead(tokens, heads * crossbars(tokens, head, device), device, arch);
  const { select, exponent, divide } = arch.softmax;
  const softmax = {
    energy: heads * tokens ** 2 * (select.energy + exponent.energy + divide.energy),
    delay: tokens ** 2 * (toTicks(select.time) + toTicks(exponent.time) + toTicks(divide.time)),
    area: 0,
  };
  return sum([qkv, qkv, qkv, keys, softmax, values]);
}

/** One layer with known weights, all tokens (rows 1, 3, 7). */
function staticRead(stack: EncoderStack, arch: ArchConfig, inputs: number, outputs: number): Cost {
  const device = arch.devices.static;
  const n = crossbars(inputs, outputs, device) * arraysPerWeight(device, arch.precision.weights);
  return readCost(stack.tokens, n, device, arch);
}

/** A dynamic matmul: its arrays are written, then read by all tokens (rows 1 to 4, 7). */
function dynamicRead(tokens: number, base: number, device: Device, arch: ArchConfig): Cost {
  if (device.level !== 'macro') throw new RangeError('the closed form needs macro figures');
  const n = base * arraysPerWeight(device, arch.precision.inputs);
  const write = {
    energy: n * device.write.energy,
    delay: toTicks(device.write.time) * arch.pe.crossbars,
    area: 0,
  };
  return sum([write, readCost(tokens, n, device, arch)]);
}

function readCost(tokens: number, n: number, device: Device, arch: ArchConfig): Cost {
  if (device.level !== 'macro') throw new RangeError('the closed form needs macro figures');
  const perTile = arch.pe.crossbars * arch.tile.pes;
  return {
    energy: tokens * n * device.read.energy,
    delay: tokens * toTicks(device.read.time) * arch.pe.crossbars,
    area: Math.ceil(n / perTile) * arch.tile.pes * peArea_m2(device, arch),
  };
}

/** Of the crossbars of a PE with the converters and write drivers that they share. */
function peArea_m2(device: Device, { precision: { weights, inputs }, accounting, pe }: ArchConfig): number {
  const { standing } = crossbarCost(device, { weights, inputs }, false, chargedElsewhere(accounting));
  return ofPe(standing, pe, 'area_m2');
}

/** Eq. 5: crossbars of a matrix, one bit slice. */
const crossbars = (inputs: number, outputs: number, device: Device): number =>
  Math.ceil(inputs / device.crossbar.rows) * Math.ceil(outputs / device.crossbar.cols);

const sum = (costs: readonly Cost[]): Cost =>
  costs.reduce((a, b) => ({ energy: a.energy + b.energy, delay: a.delay + b.delay, area: a.area + b.area }));
