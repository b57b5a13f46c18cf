/** Published macros: their technology files, plain and calibrated, what is published of them, and points that set no factor. */
import { MM2, PER_PICO, TERA } from '../base/units.ts';
import { loadTech } from '../run/node/load.ts';
import type { CrossbarFigures } from '../tech/circuit/design.ts';
import { evaluateCrossbar } from '../tech/circuit/evaluate.ts';
import { designOf, type WordBits } from '../tech/design-of.ts';

/** One figure of a macro: what is published, and what we make of the figures of one crossbar. */
export interface MacroFigure {
  readonly what: string;
  readonly published: number;
  readonly of: (figures: CrossbarFigures) => number;
  /** It is the chip's clock, which the file gives: no law is checked. */
  readonly given?: true;
}

/** A published point of the same macro that set no factor: changes of the calibrated file. */
export interface MacroCheck extends MacroFigure {
  readonly set: readonly string[];
  readonly bits: WordBits;
}

export interface PublishedMacro {
  readonly name: string;
  /** Name of the technology file; the calibrated one has `-calibrated` behind it. */
  readonly tech: string;
  readonly bits: WordBits;
  readonly figures: readonly MacroFigure[];
  readonly checks: readonly MacroCheck[];
  /** Why what is left differs. */
  readonly why: string;
}

/** Figures of one crossbar by a macro's file, with values on top of it. */
export function macroFigures(tech: string, bits: WordBits, set: readonly string[] = []): CrossbarFigures {
  return evaluateCrossbar(designOf(loadTech(tech, { set: set.map(text => `tech.${text}`) }).tech, bits));
}

/** TOPS/W of `ops` operations in `reads`, components that the source leaves out apart; TOPS of `count` crossbars; mm2 of them. */
const perWatt =
  (ops: number, reads: number, without?: string) =>
  ({ readEnergy_J }: CrossbarFigures): number => {
    const counted = readEnergy_J.parts.filter(({ component }) => component !== without);
    return ops / (reads * counted.reduce((sum, { value }) => sum + value, 0)) / TERA;
  };
const tops =
  (ops: number, reads: number, count: number) =>
  ({ readTime_s }: CrossbarFigures): number =>
    (count * ops) / (reads * readTime_s.total) / TERA;
const mm2 =
  (count: number) =>
  ({ area_m2 }: CrossbarFigures): number =>
    (count * area_m2.total) / MM2;
const picojoules = ({ readEnergy_J }: CrossbarFigures): number => readEnergy_J.total * PER_PICO;

const JIA_OPS = 2 * 2304 * 256;
const NEURRAM_OPS = 2 * 256 * 128;
const HERMES_OPS = 2 * 256 * 256;
const EIGHT: WordBits = { weights: 8, inputs: 8 };

const WANG_OPS = 2 * 64 * 16;

/** Wang at another supply. */
const wang = (volt: number, perW: number, tera: number): MacroCheck[] => {
  const of = { set: [`vdd=${volt} V`], bits: EIGHT };
  return [
    { ...of, what: `${volt} V: TOPS/W`, published: perW, of: perWatt(WANG_OPS, 1) },
    { ...of, what: `${volt} V: TOPS`, published: tera, of: tops(WANG_OPS, 1, 1) },
  ];
};

/** Colonnade with words of another width: as many as 128 columns hold, each 7 columns wider than its weights. */
function colonnade(bits: number, fJ: number, gops: number): MacroCheck[] {
  const words = Math.floor(128 / (bits + 7));
  const of = {
    set: [`crossbar.cols=${words * bits}`, `cell.area=${Math.round((280 * (bits + 7)) / bits)}`],
    bits: { weights: bits, inputs: bits },
  };
  const energy = { what: `${bits}-bit words: pJ of an input bit`, published: fJ * 1e-3 * 128 * words };
  return [
    { ...of, ...energy, of: picojoules },
    {
      ...of,
      what: `${bits}-bit words: GOPS`,
      published: gops,
      of: f => tops(2 * 128 * words, bits, 1)(f) * 1e3,
    },
  ];
}

export const PUBLISHED_MACROS: readonly PublishedMacro[] = [
  {
    name: 'Jia, JSSC 2020: 65 nm, SRAM by charge, 2304 x 256, 1 b x 1 b at 0.85 V',
    tech: 'jia-65nm',
    bits: { weights: 1, inputs: 1 },
    figures: [
      { what: 'TOPS/W, without datapath', published: 400, of: perWatt(JIA_OPS, 1, 'shiftAdd') },
      { what: 'TOPS', published: 0.874, of: tops(JIA_OPS, 1, 1), given: true },
      { what: 'mm2 of array, ADCs, datapath', published: 3.904, of: mm2(1) },
    ],
    checks: [
      {
        what: '1.2 V: TOPS/W, without datapath',
        published: 192,
        set: ['vdd=1.2 V', 'scaling=circuit-laws'],
        bits: { weights: 1, inputs: 1 },
        of: perWatt(JIA_OPS, 1, 'shiftAdd'),
      },
      {
        what: '1.2 V: TOPS, by the delay of gates',
        published: 2.185,
        set: ['vdd=1.2 V', 'scaling=circuit-laws'],
        bits: { weights: 1, inputs: 1 },
        of: tops(JIA_OPS, 1, 1),
      },
    ],
    why: 'the array takes 9.7 pJ a column, 4.2 fF a cell at 0.85 V: wires and switches of a cell of ten transistors beside the capacitor of 2 fF, and 4.9 um2 a cell with what drives it, where the cell of 426 F2 has 1.8. From 0.85 to 1.2 V its clock rises 2.5 times, the gates of the law 2.0 times, those of Stillmaker and Baas 1.6 times: a threshold of 0.58 V instead of 0.50 V would explain it, but none is published.',
  },
  {
    name: 'Wang, VLSI 2022: 22 nm, SRAM, C-2C ladders, 64 x 16 words of 8 b x 8 b, 8 sets, 1.0 V',
    tech: 'wang-22nm',
    bits: EIGHT,
    figures: [
      { what: 'TOPS/W', published: 16.38, of: perWatt(WANG_OPS, 1) },
      { what: 'TOPS', published: 3.596 * 0.124, of: tops(WANG_OPS, 1, 1) },
      { what: 'mm2', published: 0.124, of: mm2(1) },
    ],
    checks: [...wang(0.7, 32, 2.377 * 0.124), ...wang(1.1, 15.47, 3.941 * 0.124)],
    why: 'inputs come from two R-2R ladders a row, one for each sign, which take 30 % of its area and a current; the law has one step of a capacitive DAC. Its converter works in half of a cycle, that of the law takes 6.4 ns.',
  },
  {
    name: 'NeuRRAM, Nature 2022: 130 nm, RRAM, 48 x 256 x 256, 8-bit inputs, 10-bit outputs',
    tech: 'neurram-circuits-130nm',
    bits: { weights: 4, inputs: 8 },
    figures: [
      { what: 'TOPS/W', published: 6.44, of: perWatt(NEURRAM_OPS, 8) },
      { what: 'TOPS', published: 0.264, of: tops(NEURRAM_OPS, 8, 48), given: true },
      { what: 'mm2', published: 48 * 1.161, of: mm2(48) },
    ],
    checks: [
      {
        what: '4-bit inputs, 6-bit outputs: TOPS/W',
        published: 15.95,
        set: ['adc.bits=6', 'scaling=circuit-laws'],
        bits: { weights: 4, inputs: 4 },
        of: perWatt(NEURRAM_OPS, 4),
      },
    ],
    why: 'the chip senses voltages of floating columns, with a neuron that integrates all input bits and converts twice a product; the law reads currents and converts every input bit, by ADCs of 2^b units. Its wordlines switch thick transistors at 1.3 V swing. The node is beyond the tabulated ones. From 8-bit inputs and 10-bit outputs to 4 and 6 bits the energy of a product falls 2.5 times, that of the law 3.0 times, whose conversions follow the bits of the output alone; a neuron also integrates, and how its energy is divided is not published.',
  },
  {
    name: 'HERMES, Nat. Electron. 2023: 14 nm, PCM, 64 x 256 x 256, 8-bit, one phase',
    tech: 'hermes-14nm',
    bits: { weights: 4, inputs: 8 },
    figures: [
      { what: 'TOPS/W', published: 9.76, of: perWatt(HERMES_OPS, 1) },
      { what: 'TOPS', published: 63.1, of: tops(HERMES_OPS, 1, 64), given: true },
      { what: 'TOPS/mm2', published: 1.55, of: f => tops(HERMES_OPS, 1, 1)(f) / mm2(1)(f) },
    ],
    checks: [
      {
        what: 'four phases: TOPS/W',
        published: 2.48,
        set: [],
        bits: { weights: 4, inputs: 8 },
        of: perWatt(HERMES_OPS, 4),
      },
      {
        what: 'four phases: TOPS',
        published: 16.1,
        set: [],
        bits: { weights: 4, inputs: 8 },
        of: tops(HERMES_OPS, 4, 64),
      },
      {
        what: 'one core (JSSC 2022): TOPS/W',
        published: 10.5,
        set: [],
        bits: { weights: 4, inputs: 8 },
        of: perWatt(HERMES_OPS, 1),
      },
      {
        what: 'one core (JSSC 2022): TOPS/mm2',
        published: 1.59,
        set: [],
        bits: { weights: 4, inputs: 8 },
        of: f => tops(HERMES_OPS, 1, 1)(f) / mm2(1)(f),
      },
    ],
    why: 'the current of the cells for the whole pulse is nearly all of it, at the read voltage of the law. A weight is eight transistors and four devices, the law has one cell of 36 F2 and larger converters; on the chip these count while the pulse lasts.',
  },
  {
    name: 'DIMC1, ISSCC 2022-15.5: 28 nm, digital, 64 x 32 x 48 (6 words), 8 b x 8 b, Booth',
    tech: 'dimc1-28nm',
    bits: EIGHT,
    figures: [
      { what: 'TOPS/W', published: 36.63, of: perWatt(2 * 32 * 6, 4) },
      { what: 'TOPS', published: 1.198, of: tops(2 * 32 * 6, 4, 64) },
      { what: 'mm2', published: 0.9408, of: mm2(64) },
    ],
    checks: [],
    why: 'it is clocked at 195 MHz, tree and accumulation one after the other; the law has the delay of the tree alone.',
  },
  {
    name: 'DIMC3, ISSCC 2023-7.2: 28 nm, digital, 8 x 128 x 8 (1 word), 8 b x 8 b, 2 input bits a step',
    tech: 'dimc3-28nm',
    bits: EIGHT,
    figures: [
      { what: 'TOPS/W', published: 19.5, of: perWatt(2 * 128, 4) },
      { what: 'TOPS, counted at 182 MHz', published: 0.0932, of: tops(2 * 128, 4, 8) },
      { what: 'mm2', published: 0.1462, of: mm2(8) },
    ],
    checks: [],
    why: 'the law drives inputs over a row of cells and clocks two registers at each of 128 rows for one word alone.',
  },
  {
    name: 'Colonnade, JSSC 2021: 65 nm, digital, 128 x 128, 8-bit words at 0.8 V',
    tech: 'colonnade-65nm',
    bits: EIGHT,
    figures: [
      { what: 'pJ of an input bit', published: 147.8, of: picojoules },
      { what: 'GOPS, 8 b x 8 b', published: 4.43, of: f => tops(2 * 128 * 8, 8, 1)(f) * 1e3 },
      { what: 'mm2', published: 0.2272, of: mm2(1) },
    ],
    checks: [
      ...colonnade(1, 68.32, 75.07),
      ...colonnade(4, 105.3, 12.52),
      ...colonnade(16, 243.2, 1.34),
      {
        what: '0.7 V: pJ of an input bit',
        published: 0.09177 * 128 * 8,
        set: ['vdd=0.7 V'],
        bits: EIGHT,
        of: picojoules,
      },
    ],
    why: 'its adders are drawn for the cell, those of the law are standard cells; sums that ripple glitch, which the law does not count; drivers and control take 40 % on the chip. From 0.8 to 0.7 V its energy falls as the power 3.4 of the supply, that of the law as its square: what switches a charge falls no faster, what leaks slower, and currents from supply to ground end at twice the threshold, so that no law at hand explains it.',
  },
];
