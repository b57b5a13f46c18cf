/** docs/validation.md, silicon: laws of converters against measured ones, crossbars against published macros, published machines. */

import { chipPeak } from '../arch/peak.ts';
import { largest } from '../base/extremes.ts';
import { expm1 } from '../base/math.ts';
import { mean } from '../base/sum.ts';
import { GIGA, MM2_PER_M2, NM, PER_MICRO, PJ, TERA } from '../base/units.ts';
import { markdownTable } from '../report/markdown.ts';
import { loadArch } from '../run/node/load.ts';
import { adcLawOf } from '../tech/circuit/laws.ts';
import { nodeConstants } from '../tech/circuit/nodes.ts';
import { type MacroCheck, macroFigures, PUBLISHED_MACROS, type PublishedMacro } from './published-macros.ts';
import type { Sustained } from './sustained.ts';

const LAWS = ['survey', 'zigzag', 'silicon', 'neurosim-sar'] as const;

interface MeasuredAdc {
  readonly name: string;
  readonly nm: number;
  readonly bits: number;
  readonly supply_V: number;
  readonly rate_Hz: number;
  readonly energy_pJ: number;
}

/** Of one conversion. */
const ADCS: readonly MeasuredAdc[] = [
  { name: 'Jia, 65 nm, 8 b, 0.85 V', nm: 65, bits: 8, supply_V: 0.85, rate_Hz: 1e7, energy_pJ: 1.79 },
  { name: 'Jia, 65 nm, 8 b, 1.2 V', nm: 65, bits: 8, supply_V: 1.2, rate_Hz: 1e7, energy_pJ: 3.56 },
  { name: 'Wang, 22 nm, 8 b, 1.0 V', nm: 22, bits: 8, supply_V: 1.0, rate_Hz: 1e7, energy_pJ: 2.66 },
  { name: 'Sinangil, 7 nm, 4 b flash, 0.8 V', nm: 7, bits: 4, supply_V: 0.8, rate_Hz: 1e7, energy_pJ: 0.186 },
  { name: 'ISAAC, 32 nm, 8 b, 1.28 GS/s', nm: 32, bits: 8, supply_V: 0.9, rate_Hz: 1.28e9, energy_pJ: 1.56 },
];

/** What ISAAC-CE and PUMA sustain, by event runs. */
export interface MachinesSustained {
  readonly isaac: Sustained;
  readonly puma: Sustained;
}

/** The sections on silicon. */
export function siliconReport(sustained: MachinesSustained): string {
  return [convertersText(), macrosText(), machinesText(sustained)].join('\n\n');
}

function convertersText(): string {
  const ratios = ADCS.map(adc => LAWS.map(law => lawEnergy(law, adc) / (adc.energy_pJ * PJ)));
  const meanFactors = LAWS.map((_, l) => {
    const logs = ratios.map(row => Math.abs(Math.log(row[l])));
    return `x ${Math.exp(mean(logs)).toFixed(2)}`;
  });
  const worst = LAWS.map((_, l) => {
    const most = largest(ratios.map(row => Math.abs(Math.log(row[l]))));
    return `x ${Math.exp(most).toFixed(2)}`;
  });
  return [
    '## Converters against silicon',
    'Energy of a conversion, ours over measured; NeuroSim without the current of a column. Two of the five are no measurements: Sinangil is',
    "what CiMLoop's fit gives the chip, ISAAC the converter of the literature that its table takes. At 7 nm all laws are extrapolated.",
    '',
    markdownTable(
      ['', 'pJ', ...LAWS],
      [
        ...ADCS.map((adc, i) => [adc.name, String(adc.energy_pJ), ...ratios[i].map(r => r.toPrecision(2))]),
        ['mean factor', '', ...meanFactors],
        ['worst factor', '', ...worst],
      ],
    ),
    '',
    '`silicon` is `zigzag` times 2, set by these five rows: it has no out-of-sample check here.',
  ].join('\n');
}

function lawEnergy(law: (typeof LAWS)[number], { nm, bits, supply_V, rate_Hz }: MeasuredAdc): number {
  const node = nodeConstants(nm * NM, 'LSTP', { vdd_V: supply_V });
  const params = { law, bits, columns: 1, rate: rate_Hz };
  const context = {
    roadmap: 'LSTP',
    rows: 64,
    arrayRows: 64,
    stepBits: 1,
    weightBits: 8,
    inputDensity: 0.5,
    readVoltage_V: 0.5,
  } as const;
  return adcLawOf(params).figures(params as never, {
    ...context,
    node,
    column_S: 0,
    reference_S: 0,
    reference_J: 0,
    columnWire_F: 0,
    cell_m2: 0,
    columns_m: 0,
  }).energy_J;
}

function macrosText(): string {
  const plain = PUBLISHED_MACROS.flatMap(macro => factors(macro, macro.tech));
  const calibrated = PUBLISHED_MACROS.flatMap(macro => factors(macro, calibratedName(macro)));
  const away = PUBLISHED_MACROS.flatMap(macro => macro.checks.map(check => checkRatio(macro, check)));
  const most = largest(calibrated.map(log => Math.abs(log)));
  return [
    '## Published macros',
    'Each macro as a crossbar of the circuit laws, by two technology files of its name. Plain: the laws as they are, at the chip organisation,',
    'cell, supply and inputs a step, with the `silicon` converter where there is one. Calibrated: `use` of the plain file, and factors on its',
    'components by what is measured of them (`calibration`), as CiMLoop does; the rows that set the factors check the mechanism, not the laws.',
    'Throughput that is a clock or a pulse which the file gives is marked and not counted.',
    `Mean factor between ours and published: ${meanFactor(plain)} plain; calibrated within ${(expm1(most) * 100).toFixed(0)} %.`,
    '',
    markdownTable(
      ['macro', 'figure', 'published', 'plain', '', 'calibrated', ''],
      PUBLISHED_MACROS.flatMap(macroRows),
    ),
    '',
    ...PUBLISHED_MACROS.map(({ name, why }) => `- **${shortName(name)}**: ${why}`),
    '',
    `Published points of the same chips that set no factor, by the calibrated files; mean factor ${meanFactor(away)}. ${farOff(away)} of ${away.length} are`,
    'more than 8 % off: what is known of each stands above, and no constant is set by them.',
    '',
    markdownTable(['macro', 'figure', 'published', 'calibrated', ''], PUBLISHED_MACROS.flatMap(checkRows)),
  ].join('\n');
}

const calibratedName = ({ tech }: PublishedMacro): string => `${tech}-calibrated`;

/** Geometric mean of ratios by their logarithms, whichever way they are off. */
const meanFactor = (logs: readonly number[]): string =>
  Math.exp(mean(logs.map(log => Math.abs(log)))).toFixed(2);

/** Logarithms of ours over published, of figures that no file gives. */
function factors({ figures, bits }: PublishedMacro, tech: string): number[] {
  const ours = macroFigures(tech, bits);
  const free = figures.filter(({ given }) => given !== true);
  return free.map(({ published, of }) => Math.log(of(ours) / published));
}

/** How many of the logarithms are of ratios beyond 8 %. */
const farOff = (logs: readonly number[]): number => logs.filter(log => Math.abs(expm1(log)) > 0.08).length;

function macroRows(macro: PublishedMacro): string[][] {
  const { name, bits, tech, figures } = macro;
  const [plain, calibrated] = [tech, calibratedName(macro)].map(file => macroFigures(file, bits));
  return figures.map(({ what, published, of, given }, i) => {
    const shown = (ours: number): string[] => {
      const ratio = ratioText(ours / published);
      return [ours.toPrecision(3), given === true ? `${ratio}, given` : ratio];
    };
    return [
      i === 0 ? name : '',
      what,
      published.toPrecision(3),
      ...shown(of(plain)),
      ...shown(of(calibrated)),
    ];
  });
}

const checked = (macro: PublishedMacro, { set, bits, of }: MacroCheck): number =>
  of(macroFigures(calibratedName(macro), bits, set));

const checkRatio = (macro: PublishedMacro, check: MacroCheck): number =>
  Math.log(checked(macro, check) / check.published);

const checkRows = (macro: PublishedMacro): string[][] =>
  macro.checks.map((check, i) => {
    const ours = checked(macro, check);
    const { what, published } = check;
    const row = [what, published.toPrecision(3), ours.toPrecision(3), ratioText(ours / published)];
    return [i === 0 ? shortName(macro.name) : '', ...row];
  });

const shortName = (name: string): string => name.split(':')[0];

/** "+12 %" up to twice, "x 2.6" beyond. */
function ratioText(ratio: number): string {
  if (ratio > 2 || ratio < 0.5) return `x ${ratio.toPrecision(2)}`;
  const percent = (ratio - 1) * 100;
  return `${percent < 0 ? '' : '+'}${percent.toFixed(0)} %`;
}

/** A vector of 16 bits on PUMA by its published 577 GOPS/s/mm2 and 90.6 mm2: the peak of 138 x 8 x 16 crossbars of 128 x 128 cells, eight for a weight. */
const PUMA_VECTOR_US = (138 * 8 * 2 * 2 * 128 * 128) / (577 * 90.6 * GIGA) / 1e-6;

function machinesText(sustained: MachinesSustained): string {
  const [isaac, puma, neurram] = [
    chipPeak(loadArch('isaac-ce').arch, 168),
    chipPeak(loadArch('puma').arch, 138),
    chipPeak(loadArch('neurram').arch, 48),
  ];
  const mm2 = (area_m2: number): number => area_m2 * MM2_PER_M2;
  const row = (machine: string, figure: string, published: number, ours: number, why: string): string[] => {
    return [machine, figure, String(published), ours.toPrecision(4), ratioText(ours / published), why];
  };
  const overlapped = (
    vector_us: number,
    { vector_s, images }: Sustained,
    why: { readonly vector: string; readonly images: string },
  ): string[][] => [
    row('', 'us a vector, sustained', vector_us, vector_s * PER_MICRO, why.vector),
    row(
      '',
      `us an image of ${images.vectors} vectors, crossbars of a layer`,
      Number((images.vectors * vector_us).toPrecision(3)),
      images.crossbars_s * PER_MICRO,
      'as above, images overlap; event run of glyph-vit',
    ),
    row(
      '',
      'images/s, layers overlap, none replicated',
      Math.round(1e6 / (images.vectors * vector_us)),
      images.rate_Hz,
      why.images,
    ),
  ];
  const perMm2 = (peak: typeof isaac): number => peak.ops_per_s / GIGA / mm2(peak.area_m2);
  const perWatt = (peak: typeof isaac): number => peak.ops_per_s / GIGA / peak.power_W;
  return [
    '## Published machines',
    'Peaks of `arch/isaac-ce.yaml`, `puma.yaml` and `neurram.yaml`, every crossbar at work; 1 MAC = 2 ops. Deviations: docs/presets.md.',
    '',
    markdownTable(
      ['machine', 'figure', 'published', 'ours', 'difference', ''],
      [
        row('ISAAC-CE', 'W', 65.8, isaac.power_W, 'the table closes'),
        row('', 'mm2', 85.4, mm2(isaac.area_m2), 'the table closes'),
        row('', 'GOPS/s/mm2', 478.9, perMm2(isaac), ''),
        row('', 'GOPS/W', 363.7, perWatt(isaac), 'does not follow from the table: docs/presets.md'),
        ...overlapped(1.6, sustained.isaac, {
          vector: '16 reads of 100 ns; event run',
          images: 'ours writes V and holds it until SV has read it; ISAAC writes nothing at run time',
        }),
        row('PUMA, 138 tiles', 'W', 62.5, puma.power_W, 'constants of its simulator'),
        row('', 'mm2', 90.6, mm2(puma.area_m2), 'some blocks have no area there'),
        row('', 'GOPS/s/mm2', 577, perMm2(puma), 'arXiv 1901.10351; area above, 16 reads of 100 ns here'),
        row('', 'GOPS/W', 837, perWatt(puma), 'arXiv 1901.10351; 16 reads of 100 ns here'),
        ...overlapped(Number(PUMA_VECTOR_US.toPrecision(3)), sustained.puma, {
          vector: 'of 577 GOPS/s/mm2 and 90.6 mm2; 16 reads of 100 ns here; event run',
          images:
            'as its vector; V is written, 16 arrays of a core one after another (assumed), and held: 77 us',
        }),
        row('NeuRRAM, 48 cores', 'TOPS', 0.264, neurram.ops_per_s / TERA, 'figures given at this point'),
        row('', 'TOPS/W', 6.44, neurram.ops_per_s / TERA / neurram.power_W, 'figures given at this point'),
      ],
    ),
  ].join('\n');
}
