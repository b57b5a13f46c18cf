/** What follows from a chip's values: crossbars per tile, slices, areas, read times, ADC bits. For `trex explain`. */

import { formatQuantity } from '../base/units.ts';
import { toTicks } from '../sim/tick.ts';
import { deviceLosslessBits } from '../tech/conversion-of.ts';
import { type CrossbarCost, crossbarCost } from '../tech/crossbar-cost.ts';
import { arraysPerWeight, columnsPerWeight, encodingName } from '../tech/device-encoding.ts';
import { ofPe } from '../tech/pe-parts.ts';
import type { Circuit, Device } from '../tech/schema.ts';
import { chargedElsewhere, counts } from './accounting.ts';
import { chipCost, chipNoc } from './build.ts';
import { partFormula } from './circuit-formulas.ts';
import { clockedPaths } from './clocked-paths.ts';
import type { ArchConfig } from './config.ts';
import type { Origin } from './origins.ts';

/** Origins of kind `derived`, each with its formula in words. Times are whole picoseconds, as they are simulated. */
export function derivedOrigins(arch: ArchConfig): Origin[] {
  const { static: known, dynamic, layers = [] } = arch.devices;
  const both = known === dynamic ? { '': known } : { 'static.': known, 'dynamic.': dynamic };
  // Exceptions of a hybrid, as `layers.0.`: those of a device that has not been shown.
  const more = layers.filter(({ device }, i) => {
    const shown = [known, dynamic, ...layers.slice(0, i).map(layer => layer.device)];
    return !shown.includes(device);
  });
  const exceptions = more.map(layer => [`layers.${layers.indexOf(layer)}.`, layer.device] as const);
  const devices: Record<string, Device> = { ...both, ...Object.fromEntries(exceptions) };
  return [
    derived('derived.crossbarsPerTile', arch.pe.crossbars * arch.tile.pes, '', 'pe.crossbars x tile.pes'),
    ...Object.entries(devices).flatMap(([name, device]) => ofDevice(`derived.${name}`, device, arch)),
    ...softmaxTimes(arch),
    ...clockedPaths(arch).map(({ key, cycles, time_s, every, how }) => {
      const rate = every > 1 ? `, one every ${every}` : '';
      const text = `${formatQuantity(time_s, 's', 3)}${rate}; ${how}`;
      return derived(`derived.cycles.${key}`, cycles, '', text);
    }),
    ...networkCosts(arch),
  ];
}

/** Of the network, whatever its kind: a flit, and the clocks of its routers. */
function networkCosts(arch: ArchConfig): Origin[] {
  if (!counts(arch.accounting, 'interconnect')) return [];
  const { router_J, link_J, clock_J } = chipNoc(arch, chipCost(arch), 1);
  const what = 'ports, noc.virtualChannels, noc.depth, noc.flit';
  return [
    derived('derived.noc.router', router_J, 'J', `a flit through a router, by ${what}: digital.router`),
    derived('derived.noc.link', link_J, 'J', 'a flit over a link, its registers included: digital.wire'),
    derived(
      'derived.noc.clock',
      clock_J,
      'J',
      'the clock of a router in a cycle in which it works, beyond an idle one: digital.router.clockGating',
    ),
  ];
}

function ofDevice(prefix: string, device: Device, arch: ArchConfig): Origin[] {
  const { crossbar, adc } = device;
  const { weights, inputs } = arch.precision;
  const cost = crossbarCost(
    device,
    { weights, inputs },
    counts(arch.accounting, 'inputBitPlanes'),
    chargedElsewhere(arch.accounting),
  );
  const rounds = Math.ceil(arch.pe.crossbars / arch.pe.adcBanks);
  const perToken = rounds * cost.planes * cost.readTime;
  return [
    derived(
      `${prefix}cellsPerWeight`,
      arraysPerWeight(device, weights) * columnsPerWeight(device, weights),
      '',
      `slices of ${weights}-bit weights in cells of cell.bits, ${encodingName(device)}`,
    ),
    derived(
      `${prefix}adcsPerCrossbar`,
      Math.ceil(crossbar.cols / adc.columns),
      '',
      'crossbar.cols / adc.columns, rounded up',
    ),
    derived(
      `${prefix}losslessAdcBits`,
      deviceLosslessBits(device, weights),
      'bit',
      'log2(rows of a conversion x (2^b - 1) x (2^inputBitsPerStep - 1) + 1), rounded up; b = cell.bits, of merged slices those of the weight',
    ),
    derived(`${prefix}crossbarArea`, cost.area_m2, 'm2', areaFormula(device)),
    ...(device.level === 'circuit' ? ofCircuits(prefix, device, cost) : []),
    derived(
      `${prefix}tileArea`,
      arch.tile.pes * ofPe(cost.standing, arch.pe, 'area_m2'),
      'm2',
      'tile.pes x (pe.crossbars arrays, pe.adcBanks x converters and shift-and-add, pe.writeDrivers), without buffers',
    ),
    ticks(`${prefix}readTime`, cost.readTime, readFormula(device)),
    ticks(
      `${prefix}readTimePerToken`,
      perToken,
      `pe.crossbars / pe.adcBanks rounds x ${planeText(cost)} x readTime`,
    ),
    ticks(`${prefix}writeTime`, cost.writeTime, writeFormula(device)),
  ];
}

/** What the circuit laws make of the file's values, component by component. */
function ofCircuits(prefix: string, device: Circuit, cost: CrossbarCost): Origin[] {
  const read_J = cost.readParts.reduce((sum, part) => sum + part.energy_J, 0);
  const own = (component: string): string => component.replace('crossbar.', '');
  return [
    ...areasByPart(cost).map(([component, area_m2]) =>
      derived(
        `${prefix}crossbarArea.${own(component)}`,
        area_m2,
        'm2',
        partFormula(device, 'area', own(component)),
      ),
    ),
    derived(`${prefix}readEnergy`, read_J, 'J', 'one input bit plane, all columns: the sum of its parts'),
    ...cost.readParts.map(part =>
      derived(
        `${prefix}readEnergy.${own(part.component)}`,
        part.energy_J,
        'J',
        partFormula(device, 'energy', own(part.component)),
      ),
    ),
    derived(
      `${prefix}writeEnergy`,
      cost.writeEnergy_J,
      'J',
      'lines and cells of all rows, every pulse; a matrix pays for the rows and columns that it takes',
    ),
    derived(`${prefix}leakage`, cost.leakage_W, 'W', 'shift-and-add by its area, cells by their number'),
  ];
}

/** Of one crossbar with what it shares. */
function areasByPart({ standing }: CrossbarCost): [string, number][] {
  const areas = new Map<string, number>();
  for (const { component, area_m2 } of standing)
    if (area_m2 > 0) areas.set(component, (areas.get(component) ?? 0) + area_m2);
  return [...areas];
}

function areaFormula(device: Device): string {
  return device.level === 'macro'
    ? 'area, less the shares that are counted on their own'
    : 'the sum of its components by the circuit laws';
}

function readFormula(device: Device): string {
  if (device.level === 'macro') return 'read.time';
  if (device.merge !== undefined)
    return 'settle + hold + merge + conversions of a converter: one input bit plane';
  return device.sampling === 'plane'
    ? 'settle + hold + adc.columns x conversion: one input bit plane'
    : 'adc.columns x (settle + conversion): one input bit plane';
}

function writeFormula(device: Device): string {
  return device.level === 'macro'
    ? 'write.time'
    : 'rows x (write.erase + write.pulse) x (1 + write.verify) + reads to verify';
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
  const physical = unit === 'm2' || unit === 'J' || unit === 'W';
  const text = physical ? formatQuantity(value, unit, 4) : `${value} ${unit}`.trim();
  return { path, value, text, origin: { kind: 'derived', how } };
}
