/** Networks on FeFET, SRAM and both (TReX, arXiv 2408.12742, Fig. 15), and what the paper does not print about converters and signed weights. */
import type { DeviceOptions } from '../../src/accuracy/device.ts';
import { MJ_MS_MM2, MM2_PER_M2, PER_MICRO, significant } from '../../src/base/units.ts';
import { markdownTable } from '../../src/report/markdown.ts';
import { loadArch } from '../../src/run/node/load.ts';
import { simulate } from '../../src/run/simulate.ts';
import { DEVICE, type Experiment, inPairs } from './experiment.ts';
import { chipsValue, loss, NO_FILES, type Section, type Value, valueText } from './format.ts';
import { fineTuned, type Optimised, type Point } from './optimise.ts';

const TECHS = [
  { name: 'FeFET', tech: 'trex-fefet-32nm' },
  { name: 'SRAM', tech: 'trex-sram-32nm' },
  { name: 'hybrid', tech: 'trex-hybrid-32nm' },
] as const;

const OFFSET: DeviceOptions = { encoding: 'offset', adcRange: 'layer' };

/** Of the network without reuse, on FeFET. */
const CONVERTERS: readonly {
  readonly name: string;
  readonly device: DeviceOptions;
  readonly tuned: boolean;
}[] = [
  { name: 'offset codes; the full column', device: { encoding: 'offset', adcRange: 1 }, tuned: false },
  { name: 'offset codes; a window per layer', device: OFFSET, tuned: false },
  { name: 'offset codes; a window per layer; fine-tuned with their noise', device: OFFSET, tuned: true },
  { name: 'pairs; a third of a column (this page)', device: DEVICE, tuned: false },
];

interface Measured {
  readonly name: string;
  readonly edap: number;
  readonly area: number;
  readonly chips: Value;
}

export async function devicesSection(
  experiment: Experiment,
  { base, tunedBase, points }: Optimised,
): Promise<Section> {
  const { task, model } = experiment;
  const reused = points[Math.floor((points.length - 1) / 2)];
  const rows: string[][] = [];
  const all: Measured[][] = [];
  for (const [network, point] of [
    ['no reuse', tunedBase],
    [`${reused.plan.encoders.length} reuse`, reused],
  ] as const) {
    const measured: Measured[] = [];
    for (const { name, tech } of TECHS) {
      const arch = inPairs(loadArch('trex', { tech }).arch);
      const { result: cost } = await simulate({ arch, model, reuse: point.plan });
      const scores = await experiment.onCrossbars(point.plan, point.trained, arch.devices);
      const chips = chipsValue(task, scores);
      measured.push({ name, edap: cost.edap_Jsm2, area: cost.area_m2, chips });
      rows.push([
        ...[network, name, (cost.energy_J * PER_MICRO).toFixed(3), (cost.latency_s * PER_MICRO).toFixed(1)],
        ...[
          (cost.area_m2 * MM2_PER_M2).toFixed(1),
          significant(cost.edap_Jsm2 * MJ_MS_MM2, 3),
          valueText(task, chips),
        ],
      ]);
    }
    all.push(measured);
  }
  return {
    text: [
      'The networks of the first table, fine-tuned with the noise of FeFET; other devices see the same weights.',
      '',
      markdownTable(['network', 'device', 'E uJ', 'D us', 'A mm2', 'EDAP', 'non-ideal'], rows),
      '',
      ...all.flatMap((measured, i) =>
        remarks(i === 0 ? 'Without reuse' : `With ${reused.plan.encoders.length} reuse encoders`, measured),
      ),
      '',
      'What an array computes depends on two things that the paper does not print: how cells hold a sign, and how much of a column the ADC',
      'covers. The network without reuse on FeFET:',
      '',
      markdownTable(
        ['signed weights, range of the 6-bit ADC', 'non-ideal'],
        await converterRows(experiment, base),
      ),
      '',
      "Offset codes take four arrays for a weight and pairs eight. They put the middle of the cells' range into every weight, and its read",
      'variation with it; in a pair small weights have small currents.',
    ].join('\n'),
    files: NO_FILES,
  };
}

async function converterRows(experiment: Experiment, base: Point): Promise<string[][]> {
  const { devices } = loadArch('trex').arch;
  const rows: string[][] = [];
  for (const { name, device, tuned } of CONVERTERS) {
    const trained = tuned ? await fineTuned(experiment, base.plan, device) : base.trained;
    const scores = await experiment.onCrossbars(base.plan, trained, devices, device);
    rows.push([name, valueText(experiment.task, chipsValue(experiment.task, scores))]);
  }
  return rows;
}

/** Fig. 15: accuracy SRAM > hybrid > FeFET; area of SRAM far above FeFET; EDAP of FeFET below SRAM. */
function remarks(network: string, [fefet, sram, hybrid]: readonly Measured[]): string[] {
  const order = (a: Measured, b: Measured): string => {
    const { drop, certain } = loss(a.chips, b.chips);
    if (!certain) return `${a.name} and ${b.name} do not differ beyond their intervals`;
    return drop > 0
      ? `${a.name} is more accurate than ${b.name}`
      : `${b.name} is more accurate than ${a.name}`;
  };
  const least = [fefet, sram, hybrid].toSorted((a, b) => a.edap - b.edap).map(m => m.name);
  return [
    `- ${network}: accuracy (Fig. 15: SRAM, then hybrid, then FeFET): ${order(sram, hybrid)}; ${order(hybrid, fefet)}; ${order(sram, fefet)}. SRAM takes ${significant(sram.area / fefet.area, 3)} times the area of FeFET; by EDAP, least first: ${least.join(', ')}.`,
  ];
}
