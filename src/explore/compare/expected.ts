/** TReX's own comparison of FeFET, SRAM and hybrid chips (arXiv 2408.12742, Fig. 15: order only, the bars have no numbers) beside ours. */

import type { ArchConfig } from '../../arch/config.ts';
import { fromDecibels, toDecibels } from '../../base/math.ts';
import { MJ_MS_MM2, significant } from '../../base/units.ts';
import type { ComparedSubject, ExpectedRow } from '../../report/comparison.ts';
import { trexDevice } from '../../tech/trex-devices.ts';
import type { ModelConfig } from '../../workload/model.ts';

/** Least ratio that we call "much larger", and largest that we call "similar": the paper gives no numbers. */
const MUCH = 2;
const SIMILAR = 1.5;

const CLASSES = ['FeFET', 'hybrid', 'SRAM'] as const;
type DeviceClass = (typeof CLASSES)[number];

/** Known weights on FeFET and run-time matrices on SRAM is the paper's hybrid; undefined for what Fig. 15 does not show. */
function classOf({ devices, tile, pe }: ArchConfig): DeviceClass | undefined {
  if (tile.pes !== 8 || pe.crossbars !== 8) return undefined;
  const [known, dynamic] = [trexDevice(devices.static), trexDevice(devices.dynamic)];
  if (known === dynamic) return known;
  return known === 'FeFET' && dynamic === 'SRAM' ? 'hybrid' : undefined;
}

/**
 * Rows for what the subjects let us check: the paper's crossbars in its tiles, with an image network. The first subject of a class
 * stands for it.
 */
export function expectedRows(
  model: ModelConfig,
  subjects: readonly { readonly compared: ComparedSubject; readonly arch: ArchConfig }[],
): ExpectedRow[] {
  if (!('imageSize' in model)) return [];
  const found = new Map<DeviceClass, ComparedSubject>();
  for (const { compared, arch } of subjects) {
    const name = classOf(arch);
    if (name !== undefined && !found.has(name)) found.set(name, compared);
  }
  const present = CLASSES.filter(name => found.has(name)).map(name => ({ name, subject: found.get(name)! }));
  if (present.length < 2) return [];
  const [fefet, sram] = [found.get('FeFET'), found.get('SRAM')];
  const rows = [accuracy(present), order('EDAP', present, s => s.figures.edap_Jsm2, edapText)];
  if (fefet === undefined || sram === undefined) return rows;
  const area = sram.figures.area_m2 / fefet.figures.area_m2;
  const edp = sram.figures.edp_Js / fefet.figures.edp_Js;
  return [
    ...rows,
    {
      what: 'area',
      paper: 'SRAM >> FeFET',
      ours: `SRAM ${significant(area, 3)}x FeFET`,
      agrees: area >= MUCH,
    },
    {
      what: 'EDP',
      paper: 'FeFET and SRAM similar',
      ours: `SRAM ${significant(edp, 3)}x FeFET`,
      agrees: Math.max(edp, 1 / edp) <= SIMILAR,
    },
  ];
}

type Present = readonly { readonly name: DeviceClass; readonly subject: ComparedSubject }[];

/** The paper ranks accuracies; what stands for them here is the signal to noise of the products, if it was measured. */
function accuracy(present: Present): ExpectedRow {
  const what = 'accuracy';
  if (present.some(({ subject }) => subject.snr === undefined)) {
    const paper = present
      .map(({ name }) => name)
      .toReversed()
      .join(' > ');
    return { what, paper, ours: 'not measured: trex accuracy measures it', agrees: null };
  }
  const row = order(what, present, ({ snr }) => noiseToSignal(snr!), decibelText, '>');
  return { ...row, ours: `${row.ours} (SNR of the products)` };
}

/** Of both kinds of products, averaged; exact products have none. */
function noiseToSignal({ static_dB, dynamic_dB }: NonNullable<ComparedSubject['snr']>): number {
  const noise = [static_dB, dynamic_dB].map(dB => (dB === null ? 0 : fromDecibels(-dB)));
  return (noise[0] + noise[1]) / 2;
}

const decibelText = (noise: number): string =>
  noise === 0 ? 'exact' : `${significant(-toDecibels(noise), 3)} dB`;

/** The paper's order is FeFET, hybrid, SRAM, rising in cost. */
function order(
  what: string,
  present: Present,
  figureOf: (subject: ComparedSubject) => number,
  textOf: (value: number) => string,
  sign: '<' | '>' = '<',
): ExpectedRow {
  const names = present.map(({ name }) => name);
  const paper = (sign === '<' ? names : names.toReversed()).join(` ${sign} `);
  const values = present.map(({ name, subject }) => ({ name, value: figureOf(subject) }));
  // Smallest first: the least cost, or the least noise.
  const ours = [...values].sort((a, b) => a.value - b.value);
  const best = sign === '<' ? names : names.toReversed();
  return {
    what,
    paper,
    ours: ours.map(({ name, value }) => `${name} ${textOf(value)}`).join(` ${sign} `),
    agrees: ours.every(({ name }, i) => name === best[i]),
  };
}

const edapText = (value: number): string => significant(value * MJ_MS_MM2, 4);
