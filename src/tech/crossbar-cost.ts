/** What one crossbar costs, as the event model needs it: times in ticks, energy by part, area, leakage; from a macro or from circuits. */
import { type Tick, toTicks } from '../sim/tick.ts';
import { type ComponentName, partOf } from './circuit/breakdown.ts';
import { evaluateCrossbar } from './circuit/evaluate.ts';
import { designOf } from './design-of.ts';
import type { Circuit, Device, Macro } from './schema.ts';

type Shares = Macro['shares'];
/** What a macro's published totals are divided into. */
type ShareName = Exclude<keyof Shares['energy'] | keyof Shares['area'], 'source'>;

/** A part of a crossbar that area or the energy of a read is charged to. */
export type CrossbarPart = `crossbar.${ComponentName | ShareName}`;

/** Energy of a part of a crossbar. */
export interface EnergyPart {
  readonly component: CrossbarPart;
  readonly energy_J: number;
}

/** Area of a part of a crossbar. */
export interface AreaPart {
  readonly component: CrossbarPart;
  readonly area_m2: number;
}

/** Parts of a macro's published total that components of the chip charge themselves, and that must not count twice. */
export interface ChargedElsewhere {
  readonly interconnect: boolean;
  readonly buffers: boolean;
  readonly accumulators: boolean;
}

/** Times of the steps of one input bit plane at circuit level. */
export interface PlaneTiming {
  /** Wordline drivers and settling of the columns. */
  readonly drive: Tick;
  readonly hold: Tick;
  /** All mux groups, one after another, on this crossbar's converters. */
  readonly convert: Tick;
  readonly shiftAdd: Tick;
  /** The next plane is driven while the last is converted. */
  readonly overlap: boolean;
}

/** What one crossbar costs; times are in ticks of a picosecond. */
export interface CrossbarCost {
  readonly name: string;
  /** Input bit planes of one vector that the event model goes through. */
  readonly planes: number;
  /** One plane at macro level: one claim of the ADC bank. */
  readonly readTime: Tick;
  /** Circuit level only. */
  readonly plane: PlaneTiming | undefined;
  /** Energy of one plane (at circuit level, of one step of the input bits that are driven at once), all columns. */
  readonly readParts: readonly EnergyPart[];
  readonly writeTime: Tick;
  readonly writeEnergy_J: number;
  readonly area_m2: number;
  readonly areaParts: readonly AreaPart[];
  readonly leakage_W: number;
  readonly columns: number;
  readonly rows: number;
  readonly endurance: number | undefined;
}

/**
 * Cost of one crossbar of `device`. `inputBits` is the number of bit planes of a vector; at macro level
 * `countPlanes` false takes one published read for the whole vector, as the paper does.
 */
export function crossbarCost(
  device: Device,
  inputBits: number,
  countPlanes: boolean,
  elsewhere: ChargedElsewhere,
): CrossbarCost {
  const common = {
    name: device.name,
    columns: device.crossbar.cols,
    rows: device.crossbar.rows,
    endurance: device.cell.endurance,
  };
  if (device.level === 'macro') {
    return {
      ...common,
      ...macroCost(device, elsewhere),
      planes: countPlanes ? inputBits : 1,
      plane: undefined,
    };
  }
  const planes = Math.ceil(inputBits / device.inputBitsPerStep);
  return { ...common, ...circuitCost(device), planes };
}

function macroCost(macro: Macro, elsewhere: ChargedElsewhere) {
  const { energy, area } = macro.shares;
  const kept: Record<ShareName, boolean> = {
    readCircuit: true,
    array: true,
    adc: true,
    other: true,
    interconnect: !elsewhere.interconnect,
    buffer: !elsewhere.buffers,
    accumulator: !elsewhere.accumulators,
  };
  const readParts = shareOut(energy, macro.read.energy)
    .filter(([name]) => kept[name])
    .map(([name, energy_J]): EnergyPart => ({ component: `crossbar.${name}`, energy_J }));
  const areaParts = shareOut(area, macro.area)
    .filter(([name]) => kept[name])
    .map(([name, area_m2]): AreaPart => ({ component: `crossbar.${name}`, area_m2 }));
  return {
    readTime: toTicks(macro.read.time),
    writeTime: toTicks(macro.write.time),
    writeEnergy_J: macro.write.energy,
    leakage_W: macro.leakage,
    readParts,
    area_m2: areaParts.reduce((sum, part) => sum + part.area_m2, 0),
    areaParts,
  };
}

/** Splits a total by shares that are rounded percentages, so that the parts sum to the total. */
function shareOut<Shares extends object>(
  shares: Shares,
  total: number,
): [Exclude<keyof Shares, 'source'> & ShareName, number][] {
  const numbers = Object.entries(shares).filter(
    (e): e is [Exclude<keyof Shares, 'source'> & ShareName, number] => typeof e[1] === 'number' && e[1] > 0,
  );
  const sum = numbers.reduce((s, [, share]) => s + share, 0);
  return numbers.map(([name, share]) => [name, (total * share) / sum]);
}

function circuitCost(device: Circuit) {
  const { steps, ...figures } = evaluateCrossbar(designOf(device));
  const { groups } = steps;
  const settle = toTicks(steps.settle_s);
  // Rows are driven once for a plane, or again for every column group on the converters' time.
  const once =
    device.sampling === 'plane' || partOf(figures.readEnergy_J, 'adderTree' satisfies ComponentName) > 0;
  const drive = once ? settle : 0;
  const convert = groups * (toTicks(steps.convert_s) + (once ? 0 : settle));
  const hold = toTicks(steps.hold_s);
  const shiftAdd = toTicks(steps.shiftAdd_s);
  return {
    readTime: drive + hold + convert + shiftAdd,
    plane: { drive, hold, convert, shiftAdd, overlap: device.pipeline === 'plane' },
    readParts: figures.readEnergy_J.parts.map(
      ({ component, value }): EnergyPart => ({ component: `crossbar.${component}`, energy_J: value }),
    ),
    areaParts: figures.area_m2.parts.map(
      ({ component, value }): AreaPart => ({ component: `crossbar.${component}`, area_m2: value }),
    ),
    area_m2: figures.area_m2.total,
    writeTime: toTicks(figures.writeTime_s.total),
    writeEnergy_J: figures.writeEnergy_J.total,
    leakage_W: figures.leakage_W.total,
  };
}
