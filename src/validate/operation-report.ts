/** docs/validation.md, circuits: nodes below 22 nm, supply and temperature against what is published of them. */
import { pow } from '../base/math.ts';
import { MM2, NM, PER_NANO, TERA } from '../base/units.ts';
import { markdownTable } from '../report/markdown.ts';
import type { CrossbarDesign } from '../tech/circuit/design.ts';
import { evaluateCrossbar } from '../tech/circuit/evaluate.ts';
import { pointFactors, type Roadmap } from '../tech/circuit/operating-point.ts';

/** Digital macros of TSMC at ISSCC 2021, 2022 and 2023, 64 Kb, 4 b x 4 b: nm, TOPS/W, TOPS/mm2; the third per bit of both. */
const DIGITAL = [
  [22, 89, 16.3],
  [5, 254, 221],
  [4, 6163 / 16, 4790 / 16],
] as const;

const DIGITAL_BITS = 4;
const digital = (nm: number): CrossbarDesign => ({
  node_m: nm * NM,
  roadmap: 'LSTP',
  rows: 256,
  cols: 256,
  cell: { law: 'digital-cim', device: 'sram', bits: 1 },
  adc: { law: 'adder-tree', bits: 16, columns: 1 },
  weightBits: DIGITAL_BITS,
  inputBits: DIGITAL_BITS,
  inputBitsPerStep: 1,
  inputDensity: 0.5,
  sampling: 'mux-group',
  write: { pulse_s: 1e-9, erase_s: 0, blockErase: false, verify: 0 },
  given: {},
});

/** What is published between a low and a high supply: node, volts, and the higher one's figure over the lower one's. */
const SUPPLIES = [
  ['Jia, 65 nm, ADC: 1.79 and 3.56 pJ', 'energy', 65, 0.85, 1.2, 3.56 / 1.79],
  ['Jia, array: 9.7 and 20.4 pJ', 'energy', 65, 0.85, 1.2, 20.4 / 9.7],
  ['Jia, datapath: 8.3 and 14.7 pJ', 'energy', 65, 0.85, 1.2, 14.7 / 8.3],
  ['Jia, 0.874 and 2.185 TOPS', 'supplyDelay', 65, 0.85, 1.2, 0.874 / 2.185],
  ['Wang, 22 nm, clock as CiMLoop fits it', 'supplyDelay', 22, 0.7, 1, pow(0.7, 1.1)],
  ['Sinangil, 7 nm, energy as CiMLoop fits it', 'energy', 7, 0.8, 1, pow(0.8, -1.7)],
  ['Sinangil, clock as CiMLoop fits it', 'supplyDelay', 7, 0.8, 1, 0.6 + 0.4 * pow(0.8, 2.75)],
] as const;

/** NeuroSim's lists of transistors: node, roadmap, K, off-current and on-current over those at 300 K. */
const TRANSISTORS: readonly (readonly [number, Roadmap, number, number, number])[] = [
  [65, 'LSTP', 350, 4.184, 258.9 / 400],
  [45, 'LSTP', 350, 4.625, 344.5 / 500.2],
  [32, 'LSTP', 310, 1.435, 562.8 / 600.2],
  [32, 'LSTP', 350, 5.07, 439.7 / 600.2],
  [32, 'LSTP', 400, 17.72, 333.3 / 600.2],
  [32, 'HP', 350, 2.277, 1250 / 1410],
  [22, 'LSTP', 350, 5.658, 628.3 / 791.9],
  [22, 'LSTP', 400, 21.39, 501.7 / 791.9],
  [14, 'LSTP', 350, 15.43, 708 / 890],
];

/** The section on nodes, supply and temperature. */
export function operationReport(): string {
  return [
    '### Nodes below 22 nm',
    'Digital computing in memory, 256 x 256, at the own supply of the node and half of the inputs 1; the chips state the best of each figure,',
    'at supplies and activities of their own (0.5 to 0.9 V). Polynomials of Stillmaker and Baas to 7 nm, IRDS below; no constant is set here.',
    '',
    markdownTable(['', 'figure', 'published', 'ours', 'ours / published'], DIGITAL.flatMap(digitalRows)),
    '',
    'What scaling gains between 22 and 5 nm is 5.3 in energy where the chips show 2.9: polynomials are of gates, wires shrink less. Hence the',
    'warning at every node below 22 nm, with these factors. 6T cells are those of foundries: 0.064, 0.042, 0.027 and 0.021 um2 at 14, 10, 7, 5 nm.',
    '',
    '### Supply and temperature',
    'Figure at the higher supply over that at the lower one: energy as the square, delay by the alpha-power law, V / (V - Vth)^1.5.',
    '',
    markdownTable(['', 'V', 'published', 'ours', 'difference'], SUPPLIES.map(supplyRow)),
    '',
    "Off- and on-currents over those at 300 K, NeuroSim's lists / ours: (T/300 K)^2 exp(V/k (1/300 K - 1/T)) and (300 K/T)^x, V and x of each",
    'node from its values at 400 K, so that 310 and 350 K check.',
    '',
    markdownTable(['', 'off-current', 'on-current'], TRANSISTORS.map(transistorRow)),
  ].join('\n');
}

function digitalRows([nm, perWatt, perMm2]: (typeof DIGITAL)[number]): string[][] {
  const design = digital(nm);
  const { readEnergy_J, readTime_s, area_m2 } = evaluateCrossbar(design);
  const ops = (2 * design.rows * design.cols) / DIGITAL_BITS / DIGITAL_BITS;
  const ours = [ops / readEnergy_J.total / TERA, ops / readTime_s.total / TERA / (area_m2.total / MM2)];
  return [perWatt, perMm2].map((published, i) => [
    i === 0 ? `TSMC, ${nm} nm` : '',
    i === 0 ? 'TOPS/W' : 'TOPS/mm2',
    published.toPrecision(3),
    ours[i].toPrecision(3),
    (ours[i] / published).toPrecision(2),
  ]);
}

function supplyRow([what, figure, nm, low_V, high_V, published]: (typeof SUPPLIES)[number]): string[] {
  const at = (vdd_V: number): number => pointFactors(nm * NM, 'LSTP', { vdd_V })[figure];
  const ours = at(high_V) / at(low_V);
  const percent = (ours / published - 1) * 100;
  const difference = `${percent < 0 ? '' : '+'}${percent.toFixed(0)} %`;
  return [what, `${low_V}, ${high_V}`, published.toPrecision(3), ours.toPrecision(3), difference];
}

function transistorRow([nm, roadmap, kelvin, off, on]: (typeof TRANSISTORS)[number]): string[] {
  const { leakage, thermalDelay } = pointFactors(nm * NM, roadmap, { temperature_K: kelvin });
  const pair = (theirs: number, ours: number): string => `${theirs.toPrecision(3)} / ${ours.toPrecision(3)}`;
  const node = (nm * NM * PER_NANO).toFixed(0);
  return [`${node} nm ${roadmap}, ${kelvin} K`, pair(off, leakage), pair(on, 1 / thermalDelay)];
}
