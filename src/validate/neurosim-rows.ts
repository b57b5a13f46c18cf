/** Sub-array figures of NeuroSim V1.4 (LSTP, 8 columns an ADC, half of the rows active, random weights), and ours of the same design. */
import { NM, NS, PJ, UM2, UW } from '../base/units.ts';
import { partOf } from '../tech/circuit/breakdown.ts';
import type { CellParams } from '../tech/circuit/cell/all.ts';
import type { CrossbarDesign, CrossbarFigures } from '../tech/circuit/design.ts';
import { evaluateCrossbar } from '../tech/circuit/evaluate.ts';

export type NeurosimCell = 'FeFET 240k/24M' | 'SRAM 280F2' | 'RRAM 100k/1.7M' | 'RRAM 6k/900k';

/** One run. `adc` energy holds the column currents and the lines' CV2; a sense is one column group. */
export interface NeurosimRow {
  readonly cell: NeurosimCell;
  readonly node_m: number;
  readonly size: number;
  readonly adc: 'neurosim-sar' | 'neurosim-flash';
  readonly bits: number;
  readonly area_m2: Columns<'array' | 'adc' | 'shiftAdd' | 'other'>;
  readonly sense_s: number;
  /** Of one bit plane over all columns. */
  readonly energy_J: Columns<'adc' | 'shiftAdd' | 'other'>;
  readonly leakage_W?: number;
}

/** A total and, where the run was split, its parts. */
type Columns<Part extends string> = { readonly total: number } & { readonly [part in Part]?: number };

/** Cell, node nm, size, then um2 (array, ADCs, shift-add, other), ns, pJ (ADC, shift-add, other), uW: 6-bit SAR. */
const SIZES: readonly (readonly [NeurosimCell, ...number[]])[] = [
  ['FeFET 240k/24M', 22, 64, 95, 1144, 490, 2293, 9.91, 6.55, 1.02, 2.18, 0.03],
  ['FeFET 240k/24M', 22, 128, 381, 2287, 980, 4538, 9.91, 19.36, 2.05, 4.38, 0.059],
  ['FeFET 240k/24M', 32, 64, 201, 2420, 1037, 4924, 10.28, 10.76, 1.96, 2.96, 0.05],
  ['FeFET 240k/24M', 32, 128, 805, 4839, 2074, 9831, 11.1, 28.94, 3.92, 5.99, 0.099],
  ['FeFET 240k/24M', 45, 64, 398, 4785, 2051, 11003, 10.55, 18.55, 3.94, 5.82, 0.083],
  ['FeFET 240k/24M', 45, 128, 1592, 9570, 4102, 21972, 11.82, 47.57, 7.87, 11.76, 0.164],
  ['SRAM 280F2', 22, 64, 555, 1216, 660, 456, 9.94, 18.43, 1.16, 1.8, 0.056],
  ['SRAM 280F2', 22, 128, 2220, 2433, 1319, 822, 9.98, 66.9, 2.32, 2.93, 0.143],
  ['SRAM 280F2', 32, 64, 1174, 2574, 1396, 1075, 11.02, 24.39, 2.22, 6.87, 0.091],
  ['SRAM 280F2', 32, 128, 4698, 5148, 2791, 1835, 13.99, 83.43, 4.44, 8.75, 0.228],
  ['SRAM 280F2', 45, 64, 2322, 5090, 2760, 2451, 11.78, 37.49, 4.46, 19.17, 0.148],
  ['SRAM 280F2', 45, 128, 9290, 10180, 5519, 3924, 16.61, 123.35, 8.93, 22.82, 0.368],
  ['RRAM 100k/1.7M', 22, 64, 95, 1144, 490, 2293, 9.91, 9.39, 1.02, 2.21, 0.03],
  ['RRAM 100k/1.7M', 22, 128, 381, 2287, 980, 4538, 9.92, 30.7, 2.05, 4.52, 0.059],
  ['RRAM 100k/1.7M', 32, 64, 201, 2420, 1037, 4924, 10.7, 13.84, 1.96, 3.02, 0.05],
  ['RRAM 100k/1.7M', 32, 128, 805, 4839, 2074, 9831, 12.79, 41.22, 3.92, 6.21, 0.099],
  ['RRAM 100k/1.7M', 45, 64, 398, 4785, 2051, 11003, 11.21, 22.55, 3.94, 5.92, 0.083],
  ['RRAM 100k/1.7M', 45, 128, 1592, 9570, 4102, 21972, 14.43, 63.52, 7.87, 12.17, 0.164],
  ['RRAM 6k/900k', 22, 64, 95, 1144, 490, 2394, 9.97, 87.41, 1.02, 3.03, 0.03],
  ['RRAM 6k/900k', 22, 128, 381, 2287, 980, 5102, 10.15, 336.07, 2.05, 7.8, 0.059],
  ['RRAM 6k/900k', 32, 64, 201, 2420, 1037, 5154, 20.9, 98.38, 1.96, 4.38, 0.05],
  ['RRAM 6k/900k', 32, 128, 805, 4839, 2074, 11084, 53.57, 373.99, 3.92, 11.66, 0.099],
];

/** Cell, size, converter, bits, um2 of one ADC, pJ of one conversion with column current and CV2, ns, um2, pJ: 32 nm. */
const CONVERTERS: readonly (readonly [NeurosimCell, number, 'sar' | 'flash', ...number[]])[] = [
  ['FeFET 240k/24M', 64, 'sar', 4, 223, 0.114, 7.48, 7765, 11.8],
  ['FeFET 240k/24M', 64, 'sar', 8, 382, 0.231, 13.08, 9399, 20.14],
  ['FeFET 240k/24M', 64, 'flash', 4, 60, 0.059, 2.83, 6462, 8.25],
  ['FeFET 240k/24M', 64, 'flash', 6, 207, 0.249, 5.28, 7821, 20.86],
  ['FeFET 240k/24M', 64, 'flash', 8, 699, 3.396, 26.61, 11938, 222.71],
  ['FeFET 240k/24M', 128, 'sar', 4, 223, 0.161, 8.3, 15916, 29.66],
  ['FeFET 240k/24M', 128, 'sar', 8, 382, 0.3, 13.9, 19183, 49.2],
  ['FeFET 240k/24M', 128, 'flash', 4, 69, 0.079, 3.49, 13455, 19.17],
  ['FeFET 240k/24M', 128, 'flash', 6, 217, 0.25, 5.11, 16180, 41.91],
  ['FeFET 240k/24M', 128, 'flash', 8, 709, 2.372, 17.35, 24416, 314.43],
  ['SRAM 280F2', 64, 'sar', 4, 242, 0.275, 8.22, 5439, 26.25],
  ['SRAM 280F2', 64, 'sar', 8, 401, 0.497, 13.82, 7050, 41.31],
  ['SRAM 280F2', 64, 'flash', 4, 130, 0.1, 3.31, 4537, 15.09],
  ['SRAM 280F2', 64, 'flash', 6, 261, 0.258, 4.49, 5734, 25.6],
  ['SRAM 280F2', 64, 'flash', 8, 772, 1.895, 13.18, 10022, 130.83],
  ['SRAM 280F2', 128, 'sar', 4, 242, 0.482, 11.19, 12808, 74.02],
  ['SRAM 280F2', 128, 'sar', 8, 401, 0.831, 16.79, 16031, 120.39],
  ['SRAM 280F2', 128, 'flash', 4, 160, 0.161, 6.18, 11487, 32.98],
  ['SRAM 280F2', 128, 'flash', 6, 293, 0.309, 7.07, 14007, 52.72],
  ['SRAM 280F2', 128, 'flash', 8, 804, 1.479, 12.63, 22486, 203.32],
];

/** Every run, once: sizes and nodes with a 6-bit SAR converter, then the other converters at 32 nm. */
export const NEUROSIM_ROWS: readonly NeurosimRow[] = [
  ...SIZES.map(
    ([cell, node, size, array, adc, shift, other, sense, adcE, shiftE, otherE, leak]): NeurosimRow => {
      return {
        cell,
        node_m: node * NM,
        size,
        adc: 'neurosim-sar',
        bits: 6,
        area_m2: {
          total: (array + adc + shift + other) * UM2,
          array: array * UM2,
          adc: adc * UM2,
          shiftAdd: shift * UM2,
          other: other * UM2,
        },
        sense_s: sense * NS,
        energy_J: {
          total: (adcE + shiftE + otherE) * PJ,
          adc: adcE * PJ,
          shiftAdd: shiftE * PJ,
          other: otherE * PJ,
        },
        leakage_W: leak * UW,
      };
    },
  ),
  ...CONVERTERS.map(([cell, size, kind, bits, one, conversion, sense, area, energy]): NeurosimRow => {
    return {
      cell,
      node_m: 32 * NM,
      size,
      adc: `neurosim-${kind}`,
      bits,
      area_m2: { total: area * UM2, adc: ((one * size) / 8) * UM2 },
      sense_s: sense * NS,
      energy_J: { total: energy * PJ, adc: conversion * size * PJ },
    };
  }),
];

const memristor = { bits: 2, width: 12, height: 4 };
export const CELLS: Record<NeurosimCell, CellParams> = {
  'FeFET 240k/24M': {
    ...memristor,
    law: 'fefet',
    device: 'fefet',
    gateArea: 2,
    onResistance: 240e3,
    offResistance: 24e6,
  },
  'SRAM 280F2': { law: 'sram-6t', device: 'sram', bits: 1 },
  'RRAM 100k/1.7M': { ...memristor, law: 'rram', device: 'rram', onResistance: 100e3, offResistance: 1.7e6 },
  'RRAM 6k/900k': { ...memristor, law: 'rram', device: 'rram', onResistance: 6e3, offResistance: 900e3 },
};
const WRITE_V = { fefet: 4, rram: 2 } as const;

/** The design that a run is of. Its read voltage is the node's; NeuroSim's defaults for the rest. */
export function neurosimDesign(row: NeurosimRow): CrossbarDesign {
  const cell = CELLS[row.cell];
  const { device } = cell;
  const write_V = device === 'fefet' || device === 'rram' ? WRITE_V[device] : undefined;
  return {
    node_m: row.node_m,
    roadmap: 'LSTP',
    rows: row.size,
    cols: row.size,
    cell,
    adc: { law: row.adc, bits: row.bits, columns: 8 },
    weightBits: 8,
    inputBits: 8,
    inputBitsPerStep: 1,
    inputDensity: 0.5,
    sampling: 'mux-group',
    write: {
      ...(write_V !== undefined && { voltage_V: write_V }),
      pulse_s: write_V === undefined ? 1 * NS : 50 * NS,
      erase_s: write_V === undefined ? 0 : 50 * NS,
      blockErase: false,
      verify: 0,
    },
    given: {},
  };
}

/** Our figures of a run's design, in its columns. */
export function simulatedRow(row: NeurosimRow): Required<NeurosimRow> {
  const figures = evaluateCrossbar(neurosimDesign(row));
  const { area_m2, readEnergy_J, steps, leakage_W } = figures;
  const area = (name: string): number => partOf(area_m2, name);
  // Its ADC area holds the precharge circuits of SRAM, half of what stands at a column.
  const adc = area('adc') + (row.cell === 'SRAM 280F2' ? area('columnSwitch') / 2 : 0);
  const energy = (...names: readonly string[]): number => sumOf(readEnergy_J, names);
  return {
    ...row,
    area_m2: {
      total: area_m2.total,
      array: area('array'),
      adc,
      shiftAdd: area('shiftAdd'),
      other: area_m2.total - area('array') - adc - area('shiftAdd'),
    },
    sense_s: steps.settle_s + steps.convert_s,
    energy_J: {
      total: readEnergy_J.total,
      adc: energy('adc', 'cells', 'array'),
      shiftAdd: energy('shiftAdd'),
      other: readEnergy_J.total - energy('adc', 'cells', 'array', 'shiftAdd'),
    },
    leakage_W: leakage_W.total,
  };
}

const sumOf = (figure: CrossbarFigures['readEnergy_J'], names: readonly string[]): number =>
  names.reduce((sum, name) => sum + partOf(figure, name), 0);
