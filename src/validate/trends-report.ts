/** docs/validation.md, trends: sizes and nodes of NeuroSim V1.3 with the device values of TReX, which set nothing here. */

import { MM2, NM, PJ } from '../base/units.ts';
import { markdownTable } from '../report/markdown.ts';
import type { CellParams } from '../tech/circuit/cell/all.ts';
import type { CrossbarDesign } from '../tech/circuit/design.ts';
import { evaluateCrossbar } from '../tech/circuit/evaluate.ts';

const SIZES = [64, 128, 256] as const;

interface Run {
  readonly device: 'FeFET' | 'SRAM';
  readonly nm: number;
  /** Of a chip over its crossbars: mm2; pJ an input bit; ns of a clock. One for each size. */
  readonly area_mm2: readonly number[];
  readonly energy_pJ: readonly number[];
  readonly clock_ns: readonly number[];
}

/** FeFET 2 b, 100 kohm / 10 Mohm, 4 F x 4 F; SRAM 10 F x 28 F; 8 columns a flash ADC of 6 bits; one layer of 512 x 512. */
const RUNS: readonly Run[] = [
  run('FeFET', 22, [0.0109, 0.0206, 0.0425], [16.9, 37.5, 91.2], [2.18, 2.32, 2.6]),
  run('SRAM', 22, [0.0096, 0.0206, 0.0446], [18.7, 45, 123.8], [2.67, 5.07, 14.58]),
  run('FeFET', 32, [0.0232, 0.0439, 0.0906], [30.2, 65.8, 155.7], [2.71, 2.92, 3.37]),
  run('SRAM', 32, [0.0205, 0.0435, 0.0943], [33.7, 76.8, 201.4], [3.62, 7.82, 24.54]),
  run('FeFET', 45, [0.0472, 0.0894, 0.1845], [59.2, 127, 293.7], [3.43, 3.75, 4.44]),
  run('SRAM', 45, [0.0408, 0.0863, 0.1867], [67.7, 146.8, 366.1], [4.98, 11.82, 39.03]),
  run('FeFET', 65, [0.0985, 0.1864, 0.3849], [415, 864, 1869], [17, 18, 19]),
  run('SRAM', 65, [0.0855, 0.1804, 0.3901], [131.5, 262, 629], [10.1, 19.7, 65]),
];

function run(
  device: Run['device'],
  nm: number,
  area_mm2: readonly number[],
  energy_pJ: readonly number[],
  clock_ns: readonly number[],
): Run {
  return { device, nm, area_mm2, energy_pJ, clock_ns };
}

const CELLS: Record<Run['device'], CellParams> = {
  FeFET: {
    law: 'fefet',
    device: 'fefet',
    bits: 2,
    gateArea: 2,
    onResistance: 100e3,
    offResistance: 10e6,
    width: 4,
    height: 4,
  },
  SRAM: { law: 'sram-6t', device: 'sram', bits: 1, area: 280 },
};

function designOf({ device, nm }: Run, size: number): CrossbarDesign {
  const fefet = device === 'FeFET';
  return {
    node_m: nm * NM,
    roadmap: 'LSTP',
    rows: size,
    cols: size,
    cell: CELLS[device],
    adc: { law: 'neurosim-flash', bits: 6, columns: 8 },
    weightBits: 8,
    inputBits: 8,
    inputBitsPerStep: 1,
    inputDensity: 0.5,
    sampling: 'mux-group',
    write: fefet
      ? { voltage_V: 4, pulse_s: 50e-9, erase_s: 50e-9, blockErase: false, verify: 0 }
      : { pulse_s: 1e-9, erase_s: 0, blockErase: false, verify: 0 },
    given: {},
  };
}

/** The section on trends: ratios to 64 x 64 at 32 nm of the same device. */
export function trendsReport(): string {
  const ours = RUNS.map(r => SIZES.map(size => evaluateCrossbar(designOf(r, size))));
  const base = (device: Run['device']): number => RUNS.findIndex(r => r.device === device && r.nm === 32);
  const rows = RUNS.flatMap((r, i) =>
    SIZES.map((size, s) => {
      const b = base(r.device);
      const own = (of: (f: (typeof ours)[number][number]) => number): number =>
        of(ours[i][s]) / of(ours[b][0]);
      const cells = [
        [r.area_mm2[s] / RUNS[b].area_mm2[0], own(f => f.area_m2.total)],
        [r.energy_pJ[s] / RUNS[b].energy_pJ[0], own(f => f.readEnergy_J.total)],
        [r.clock_ns[s] / RUNS[b].clock_ns[0], own(f => f.steps.settle_s + f.steps.convert_s)],
      ].map(([theirs, mine]) => `${theirs.toPrecision(3)} / ${mine.toPrecision(3)}`);
      return [`${r.device} ${r.nm} nm`, `${size}x${size}`, ...cells];
    }),
  );
  const share = (device: Run['device']): string => {
    const b = base(device);
    const crossbar = ours[b][0];
    const area = (crossbar.area_m2.total / (RUNS[b].area_mm2[0] * MM2)) * 100;
    const energy = (crossbar.readEnergy_J.total / (RUNS[b].energy_pJ[0] * PJ)) * 100;
    return `${device} ${area.toFixed(0)} % of the area and ${energy.toFixed(0)} % of the energy`;
  };
  return [
    '### Trends of another run',
    "NeuroSim V1.3 with TReX's device values: figures of a whole chip over its crossbars, so that they hold a share of interconnect, buffers",
    `and accumulators that a crossbar has not (ours at 64 x 64 and 32 nm: ${share('FeFET')}; ${share('SRAM')}).`,
    'Ratios to 64 x 64 at 32 nm of the same device, NeuroSim / ours; the clock is one column group.',
    '',
    markdownTable(['', 'size', 'area', 'energy', 'clock'], rows),
    '',
    'Area of SRAM grows faster in ours: the array is half of a crossbar of 256 x 256, and a fifth of its share of a chip. Clocks are those of',
    'another release: V1.4 has switches of columns that grow with the current of all cells, slow at 32 to 65 nm, and at 22 nm drivers of them',
    'that are 110 times larger. FeFET at 65 nm is an outlier of the reference (ADCs 85 % of the energy at a clock of 17 ns, by its own table).',
  ].join('\n');
}
