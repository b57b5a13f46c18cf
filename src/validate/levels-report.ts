/** docs/validation.md, two levels of one crossbar: published totals against circuits, in the same event model. */
import type { Result } from '../report/result.ts';
import { change, markdownTable } from './markdown.ts';

const CASES = [
  { name: 'FeFET macro (TReX, Table III)', arch: 'trex', set: ['accounting.inputBitPlanes=counted'] },
  { name: 'FeFET circuits (NeuroSim V1.4)', arch: 'trex', set: ['tech=fefet-32nm'] },
  {
    name: 'SRAM macro (TReX, Table III)',
    arch: 'trex',
    set: ['tech=trex-sram-32nm', 'accounting.inputBitPlanes=counted'],
  },
  { name: 'SRAM circuits (NeuroSim V1.4)', arch: 'trex', set: ['tech=sram-32nm'] },
];

/** The section on levels: DeiT-S without reuse, 8 input bit planes in every row. */
export async function levelsReport(
  run: (arch: string, set: readonly string[]) => Promise<Result>,
  log: (what: string) => void,
): Promise<string> {
  const results: Result[] = [];
  for (const { name, arch, set } of CASES) {
    log(name);
    results.push(await run(arch, set));
  }
  const rows = CASES.map(({ name }, i) => {
    const r = results[i];
    const base = results[i - (i % 2)];
    const against = (of: (x: Result) => number): string =>
      i % 2 === 0 ? '' : ` (${change(of(r), of(base))})`;
    return [
      name,
      `${(r.latency_s * 1e3).toFixed(3)}${against(x => x.latency_s)}`,
      `${(r.energy_J * 1e3).toFixed(4)}${against(x => x.energy_J)}`,
      `${(r.area_m2 * 1e6).toFixed(1)}${against(x => x.area_m2)}`,
    ];
  });
  return [
    '## One crossbar at two levels',
    'DeiT-S on `arch/trex.yaml`, all 8 input bit planes counted in every row. At macro level a bit plane is one claim of the published',
    'time on the ADC bank; at circuit level the rows are driven, the columns held, the mux groups converted one after another.',
    "Times differ because Table III reads a crossbar in 19 ns and NeuroSim's SAR converters need 8 groups x 9.8 ns for a plane (its flash",
    "ADC is faster and larger). Areas differ because Table III's totals hold a share of the whole chip, the sub-array's do not.",
    '',
    markdownTable(['crossbar', 'delay ms', 'energy mJ', 'area mm2'], rows),
  ].join('\n');
}
