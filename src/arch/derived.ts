/** What follows from a chip's values: crossbars per tile, slices, areas, read times, ADC bits. For `trex explain`. */
import { toTicks } from '../sim/tick.ts';
import { type CrossbarCost, crossbarCost } from '../tech/crossbar-cost.ts';
import { losslessBits } from '../tech/lossless.ts';
import type { Device } from '../tech/schema.ts';
import { formatQuantity } from '../units.ts';
import type { ArchConfig } from './config.ts';
import type { Origin } from './origins.ts';

/** Origins of kind `derived`, each with its formula in words. Times are whole picoseconds, as they are simulated. */
export function derivedOrigins(arch: ArchConfig): Origin[] {
  const { static: known, dynamic } = arch.devices;
  const devices = known === dynamic ? { '': known } : { 'static.': known, 'dynamic.': dynamic };
  return [
    derived('derived.crossbarsPerTile', arch.pe.crossbars * arch.tile.pes, '', 'pe.crossbars x tile.pes'),
    ...Object.entries(devices).flatMap(([name, device]) => ofDevice(`derived.${name}`, device, arch)),
    ...softmaxTimes(arch),
  ];
}

function ofDevice(prefix: string, device: Device, arch: ArchConfig): Origin[] {
  const { cell, crossbar, adc } = device;
  const { weights, inputs } = arch.precision;
  const crossbars = arch.pe.crossbars * arch.tile.pes;
  const cost = crossbarCost(device, inputs, arch.accounting.inputBitPlanes === 'counted', {
    interconnect: arch.accounting.interconnect === 'counted',
    buffers: arch.accounting.buffers === 'counted',
    accumulators: arch.accounting.accumulators === 'counted',
  });
  const rounds = Math.ceil(arch.pe.crossbars / arch.pe.adcBanks);
  const perToken = rounds * cost.planes * cost.readTime;
  return [
    derived(
      `${prefix}cellsPerWeight`,
      Math.ceil(weights / cell.bits),
      '',
      'precision.weights / cell.bits, rounded up',
    ),
    derived(
      `${prefix}adcsPerCrossbar`,
      Math.ceil(crossbar.cols / adc.columns),
      '',
      'crossbar.cols / adc.columns, rounded up',
    ),
    derived(
      `${prefix}losslessAdcBits`,
      losslessBits(crossbar.rows, cell.bits),
      'bit',
      'log2(rows x (2^cell.bits - 1) + 1), rounded up',
    ),
    derived(`${prefix}crossbarArea`, cost.area_m2, 'm2', areaFormula(device)),
    derived(
      `${prefix}tileArea`,
      cost.area_m2 * crossbars,
      'm2',
      'crossbarArea x crossbarsPerTile: the arrays of a tile, without its buffers',
    ),
    ticks(`${prefix}readTime`, cost.readTime, readFormula(device)),
    ticks(
      `${prefix}readTimePerToken`,
      perToken,
      `pe.crossbars / pe.adcBanks rounds x ${planeText(cost)} x readTime`,
    ),
    ticks(`${prefix}writeTime`, cost.writeTime, 'write.time'),
  ];
}

function areaFormula(device: Device): string {
  return device.level === 'macro'
    ? 'area, less the shares that are counted on their own'
    : 'array + driver + mux + sampleHold + adcsPerCrossbar x conversion + shiftAdd + other';
}

function readFormula(device: Device): string {
  return device.level === 'macro'
    ? 'read.time'
    : 'driver + array.settle + sampleHold + adc.columns x conversion + shiftAdd: one input bit plane';
}

const planeText = (cost: CrossbarCost): string =>
  cost.planes === 1 ? '1 read of all input bits' : `${cost.planes} input bit planes`;

function softmaxTimes(arch: ArchConfig): Origin[] {
  return (['select', 'exponent', 'divide'] as const).map(step =>
    ticks(`derived.softmax.${step}Time`, toTicks(arch.softmax[step].time), `softmax.${step}.time`),
  );
}

/** A time in ticks, shown in picoseconds. */
function ticks(path: string, value: number, how: string): Origin {
  return { path, value, text: `${value} ps`, origin: { kind: 'derived', how } };
}

function derived(path: string, value: number, unit: string, how: string): Origin {
  const text = unit === 'm2' ? formatQuantity(value, unit, 4) : `${value} ${unit}`.trim();
  return { path, value, text, origin: { kind: 'derived', how } };
}
