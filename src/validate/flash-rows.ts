/**
 * The sense amplifiers of a flash converter by the formulas that NeuroSim V1.4 publishes (MultilevelSenseAmp.cpp, LSTP, half
 * of the rows active): its tables of circuit simulations piece by piece, every reference summed, worked out by hand; and ours.
 */
import { NM, NS, PJ } from '../base/units.ts';
import { adcLawOf, cellLawOf } from '../tech/circuit/laws.ts';
import { nodeConstants, wire } from '../tech/circuit/nodes.ts';
import { CELLS, type NeurosimCell } from './neurosim-rows.ts';

/** One converter: time to sense, and energy of the mirrors of the column and of the references meanwhile. */
export interface FlashRow {
  readonly cell: NeurosimCell;
  readonly node_m: number;
  readonly rows: number;
  readonly bits: number;
  readonly sense_s: number;
  readonly mirrors_J: number;
}

/** Cell, nm; rows, bits, ns, pJ. */
const TABLE: readonly (readonly [
  NeurosimCell,
  number,
  readonly (readonly [number, number, number, number])[],
])[] = [
  [
    'FeFET 240k/24M',
    22,
    [
      [64, 4, 1.06, 0.0192],
      [64, 6, 1.85, 0.149],
      [64, 8, 9.33, 3.07],
      [256, 4, 0.912, 0.0208],
      [256, 6, 1.15, 0.117],
      [256, 8, 3.16, 1.32],
    ],
  ],
  [
    'RRAM 100k/1.7M',
    22,
    [
      [64, 4, 0.952, 0.0204],
      [64, 6, 1.27, 0.121],
      [64, 8, 4.31, 1.68],
      [256, 4, 0.958, 0.023],
      [256, 6, 0.965, 0.104],
      [256, 8, 1.72, 0.763],
    ],
  ],
  [
    'RRAM 6k/900k',
    22,
    [
      [64, 4, 1.15, 0.0283],
      [64, 6, 1.15, 0.129],
      [64, 8, 1.15, 0.53],
      [256, 4, 1.33, 0.0331],
      [256, 6, 1.34, 0.15],
      [256, 8, 1.34, 0.62],
    ],
  ],
  [
    'SRAM 280F2',
    22,
    [
      [64, 4, 0.938, 0.0215],
      [64, 6, 1.25, 0.128],
      [64, 8, 4.03, 1.69],
      [256, 4, 0.978, 0.0239],
      [256, 6, 0.984, 0.108],
      [256, 8, 1.74, 0.786],
    ],
  ],
  [
    'FeFET 240k/24M',
    32,
    [
      [64, 4, 1.46, 0.0138],
      [64, 6, 2.75, 0.116],
      [64, 8, 16.2, 2.79],
      [256, 4, 1.28, 0.014],
      [256, 6, 1.69, 0.0826],
      [256, 8, 5.36, 1.08],
    ],
  ],
  [
    'RRAM 100k/1.7M',
    32,
    [
      [64, 4, 1.32, 0.0141],
      [64, 6, 1.84, 0.0881],
      [64, 8, 7.37, 1.44],
      [256, 4, 1.24, 0.0138],
      [256, 6, 1.38, 0.0699],
      [256, 8, 2.86, 0.594],
    ],
  ],
  [
    'RRAM 6k/900k',
    32,
    [
      [64, 4, 1.42, 0.0162],
      [64, 6, 1.43, 0.0735],
      [64, 8, 1.48, 0.312],
      [256, 4, 1.61, 0.0183],
      [256, 6, 1.61, 0.0832],
      [256, 8, 1.62, 0.343],
    ],
  ],
  [
    'SRAM 280F2',
    32,
    [
      [64, 4, 1.31, 0.0143],
      [64, 6, 1.81, 0.0886],
      [64, 8, 6.65, 1.34],
      [256, 4, 1.26, 0.0142],
      [256, 6, 1.39, 0.0711],
      [256, 8, 2.88, 0.602],
    ],
  ],
  [
    'FeFET 240k/24M',
    45,
    [
      [64, 4, 1.96, 0.016],
      [64, 6, 3.87, 0.141],
      [64, 8, 25.5, 3.8],
      [256, 4, 1.72, 0.0156],
      [256, 6, 2.32, 0.0945],
      [256, 8, 8.2, 1.37],
    ],
  ],
  [
    'RRAM 100k/1.7M',
    45,
    [
      [64, 4, 1.76, 0.016],
      [64, 6, 2.54, 0.103],
      [64, 8, 11.5, 1.91],
      [256, 4, 1.49, 0.0137],
      [256, 6, 1.87, 0.0781],
      [256, 8, 4.24, 0.726],
    ],
  ],
  [
    'RRAM 6k/900k',
    45,
    [
      [64, 4, 1.65, 0.0154],
      [64, 6, 1.65, 0.0697],
      [64, 8, 2.04, 0.354],
      [256, 4, 1.8, 0.0169],
      [256, 6, 1.81, 0.0766],
      [256, 8, 1.81, 0.316],
    ],
  ],
  [
    'SRAM 280F2',
    45,
    [
      [64, 4, 1.75, 0.0159],
      [64, 6, 2.44, 0.0999],
      [64, 8, 9.82, 1.65],
      [256, 4, 1.51, 0.0141],
      [256, 6, 1.87, 0.0784],
      [256, 8, 4.07, 0.703],
    ],
  ],
  [
    'FeFET 240k/24M',
    65,
    [
      [64, 4, 2.64, 0.0301],
      [64, 6, 5.68, 0.289],
      [64, 8, 43.3, 9.03],
      [256, 4, 2.31, 0.0293],
      [256, 6, 3.23, 0.185],
      [256, 8, 13.3, 3.12],
    ],
  ],
  [
    'RRAM 100k/1.7M',
    65,
    [
      [64, 4, 2.37, 0.03],
      [64, 6, 3.59, 0.204],
      [64, 8, 19.1, 4.45],
      [256, 4, 1.77, 0.0228],
      [256, 6, 2.55, 0.149],
      [256, 8, 6.58, 1.58],
    ],
  ],
  [
    'RRAM 6k/900k',
    65,
    [
      [64, 4, 1.88, 0.0246],
      [64, 6, 1.89, 0.112],
      [64, 8, 2.87, 0.698],
      [256, 4, 1.99, 0.0262],
      [256, 6, 2, 0.119],
      [256, 8, 2, 0.489],
    ],
  ],
  [
    'SRAM 280F2',
    65,
    [
      [64, 4, 2.34, 0.0299],
      [64, 6, 3.37, 0.194],
      [64, 8, 15.5, 3.64],
      [256, 4, 1.79, 0.0233],
      [256, 6, 2.51, 0.148],
      [256, 8, 5.99, 1.45],
    ],
  ],
];

export const FLASH_ROWS: readonly FlashRow[] = TABLE.flatMap(([cell, nm, runs]) =>
  runs.map(([rows, bits, sense_ns, mirrors_pJ]) => ({
    cell,
    node_m: nm * NM,
    rows,
    bits,
    sense_s: sense_ns * NS,
    mirrors_J: mirrors_pJ * PJ,
  })),
);

/** Ours of the same converter. */
export function simulatedFlash(row: FlashRow): FlashRow {
  const { node_m, rows, bits } = row;
  // Without the gates of the amplifiers, which the formulas count apart.
  const node = { ...nodeConstants(node_m, 'LSTP'), logicEnergy: 0 };
  const params = CELLS[row.cell];
  const context = { node, writeVoltage_V: 4, pulse_s: 50 * NS, erase_s: 0 };
  const cell = cellLawOf(params).figures(params as never, context);
  const adc = { law: 'neurosim-flash', bits, columns: 8 } as const;
  const { energy_J, column } = adcLawOf(adc).figures(adc as never, {
    node,
    roadmap: 'LSTP',
    rows,
    arrayRows: rows,
    stepBits: 1,
    weightBits: 8,
    inputDensity: 0.5,
    readVoltage_V: node.readVoltage_V,
    column_S: (rows / 2) * cell.conductance_S,
    reference_S: rows * cell.reference_S,
    reference_J: 0,
    columnWire_F: wire(node, rows * cell.height_m).capacitance_F,
    cell_m2: 0,
    columns_m: 0,
  });
  const { time_s, power_W } = column ?? { time_s: 0, power_W: 0 };
  return { ...row, sense_s: time_s, mirrors_J: energy_J + time_s * power_W };
}
