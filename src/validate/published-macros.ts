/** Published macros with the designs that stand for them, as the circuit laws see them and with the factors that their models carry. */
import { MM2, PER_PICO, TERA } from '../base/units.ts';
import type { CrossbarDesign, CrossbarFigures } from '../tech/circuit/design.ts';

/** One figure of a macro: what is published, and what we make of the figures of one crossbar. */
interface MacroFigure {
  readonly what: string;
  readonly published: number;
  readonly of: (figures: CrossbarFigures) => number;
}

export interface PublishedMacro {
  readonly name: string;
  readonly source: string;
  /** Our laws as they are: the `silicon` converter, the supply of the node. */
  readonly design: CrossbarDesign;
  /** The same with per-macro factors; absent: none is stated. */
  readonly adjusted?: { readonly design: CrossbarDesign; readonly adjust: Adjust; readonly how: string };
  readonly figures: readonly MacroFigure[];
  /** Why what is left differs. */
  readonly why: string;
}

/** Factors on the energy and area of components. */
export interface Adjust {
  readonly energy?: Readonly<Record<string, number>>;
  readonly area?: Readonly<Record<string, number>>;
  /** On all energies: the square of the supply over that of the node. */
  readonly supply?: number;
}

const base = {
  roadmap: 'LSTP',
  inputBitsPerStep: 1,
  inputDensity: 0.5,
  sampling: 'plane',
  write: { pulse_s: 2e-9, erase_s: 0, blockErase: false, verify: 0 },
  given: {},
} as const;

/** TOPS/W of `ops` operations in `planes` reads; TOPS of `count` crossbars; mm2 of them. */
const perWatt =
  (ops: number, planes: number) =>
  ({ readEnergy_J }: CrossbarFigures): number =>
    ops / (planes * readEnergy_J.total) / TERA;
const tops =
  (ops: number, planes: number, count: number) =>
  ({ readTime_s }: CrossbarFigures): number =>
    (count * ops) / (planes * readTime_s.total) / TERA;
const mm2 =
  (count: number) =>
  ({ area_m2 }: CrossbarFigures): number =>
    (count * area_m2.total) / MM2;

const JIA: CrossbarDesign = {
  ...base,
  node_m: 65e-9,
  rows: 2304,
  cols: 256,
  cell: { law: 'sram-charge', device: 'sram', bits: 1, area: 426, capacitor: 0.35e-15 },
  adc: { law: 'silicon', bits: 8, columns: 1 },
  weightBits: 1,
  inputBits: 1,
};
const NEURRAM: CrossbarDesign = {
  ...base,
  node_m: 130e-9,
  rows: 256,
  cols: 256,
  cell: {
    law: 'rram',
    device: 'rram',
    bits: 2,
    onResistance: 25e3,
    offResistance: 1e6,
    width: 11.21,
    height: 11.21,
  },
  adc: { law: 'silicon', bits: 10, columns: 1 },
  weightBits: 4,
  inputBits: 8,
  readVoltage_V: 0.5,
  write: { voltage_V: 1.75, pulse_s: 8.5e-6, erase_s: 0, blockErase: false, verify: 0 },
};
const HERMES: CrossbarDesign = {
  ...base,
  node_m: 14e-9,
  rows: 256,
  cols: 256,
  cell: {
    law: 'pcm',
    device: 'pcm',
    bits: 4,
    onResistance: 48.3e3,
    offResistance: 4.83e6,
    width: 9,
    height: 4,
    resetCurrent: 300e-6,
    setCurrent: 150e-6,
  },
  adc: { law: 'silicon', bits: 8, columns: 1 },
  weightBits: 4,
  inputBits: 8,
  inputBitsPerStep: 8,
  write: { voltage_V: 2, pulse_s: 150e-9, erase_s: 40e-9, blockErase: false, verify: 0 },
};
const digital = (node_m: number, rows: number, cols: number): CrossbarDesign => ({
  ...base,
  node_m,
  rows,
  cols,
  cell: { law: 'digital-cim', device: 'sram', bits: 1, area: 280 },
  adc: { law: 'adder-tree', bits: 16, columns: 1 },
  weightBits: 8,
  inputBits: 8,
  sampling: 'mux-group',
});

export const PUBLISHED_MACROS: readonly PublishedMacro[] = [
  {
    name: 'Jia, JSSC 2020: 65 nm, SRAM by charge, 2304 x 256, 1 b x 1 b at 0.85 V',
    source: 'as tabulated by CiMLoop',
    design: JIA,
    adjusted: {
      design: {
        ...JIA,
        cell: { ...JIA.cell, capacitor: 2e-15 } as CrossbarDesign['cell'],
        adc: { law: 'survey', bits: 8, columns: 1, rate: 1 / 1.35e-6 },
      },
      adjust: { energy: { adc: 0.275 }, area: { adc: 0.4, driver: 9.1 }, supply: (0.85 / 1.1) ** 2 },
      how: 'survey ADC x 0.275 (energy), x 0.4 (area), drivers x 9.1 (area), 2 fF a cell: CiMLoop; 0.85 V; a conversion in the 54 clocks of 25 ns that the chip takes',
    },
    figures: [
      { what: 'TOPS/W', published: 400, of: perWatt(2 * 2304 * 256, 1) },
      { what: 'TOPS', published: 0.874, of: tops(2 * 2304 * 256, 1, 1) },
      { what: 'mm2 of array, ADCs, datapath', published: 3.904, of: mm2(1) },
    ],
    why: 'its own figures hold 9.7 pJ a column in the array, 4.2 fF a cell at 0.85 V: wires and switches beside the capacitor. The throughput is that of the chip clock.',
  },
  {
    name: 'NeuRRAM, Nature 2022: 130 nm, RRAM, 48 x 256 x 256, 8-bit inputs, 10-bit outputs',
    source: 'as tabulated by CiMLoop',
    design: NEURRAM,
    adjusted: {
      design: {
        ...NEURRAM,
        adc: { law: 'given', bits: 10, columns: 1, energy: 2.43e-12, time: 1.39e-6, area: 1270e-12 },
      },
      adjust: { area: { driver: 5.25 } },
      how: 'its neuron as measured (2.43 pJ and 1.39 us an input bit, 1270 um2), drivers x 5.25 (area): CiMLoop',
    },
    figures: [
      { what: 'TOPS/W', published: 6.44, of: perWatt(2 * 256 * 128, 8) },
      { what: 'TOPS', published: 0.264, of: tops(2 * 256 * 128, 8, 48) },
      { what: 'mm2', published: 48 * 1.161, of: mm2(48) },
    ],
    why: 'the chip senses voltages of floating columns with a neuron a differential pair; the law reads currents, and has level shifters of 66 um2 and more at every line (the write is at 1.75 V). The node is beyond the tabulated ones.',
  },
  {
    name: 'HERMES, Nat. Electron. 2023: 14 nm, PCM, 64 x 256 x 256, 8-bit, one phase',
    source: 'published',
    design: HERMES,
    adjusted: {
      design: { ...HERMES, given: { array: { time_s: 130e-9 } } },
      adjust: {},
      how: 'rows are driven for 130 ns, the longest pulse of an input of 8 bits',
    },
    figures: [
      { what: 'TOPS/W', published: 9.76, of: perWatt(2 * 256 * 256, 1) },
      { what: 'TOPS', published: 63.1, of: tops(2 * 256 * 256, 1, 64) },
      { what: 'TOPS/mm2', published: 1.55, of: f => tops(2 * 256 * 256, 1, 1)(f) / mm2(1)(f) },
    ],
    why: 'a weight is eight transistors and four devices; the law has one cell of 36 F2. The law drives voltages by DACs and not pulses. At 14 nm the laws are extrapolated.',
  },
  {
    name: 'DIMC1, ISSCC 2022-15.5: 28 nm, digital, 64 x 32 x 48 (6 words), 8 b x 8 b',
    source: 'as validated by ZigZag-IMC',
    design: digital(28e-9, 32, 48),
    figures: [
      { what: 'TOPS/W', published: 36.63, of: perWatt(2 * 32 * 6, 8) },
      { what: 'TOPS', published: 1.198, of: tops(2 * 32 * 6, 8, 64) },
      { what: 'mm2', published: 0.9408, of: mm2(64) },
    ],
    why: 'the chip takes 2 input bits a clock by Booth encoding, which halves the additions, and has a floating-point mode in its area; it is clocked at 195 MHz, the law at the delay of its own tree.',
  },
  {
    name: 'DIMC3, ISSCC 2023-7.2: 28 nm, digital, 8 x 128 x 64 (8 words), 8 b x 8 b',
    source: 'as validated by ZigZag-IMC; TOPS by its count at 182 MHz',
    design: digital(28e-9, 128, 64),
    figures: [
      { what: 'TOPS/W', published: 19.5, of: perWatt(2 * 128 * 8, 8) },
      { what: 'TOPS', published: 0.745, of: tops(2 * 128 * 8, 8, 8) },
      { what: 'mm2', published: 0.1462, of: mm2(8) },
    ],
    why: 'its multipliers and trees are drawn for the macro (2.2 um2 a bit with everything); a tree of standard cells at every word takes more area.',
  },
  {
    name: 'Colonnade, JSSC 2021: 65 nm, digital, 128 x 128, 8-bit weights at 0.8 V',
    source: 'as tabulated by CiMLoop',
    design: digital(65e-9, 128, 64),
    adjusted: {
      design: {
        ...digital(65e-9, 128, 64),
        cell: { law: 'digital-cim', device: 'sram', bits: 1, area: 130 },
      },
      adjust: { supply: (0.8 / 1.1) ** 2 },
      how: 'cell of 130 F2: CiMLoop; 0.8 V',
    },
    figures: [
      { what: 'pJ of an input bit', published: 148, of: f => f.readEnergy_J.total * PER_PICO },
      { what: 'GOPS, 8 b x 8 b', published: 4.43, of: f => tops(2 * 128 * 8, 8, 1)(f) * 1e3 },
      { what: 'mm2', published: 0.2272, of: mm2(1) },
    ],
    why: 'a bit-serial adder stands at every cell and sums ripple from row to row (one register a column here); the law has a tree of full adders a word, which is faster and smaller.',
  },
];
