/** docs/validation.md, inputs: several bits at a time, levels by pulses, against what is published of them. */
import { log2 } from '../base/math.ts';
import { NS, PER_MICRO, PJ } from '../base/units.ts';
import { markdownTable } from '../report/markdown.ts';
import type { CrossbarDesign } from '../tech/circuit/design.ts';
import { evaluateCrossbar } from '../tech/circuit/evaluate.ts';
import { inputSteps } from '../tech/circuit/input-steps.ts';
import { driveLawOf } from '../tech/circuit/laws.ts';
import { treeAdders } from '../tech/circuit/logic.ts';
import { losslessBits } from '../tech/circuit/lossless.ts';
import { nodeConstants } from '../tech/circuit/nodes.ts';

interface Row {
  readonly what: string;
  readonly published: number;
  readonly ours: number;
  readonly why: string;
}

/** ISAAC (ISCA 2016, section 5): log2 R + v + w bits for DACs of v and cells of w bits, one less where either is 1. */
const isaacBits = (rows: number, dac: number, cell: number): number =>
  log2(rows) + dac + cell - (dac > 1 && cell > 1 ? 0 : 1);

/** HERMES: 64 cores of 256 x 256 do 63.1 TOPS with 8-bit inputs in one phase. */
const HERMES_S = (2 * 256 * 256 * 64) / 63.1e12;
/** Signed 8 bits: 127 levels of magnitude; the unit follows from the 130 ns of its pulses (aihwkit). */
const HERMES: CrossbarDesign = {
  node_m: 14e-9,
  roadmap: 'LSTP',
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
  adc: { law: 'given', bits: 8, columns: 1, energy: 0, time: 0, area: 0 },
  weightBits: 4,
  inputBits: 8,
  inputBitsPerStep: 7,
  drive: { law: 'pulse-width', pulse: 130e-9 / 127 },
  inputDensity: 0.5,
  sampling: 'plane',
  write: { voltage_V: 2, pulse_s: 150e-9, erase_s: 40e-9, blockErase: false, verify: 0 },
  given: {},
};

/** A 64-input tree of products of two 8-bit words: an array multiplier at every input, then 16 bits wide. */
const multiplierTree = (rows: number, bits: number): number =>
  rows * bits * (bits - 1) + treeAdders(rows, 2 * bits);

/** The section on several input bits at a time. */
export function inputReport(): string {
  return [
    '## Several input bits at a time',
    'Bits that an ADC needs to tell all sums of a column apart, by the formula of ISAAC / ours, 128 rows of cells of 2 bits:',
    '',
    markdownTable(
      ['bits of the DAC', 'ISAAC', 'ours'],
      [1, 2, 4, 8].map(dac => [`${dac}`, `${isaacBits(128, dac, 2)}`, `${losslessBits(128, 2, dac)}`]),
    ),
    '',
    markdownTable(
      ['', 'published', 'ours', 'ours / published', 'why'],
      rows().map(({ what, published, ours, why }) => [
        what,
        published.toPrecision(3),
        ours.toPrecision(3),
        (ours / published).toFixed(2),
        why,
      ]),
    ),
    '',
    'Nothing is set by these rows but the unit of the pulse. The area of a DAC is a least case: with many bits a step and voltages, an array is',
    'denser than it can be built.',
  ].join('\n');
}

function rows(): Row[] {
  const dac = driveLawOf({ law: 'amplitude' }).figures({ law: 'amplitude' } as never, {
    node: nodeConstants(40e-9, 'LSTP'),
    bits: 8,
    inputDensity: 1,
  });
  const jia = ([2, 4, 8] as const).map((bits, i) => ({
    what: `Jia, JSSC 2020, bit-serial: time of ${bits}-bit inputs over that of 1 bit`,
    published: [2, 4, 9.4][i],
    ours: inputSteps(bits, 1, false),
    why: bits === 8 ? 'the source does not say what the rest waits for' : 'a plane a bit',
  }));
  const [whole, bitwise] = [8, 1].map(inputBitsPerStep => {
    const digital: CrossbarDesign = {
      ...HERMES,
      node_m: 28e-9,
      rows: 64,
      cols: 64,
      cell: { law: 'digital-cim', device: 'sram', bits: 1 },
      adc: { law: 'adder-tree', bits: 16, columns: 1 },
      weightBits: 8,
      inputBitsPerStep,
      drive: { law: 'amplitude' },
      write: { pulse_s: 1 * NS, erase_s: 0, blockErase: false, verify: 0 },
    };
    return evaluateCrossbar(digital);
  });
  const tree = (figures: typeof whole): number =>
    figures.area_m2.parts.find(({ component }) => component === 'adderTree')?.value ?? 0;
  return [
    ...jia,
    {
      what: 'HERMES, Nat. Electron. 2023, 8-bit inputs by pulse width, one phase: ns of a product',
      published: HERMES_S / NS,
      ours: evaluateCrossbar(HERMES).readTime_s.total / NS,
      why: 'pulses of 130 ns (aihwkit) set the unit; the product is published beside them',
    },
    {
      what: 'adders of an 8 x 8-bit product of 64 rows: array multipliers and one tree / a tree for each input bit',
      published: multiplierTree(64, 8),
      ours: 8 * treeAdders(64, 8) + 7 * (8 + 6 + 1),
      why: 'hand-derived',
    },
    {
      what: 'digital, 64 x 64: area of the trees of 8 input bits over that of 1',
      published: multiplierTree(64, 8) / treeAdders(64, 8),
      ours: tree(whole) / tree(bitwise),
      why: 'hand-derived; a gate at every cell and bit',
    },
    {
      what: 'DAC of 8 bits, 40 nm (Brahms): pJ of a conversion',
      published: 0.291,
      ours: dac.energy_J / PJ,
      why: 'ZigZag-IMC: 0.05 b V^2 pJ',
    },
    {
      what: 'DAC of 8 bits, 40 nm (Brahms): um2',
      published: 438,
      ours: dac.area_m2 * PER_MICRO ** 2,
      why: 'MNSIM: a least case',
    },
  ];
}
