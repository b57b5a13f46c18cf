/** docs/validation.md, cells and converters that no row of NeuroSim holds: what is published of them, one by one. */
import { NM, PER_PICO, TERA, UM2, UM2_PER_M2 } from '../base/units.ts';
import { markdownTable } from '../report/markdown.ts';
import { loadTech } from '../run/node/load.ts';
import { evaluateCrossbar } from '../tech/circuit/evaluate.ts';
import { adcLawOf, cellLawOf } from '../tech/circuit/laws.ts';
import { nodeConstants } from '../tech/circuit/nodes.ts';
import { designOf } from '../tech/design-of.ts';

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
    'What is published of their costs is little: of SOT-MRAM, ECRAM and converters in current mode nothing that a row could hold beside the',
    'currents and pulses that their files give.',
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
  const gain = cellLawOf({ law: 'gain-cell' }).figures(
    { law: 'gain-cell', bits: 3, capacitor: 1e-15, refresh: 1e-3, levels: 0.5 } as never,
    { node: nodeConstants(16 * NM, 'LSTP'), writeVoltage_V: 0.8, pulse_s: 1e-8, erase_s: 0 },
  );
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
      what: 'gain cell, 1 Mb at 16 nm: a bit of the macro',
      unit: 'um2',
      published: 0.132e6 / 2 ** 20,
      ours: gain.width_m * gain.height_m * UM2_PER_M2,
      why: 'the cell alone',
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
