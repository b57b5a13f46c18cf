/** What one crossbar costs, as the event model needs it: times in ticks, energy by part, area, leakage; from a macro or from circuits. */
import { type Tick, toTicks } from '../sim/tick.ts';
import type { CrossbarDesign } from './circuit/design.ts';
import { evaluateCrossbar } from './circuit/evaluate.ts';
import type { Fill } from './circuit/fill.ts';
import { inputSteps, rowCut } from './circuit/input-steps.ts';
import { adcLawOf } from './circuit/laws.ts';
import { conversionsOf } from './circuit/slice-merge.ts';
import { designOf, type WordBits } from './design-of.ts';
import { type CrossbarPart, circuitParts, macroParts, type StandingPart } from './pe-parts.ts';
import type { Circuit, Device, Macro } from './schema.ts';
import { divisionOf, type ShareName, type ShareTotal } from './shares.ts';

/** Energy of a part of a crossbar. */
export interface EnergyPart {
  readonly component: CrossbarPart;
  readonly energy_J: number;
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
  /** Sample-and-hold, and merging of slices. */
  readonly hold: Tick;
  /** All mux groups, one after another, on this crossbar's converters. */
  readonly convert: Tick;
  readonly shiftAdd: Tick;
  /** The next plane is driven while the last is converted. */
  readonly overlap: boolean;
}

/** What a read and a write of a crossbar take that a matrix fills, all of it or in part; times are in ticks of a picosecond. */
export interface CrossbarUse {
  /** Reads of one vector that the event model goes through: input bit planes, or steps of several bits, times the groups of rows that are summed one after another. */
  readonly planes: number;
  /** One plane at macro level: one claim of the ADC bank. */
  readonly readTime: Tick;
  /** Circuit level only. */
  readonly plane: PlaneTiming | undefined;
  /** Energy of one plane (at circuit level, of one step of the input bits that are driven at once), all columns in use. */
  readonly readParts: readonly EnergyPart[];
  /** All rows in use. */
  readonly writeTime: Tick;
  readonly writeEnergy_J: number;
  /** To take another set of weights; absent where there is one. */
  readonly select?: { readonly energy_J: number; readonly time: Tick };
}

/** What it takes to program some rows of a crossbar, or some columns of its rows. */
export interface Programming {
  readonly time: Tick;
  readonly energy_J: number;
}

/** What one crossbar costs; its times and energies are those of a full one. */
export interface CrossbarCost extends CrossbarUse {
  readonly name: string;
  /** Of one crossbar with converters and write drivers of its own. */
  readonly area_m2: number;
  readonly leakage_W: number;
  /** Where its parts stand: a PE's arrays may share converters and write drivers. */
  readonly standing: readonly StandingPart[];
  readonly columns: number;
  readonly rows: number;
  readonly endurance: number | undefined;
  /** The same object for the same times and energies. A published total is one of a full array, whatever part is used. */
  readonly filled: (fill: Fill) => CrossbarUse;
  /**
   * To program a part of the array, row after row, as many cells of each as the part has columns; the same object for the same part.
   * A published total is of all rows and all cells.
   */
  readonly written: (part: Fill) => Programming;
  /** Codes that one plane of such an array gives: one a column, or one for those of a weight that are merged. */
  readonly codesOf: (fill: Fill) => number;
}

/**
 * Cost of one crossbar of `device`. `bits` are those of a stored word and of an input: so many bit planes has a vector; at
 * macro level `countPlanes` false takes one published read for the whole vector, as the paper does.
 */
export function crossbarCost(
  device: Device,
  bits: WordBits,
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
    return { ...common, ...macroCost(device, elsewhere, countPlanes ? bits.inputs : 1) };
  }
  return { ...common, ...circuitCost(device, bits) };
}

/** The same crossbar, to which codes of fewer bits come: as many planes as `narrow`, which is that crossbar built for them. */
export function narrowCost(full: CrossbarCost, narrow: CrossbarCost): CrossbarCost {
  const uses = new Map<CrossbarUse, CrossbarUse>();
  const filled = (fill: Fill): CrossbarUse => {
    const use = full.filled(fill);
    const own = uses.get(use) ?? { ...use, planes: narrow.filled(fill).planes };
    uses.set(use, own);
    return own;
  };
  return { ...full, planes: narrow.planes, filled };
}

function macroCost(macro: Macro, elsewhere: ChargedElsewhere, planes: number) {
  const kept: Record<ShareName, boolean> = {
    readCircuit: true,
    array: true,
    adc: true,
    other: true,
    undivided: true,
    interconnect: !elsewhere.interconnect,
    buffer: !elsewhere.buffers,
    accumulator: !elsewhere.accumulators,
  };
  const { rows, cols } = macro.crossbar;
  const { time, energy } = macro.write;
  const areas = shareOut(macro, 'area', macro.area).filter(({ component }) => kept[component]);
  const use: CrossbarUse = {
    planes,
    readTime: toTicks(macro.read.time),
    plane: undefined,
    readParts: shareOut(macro, 'energy', macro.read.energy)
      .filter(({ component }) => kept[component])
      .map(({ component, value }): EnergyPart => ({ component: `crossbar.${component}`, energy_J: value })),
    writeTime: toTicks(macro.write.time),
    writeEnergy_J: macro.write.energy,
  };
  return {
    ...use,
    filled: () => use,
    written: byPart(part => ({
      time: toTicks((time * part.rows) / rows),
      energy_J: (energy * part.rows * part.cols) / (rows * cols),
    })),
    codesOf: ({ cols }: Fill) => cols,
    area_m2: areas.reduce((sum, { value }) => sum + value, 0),
    leakage_W: macro.leakage,
    standing: macroParts(areas, macro),
  };
}

/** Splits a total by shares that are rounded percentages, so that the parts sum to the total. */
function shareOut(macro: Macro, total: ShareTotal, whole: number): { component: ShareName; value: number }[] {
  const parts = divisionOf(macro, total).parts.filter(({ share }) => share > 0);
  const sum = parts.reduce((s, { share }) => s + share, 0);
  return parts.map(({ name, share }) => ({ component: name, value: (whole * share) / sum }));
}

function circuitCost(device: Circuit, bits: WordBits) {
  const design = designOf(device, bits);
  const { area_m2, leakage_W } = evaluateCrossbar(design);
  const standing = circuitParts(area_m2.parts, leakage_W.parts);
  const uses = new Map<string, CrossbarUse>();
  const filled = (fill: Fill): CrossbarUse => {
    const key = `${fill.rows} x ${fill.cols}`;
    const known = uses.get(key);
    if (known !== undefined) return known;
    const use = circuitUse(device, design, fill);
    uses.set(key, use);
    return use;
  };
  return {
    ...filled({ rows: rowCut(design).rows, cols: design.cols }),
    filled,
    written: byPart(part => {
      const { writeTime_s, writeEnergy_J } = evaluateCrossbar(design, part);
      return { time: toTicks(writeTime_s.total), energy_J: writeEnergy_J.total };
    }),
    codesOf: ({ cols }: Fill) => conversionsOf(design, cols),
    area_m2: area_m2.total,
    leakage_W: leakage_W.total,
    standing,
  };
}

/** Each part once. */
function byPart(make: (part: Fill) => Programming): (part: Fill) => Programming {
  const made = new Map<string, Programming>();
  return part => {
    const key = `${part.rows} x ${part.cols}`;
    const known = made.get(key) ?? make(part);
    made.set(key, known);
    return known;
  };
}

function circuitUse(device: Circuit, design: CrossbarDesign, fill: Fill): CrossbarUse {
  const { steps, ...figures } = evaluateCrossbar(design, fill);
  const { groups } = steps;
  const settle = toTicks(steps.settle_s);
  // Rows are driven once for a plane, or again for every column group on the converters' time.
  const { digital } = adcLawOf(design.adc);
  const once = device.sampling === 'plane' || digital;
  const drive = once ? settle : 0;
  const convert = groups * (toTicks(steps.convert_s) + (once ? 0 : settle));
  const hold = toTicks(steps.hold_s + steps.merge_s);
  const shiftAdd = toTicks(steps.shiftAdd_s);
  return {
    planes: inputSteps(design.inputBits, design.inputBitsPerStep, digital) * figures.rowGroups,
    readTime: drive + hold + convert + shiftAdd,
    plane: { drive, hold, convert, shiftAdd, overlap: device.pipeline === 'plane' },
    readParts: figures.readEnergy_J.parts.map(
      ({ component, value }): EnergyPart => ({ component: `crossbar.${component}`, energy_J: value }),
    ),
    writeTime: toTicks(figures.writeTime_s.total),
    writeEnergy_J: figures.writeEnergy_J.total,
    ...(device.sets > 1 && {
      select: { energy_J: figures.select.energy_J, time: toTicks(figures.select.time_s) },
    }),
  };
}
