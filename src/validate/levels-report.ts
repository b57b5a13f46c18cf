/** docs/validation.md, two levels of one crossbar: published totals against circuits, in the same event model. */

import { formatQuantity, PER_MICRO, PER_MILLI, PER_PICO, PS } from '../base/units.ts';
import { change, markdownTable } from '../report/markdown.ts';
import type { Result } from '../report/result.ts';
import { loadTech } from '../run/node/load.ts';
import { type CrossbarCost, crossbarCost } from '../tech/crossbar-cost.ts';

const COUNTED = 'accounting.inputBitPlanes=counted';
/** The cells and converters that TReX names, where the circuit file has NeuroSim's own. */
const AS_TREX = ['adc.law=neurosim-flash', 'cell.onResistance=100 kohm', 'cell.offResistance=10 Mohm'];
const SRAM_AS_TREX = ['adc.law=neurosim-flash'];

interface Case {
  readonly name: string;
  readonly tech: string;
  /** On top of the technology. */
  readonly set: readonly string[];
  /** What the row is held against. */
  readonly against?: string;
}

const CASES: readonly Case[] = [
  { name: 'FeFET, Table III', tech: 'trex-fefet-32nm', set: [] },
  { name: 'FeFET, circuits', tech: 'fefet-32nm', set: [], against: 'FeFET, Table III' },
  {
    name: 'FeFET, circuits: flash, 100 kohm',
    tech: 'fefet-32nm',
    set: AS_TREX,
    against: 'FeFET, Table III',
  },
  { name: 'SRAM, Table III', tech: 'trex-sram-32nm', set: [] },
  { name: 'SRAM, circuits', tech: 'sram-32nm', set: [], against: 'SRAM, Table III' },
  { name: 'SRAM, circuits: flash', tech: 'sram-32nm', set: SRAM_AS_TREX, against: 'SRAM, Table III' },
  { name: 'hybrid, Table III', tech: 'trex-hybrid-32nm', set: [] },
  { name: 'hybrid, circuits', tech: 'hybrid-32nm', set: [], against: 'hybrid, Table III' },
];

/** The section on levels: DeiT-S without reuse, 8 input bit planes in every row. */
export async function levelsReport(
  run: (arch: string, set: readonly string[]) => Promise<Result>,
  log: (what: string) => void,
): Promise<string> {
  const results = new Map<string, Result>();
  for (const { name, tech, set } of CASES) {
    log(name);
    results.set(name, await run('trex', [COUNTED, `tech=${tech}`, ...set]));
  }
  const rows = CASES.map(({ name, against }) => {
    const r = results.get(name) as Result;
    const base = against === undefined ? undefined : results.get(against);
    const cell = (of: (x: Result) => number, text: (value: number) => string): string =>
      text(of(r)) + (base === undefined ? '' : ` (${change(of(r), of(base))})`);
    return [
      name,
      cell(
        x => x.latency_s,
        v => (v * PER_MILLI).toFixed(2),
      ),
      cell(
        x => x.energy_J,
        v => (v * PER_MILLI).toFixed(3),
      ),
      cell(
        x => x.area_m2,
        v => (v * PER_MICRO).toFixed(1),
      ),
      cell(
        x => x.edap_Jsm2,
        v => (v * PER_PICO).toPrecision(4),
      ),
    ];
  });
  return [
    '## One crossbar at two levels',
    'One 64 x 64 crossbar with its converters, by the totals of Table III and by the circuit laws; a read is one input bit plane.',
    '',
    crossbarTable(),
    '',
    'DeiT-S on `arch/trex.yaml` with these crossbars, all 8 input bit planes counted in every row. At macro level a bit plane is one claim',
    'of the published time on the ADC bank of a PE; at circuit level its rows are driven and its column groups converted one by one.',
    '',
    markdownTable(['chip', 'delay ms', 'energy mJ', 'area mm2', 'EDAP mJ ms mm2'], rows),
    '',
    '- **Delay**: Table III reads a crossbar in 19 ns. That is 8 column groups of 2.4 ns: the clock of a NeuroSim V1.3 run with the same device',
    '  values is 2.7 ns. A SAR converter needs 9.8 ns a group; with the flash converters that the paper has, the delay comes back to within',
    '  a factor of 2 of it. Softmax is the same in every row and takes 7.4 ms of it.',
    '- **Energy**: a plane of FeFET takes 16 pJ with 240 kohm cells and SAR converters, 18 pJ with 100 kohm and flash, against 25.1 pJ, of which',
    '  13 % are interconnect and 1.3 % buffers of the chip. Of SRAM it takes 33 and 24 pJ against 29 pJ. Programming is 5 times dearer by the laws',
    `  (two pulses of 4 V over all lines, row by row), and with ${writeShare(results)} % of the energy of the FeFET chip too little to be seen.`,
    "- **Area**: Table III's 0.03 mm2 is the share of a chip (0.0232 mm2 in that V1.3 run); a crossbar with its periphery is 29 % of it, and",
    '  half of that are level shifters. The eight crossbars of a PE are read and written in turn: by circuits they share one bank of converters',
    '  and one set of level shifters, which every crossbar of Table III has a share of. The 0.07 mm2 of SRAM have no counterpart in NeuroSim, where a crossbar of SRAM is smaller than one of',
    '  FeFET: that SRAM takes much more area rests on this number. By the laws twice as many crossbars of 8-bit weights remain of it.',
    '- **EDAP** is the product: lower by the laws, because the area falls more than the delay grows.',
  ].join('\n');
}

/** Percent of the energy of the FeFET chip by its circuits that programming K^T and V takes. */
function writeShare(results: ReadonlyMap<string, Result>): string {
  const { breakdown, energy_J } = results.get('FeFET, circuits') as Result;
  const writes = breakdown.component.filter(({ name }) => name === 'crossbar.write');
  return ((100 * writes.reduce((sum, row) => sum + row.energy_J, 0)) / energy_J).toPrecision(2);
}

function crossbarTable(): string {
  const names = [...new Set(CASES.map(c => c.name).filter(name => !name.startsWith('hybrid')))];
  const costs = names.map(name => costOf(CASES.find(c => c.name === name) as Case));
  const row = (title: string, of: (cost: CrossbarCost) => number, unit: string): string[] => [
    title,
    ...costs.map(cost => formatQuantity(of(cost), unit, 4)),
  ];
  return markdownTable(
    ['', ...names],
    [
      row('read, energy', c => c.readParts.reduce((sum, part) => sum + part.energy_J, 0), 'J'),
      row('read, time', c => c.readTime * PS, 's'),
      row('write, energy', c => c.writeEnergy_J, 'J'),
      row('write, time', c => c.writeTime * PS, 's'),
      row('area', c => c.area_m2, 'm2'),
    ],
  );
}

function costOf({ tech, set }: Case): CrossbarCost {
  const { devices } = loadTech(tech, { set: set.map(override => `tech.${override}`) });
  if (devices === undefined) throw new Error(`${tech} has no crossbars`);
  const inside = { interconnect: false, buffers: false, accumulators: false };
  return crossbarCost(devices.static, { weights: 8, inputs: 8 }, true, inside);
}
