/** docs/validation.md, cells and converters that no row of NeuroSim holds: what is published of them, one by one. */
import { FJ, NM, PER_PICO, TERA, UM2, UM2_PER_M2 } from '../base/units.ts';
import { markdownTable } from '../report/markdown.ts';
import { loadTech } from '../run/node/load.ts';
import { evaluateCrossbar } from '../tech/circuit/evaluate.ts';
import { adcLawOf, cellLawOf } from '../tech/circuit/laws.ts';
import { nodeConstants } from '../tech/circuit/nodes.ts';
import { designOf } from '../tech/design-of.ts';

/** Pulses of `tech/ecram-130nm.yaml` from one end of its range to the other. */
const ECRAM_STATES = 1000;

interface Spot {
  readonly what: string;
  readonly unit: string;
  readonly published: number;
  readonly ours: number;
  readonly why: string;
}

/** The section on cells and converters by one source each. */
export function cellsReport(): string {
  return [
    '### Other cells and converters',
    'Gain cells, MRAM, ECRAM and NOR flash, and converters in current mode, by time and with a shared counter, each by one or two sources.',
    'Of a SAR in current mode no figure was at hand: Firdauzi et al. (2024, 28 nm) built one for memristors, its power and area stand in the',
    'paper alone. An ECRAM array of 10 x 10 is published (Chen et al. 2023), the error of its products as a histogram alone.',
    '',
    markdownTable(
      ['', 'published', 'ours', 'ours / published', ''],
      spots().map(({ what, unit, published, ours, why }) => [
        what,
        `${published.toPrecision(3)} ${unit}`,
        `${ours.toPrecision(3)} ${unit}`,
        (ours / published).toPrecision(2),
        why,
      ]),
    ),
  ].join('\n');
}

function spots(): Spot[] {
  const stt = cellAt('stt-mram-22nm', 22);
  const sot = cellAt('sot-mram-22nm', 22);
  const ecram = cellAt('ecram-130nm', 130);
  const counter = converterAt('shared-counter', 130, 10);
  const timely = converterAt('time-domain', 65, 8);
  return [
    {
      what: 'STT-MRAM, NVSim: write of a bit, 80 uA, 10 ns',
      unit: 'pJ',
      published: 1,
      ours: stt.write_J * PER_PICO,
      why: 'at 1.2 V',
    },
    {
      what: 'NOR flash, 8 Mb at 55 nm (Jin et al.): 8 b x 8 b',
      unit: 'TOPS/W',
      published: 7.48,
      ours: perWatt('nor-flash-55nm'),
      why: '64 rows here; the array of the chip is not published',
    },
    {
      what: 'SOT-MRAM, imec, IEDM 2023: switching of a bit, less than',
      unit: 'pJ',
      published: 0.1,
      ours: sot.write_J * PER_PICO,
      why: 'a bound, of another device; 100 uA assumed, at 0.85 V for 1 ns',
    },
    {
      what: 'ECRAM with protons (zirconium oxide, 2025): an update, less than',
      unit: 'fJ',
      published: 1,
      ours: ecram.write_J / ECRAM_STATES / FJ,
      why: 'a bound, of another device; 1 fJ for 100 nm x 100 nm (Tang et al.) sets the file',
    },
    {
      what: 'gain cell, 1 Mb at 16 nm: a bit of the macro',
      unit: 'um2',
      published: 0.132e6 / 2 ** 20,
      ours: cellArea_m2('gain-cell', 16) * UM2_PER_M2,
      why: 'the cell alone; it sets the law',
    },
    {
      what: 'gain cell of three transistors, 65 nm (Harel et al. 2022): over a 6T cell',
      unit: '',
      published: 0.6,
      ours: cellArea_m2('gain-cell', 65) / cellArea_m2('sram-6t', 65),
      why: '',
    },
    {
      what: 'gain cell of four, 28 nm (Giterman et al. 2018): over a 6T cell',
      unit: '',
      published: 0.7,
      ours: cellArea_m2('gain-cell', 28) / cellArea_m2('sram-6t', 28),
      why: 'the law has three',
    },
    {
      what: 'gain cells of two, macro at 65 nm, 1.2 V (Zhang et al. 2025): 4 b x 4 b',
      unit: 'TOPS/W',
      published: 55.8,
      ours: gainCellPerWatt(),
      why: 'magnitudes in pairs of cells, inputs at once, 64 rows, all assumed: the array of the chip is not at hand',
    },
    {
      what: 'counting converter, neuron of NeuRRAM, 130 nm, 10 b: a product',
      unit: 'pJ',
      published: 4971 / 256,
      ours: counter.energy_J * PER_PICO,
      why: 'the neuron integrates eight input bits as well',
    },
    {
      what: 'the same: area',
      unit: 'um2',
      published: 1270,
      ours: counter.area_m2 / UM2,
      why: 'without its integrator (350 um2) and sampling capacitors (350 um2)',
    },
    {
      what: 'time-domain converter, TIMELY, 65 nm, 8 b',
      unit: 'pJ',
      published: 0.145,
      ours: timely.energy_J * PER_PICO,
      why: 'sets the law',
    },
  ];
}

function cellAt(tech: string, nm: number) {
  const design = designOf(loadTech(tech).tech);
  return cellLawOf(design.cell).figures(design.cell as never, {
    node: nodeConstants(nm * NM, 'LSTP'),
    writeVoltage_V: design.write.voltage_V ?? 1,
    pulse_s: design.write.pulse_s,
    erase_s: design.write.erase_s,
  });
}

/** Of a cell of SRAM or of a gain cell, by its law. */
function cellArea_m2(law: 'gain-cell' | 'sram-6t', nm: number): number {
  const cell = { law, bits: 1, capacitor: 1e-15, refresh: 1e-3, levels: 0.5 };
  const node = nodeConstants(nm * NM, 'LSTP');
  const { width_m, height_m } = cellLawOf({ law }).figures(cell as never, {
    node,
    writeVoltage_V: 0.8,
    pulse_s: 1e-8,
    erase_s: 0,
  });
  return width_m * height_m;
}

/** Of products of 4 bits by 4: three bits of a magnitude in a cell of a pair, an input at once, rows driven once, `silicon` converters. */
function gainCellPerWatt(): number {
  const set = [
    'node=65 nm',
    'vdd=1.2 V',
    'cell.bits=3',
    'encoding=differential',
    'inputBitsPerStep=4',
    'sampling=plane',
    'adc.law=silicon',
  ];
  const { tech } = loadTech('gain-cell-28nm', { set: set.map(text => `tech.${text}`) });
  const design = designOf(tech, { weights: 4, inputs: 4 });
  const weights = (design.rows * design.cols) / 2;
  return (2 * weights) / evaluateCrossbar(design).readEnergy_J.total / TERA;
}

/** A column of 128 FeFETs of 240 kohm, half of them driven, where a law asks for one. */
function converterAt(law: string, nm: number, bits: number) {
  return adcLawOf({ law }).figures({ law, bits, columns: 8, step: 1e-9 } as never, {
    node: nodeConstants(nm * NM, 'LSTP'),
    roadmap: 'LSTP',
    rows: 128,
    weightBits: 8,
    arrayRows: 128,
    stepBits: 1,
    inputDensity: 0.5,
    readVoltage_V: 0.5,
    column_S: 64 * 2.1e-6,
    reference_S: 128 * 4.2e-6,
    reference_J: 0,
    columnWire_F: 5e-15,
    cell_m2: 48 * (nm * NM) ** 2,
    columns_m: 96 * nm * NM,
  });
}

/** Of 8-bit products: seven bits of a magnitude in two cells of a pair. */
function perWatt(tech: string): number {
  const design = designOf(loadTech(tech).tech);
  const { readEnergy_J } = evaluateCrossbar(design);
  const weights = (design.rows * design.cols) / 4;
  return (2 * weights) / (8 * readEnergy_J.total) / TERA;
}
