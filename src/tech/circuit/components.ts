/** What the laws say of every component of a crossbar: its area, its energy in one bit plane, and the steps of that plane. */

import type { ComponentName } from './breakdown.ts';
import type { CellFigures } from './cell-law.ts';
import type { CrossbarDesign, PlaneSteps } from './design.ts';
import { drivenRows } from './input-steps.ts';
import { adcLawOf, driveLawOf, driveOf, readVoltage } from './laws.ts';
import { designLosslessBits } from './lossless.ts';
import { type NodeConstants, wire } from './nodes.ts';
import { columnCircuits, type Lines, levelShifters, rowCircuits, settleTime_s } from './read-path.ts';
import { shiftAdd, wordAdd } from './shift-add.ts';
import { conversionsOf, mergeFigures, sharedConversions } from './slice-merge.ts';

/** One number a component, in the SI unit of what it is called. */
export type Values = Record<ComponentName, number>;

export interface Components {
  /** m2. */
  readonly area: Values;
  /** m2 of registers, adders and encoders: what leaks beside cells in NeuroSim's runs; SAR converters and switches are off. */
  readonly leaking: Values;
  /** J of one bit plane over all columns. */
  readonly energy: Values;
  readonly steps: PlaneSteps;
  /** Who turns column sums into codes. */
  readonly readout: 'adc' | 'adderTree';
  /** Rows are driven once for a plane, not once for every column group. */
  readonly once: boolean;
  /** Joules of one conversion of a column, and of what all converters share in one round of conversions. */
  readonly conversion_J: number;
  readonly round_J: number;
}

/** Walks the path of a read, from the rows to shift-and-add; explicit times (`given`) are taken on the way. */
export function components(
  design: CrossbarDesign,
  cell: CellFigures,
  line: Lines,
  node: NodeConstants,
  write_V: number,
): Components {
  const { rows, cols, adc, given, calibration = {} } = design;
  const law = adcLawOf(adc);
  const readVoltage_V = readVoltage(design, node);
  const driven = drivenRows(design);
  const column_S = driven * design.inputDensity * cell.conductance_S;
  const converter = law.figures(adc as never, {
    node,
    roadmap: design.roadmap,
    rows: driven,
    arrayRows: rows,
    stepBits: design.inputBitsPerStep,
    weightBits: design.weightBits,
    inputDensity: design.inputDensity,
    readVoltage_V,
    column_S,
    reference_S: driven * cell.reference_S,
    reference_J: (driven / cols) * line.row_F * node.vdd_V ** 2,
    columnWire_F: wire(node, rows * cell.height_m).capacitance_F,
    cell_m2: cell.width_m * cell.height_m,
    columns_m: Math.min(adc.columns, cols) * cell.width_m,
  });
  const readout = law.digital ? 'adderTree' : 'adc';
  const converters = Math.ceil(cols / adc.columns);
  const groups = sharedConversions(design);
  const held = design.sampling === 'plane';
  const once = held || law.digital;

  // Digital cells take bits as they are.
  const drive = law.digital
    ? undefined
    : driveLawOf(driveOf(design)).figures(driveOf(design) as never, {
        node,
        bits: design.inputBitsPerStep,
        inputDensity: design.inputDensity,
      });
  const pulses = drive?.pulses;
  const row = rowCircuits(design, cell, line, node, { drives: once ? 1 : groups, drive });
  const column = columnCircuits(design, cell, line, node);
  const merge = mergeFigures(design, cell, node, row.active);
  const add = law.digital
    ? wordAdd(design, node, designLosslessBits(design))
    : shiftAdd(design, node, converters, adc.bits, cell.width_m);
  const hp = design.roadmap === 'HP';
  const time = (name: ComponentName, law_s: number, beside_s = 0): number =>
    given[name]?.time_s ?? law_s * (calibration[name]?.time ?? 1) + beside_s;
  const settled_s = settleTime_s(design, cell, line, node) * (hp ? node.hpDelay : 1);
  const settle_s = time('array', settled_s, pulses?.time_s);
  const hold_s = time('sampleHold', column.hold_s);
  const merge_s = time('merge', merge.time_s);
  // A column conducts while it is converted, or until it is held; while pulses last where inputs are pulses.
  const current = converter.column ?? { time_s: converter.time_s, power_W: column_S * readVoltage_V ** 2 };
  const current_s = pulses?.conducting_s ?? (held ? settle_s + hold_s : current.time_s);

  const area = noValues();
  area.driver = row.area_m2;
  area.dac = row.dac_m2;
  area.levelShifter = levelShifters(design, node, write_V);
  area.array = (design.sets ?? 1) * rows * cols * cell.width_m * cell.height_m;
  area.columnSwitch = column.switch_m2;
  area.mux = column.mux_m2;
  area.sampleHold = column.hold_m2;
  area.merge = merge.area_m2;
  const shared = converter.shared ?? { area_m2: 0, energy_J: 0 };
  area[readout] = (law.digital ? cols : converters) * converter.area_m2 + shared.area_m2;
  area.shiftAdd = add.area_m2;

  const leaking = noValues();
  leaking.adc = converters * (converter.leaking_m2 ?? 0);
  leaking.adderTree = area.adderTree;
  leaking.shiftAdd = add.leaking_m2;

  const logic = hp ? node.hpEnergy : 1;
  const energy = noValues();
  energy.driver = (row.register_J + row.switch_J) * logic;
  energy.dac = row.dac_J;
  energy.array = row.line_J;
  const charged_J = row.active * cols * cell.readCharge_F * node.vdd_V ** 2;
  energy.cells = cols * current.power_W * current_s + charged_J;
  energy.columnSwitch = column.switch_J;
  energy.mux = column.mux_J * logic;
  energy.sampleHold = column.hold_J;
  energy.merge = merge.energy_J;
  energy[readout] = conversionsOf(design, cols) * converter.energy_J + groups * shared.energy_J;
  energy.shiftAdd = add.energy_J * logic;

  const convert_s = time(readout, converter.time_s);
  const shiftAdd_s = given.shiftAdd?.time_s ?? 0;
  return {
    area,
    leaking,
    energy,
    steps: { groups, settle_s, hold_s, merge_s, convert_s, shiftAdd_s },
    readout,
    once,
    conversion_J: converter.energy_J,
    round_J: shared.energy_J,
  };
}

/** Every component with 0. */
export const noValues = (): Values => ({
  driver: 0,
  dac: 0,
  levelShifter: 0,
  array: 0,
  cells: 0,
  columnSwitch: 0,
  mux: 0,
  sampleHold: 0,
  merge: 0,
  adc: 0,
  adderTree: 0,
  shiftAdd: 0,
});
