/** One row of `trex xbar`: a crossbar of one size, what it costs and how far its products are off. */
import { PER_NANO, PER_PICO, UM2_PER_M2 } from '../base/units.ts';

/** Mean over seeded trials and half width of its 95 % interval (Student's t); null for one trial. */
export interface TrialMean {
  readonly mean: number;
  readonly interval95: number | null;
}

/** Error of the matrix products of one crossbar. */
export interface XbarError {
  readonly trials: number;
  /** In steps of the integer product. */
  readonly rmse: TrialMean;
  /** Null: every product is exact. */
  readonly snr_dB: TrialMean | null;
  readonly effectiveBits: TrialMean | null;
  /** In words: encoding, range of the ADC, activity. */
  readonly assumed: string;
}

/** One crossbar with its periphery, in SI units. */
export interface XbarRow {
  readonly tech: string;
  readonly node_m: number;
  readonly rows: number;
  readonly cols: number;
  readonly cellBits: number;
  /** Widths of the words that products are counted and measured for. */
  readonly weightBits: number;
  readonly inputBits: number;
  /** How weights stand in the cells. */
  readonly encoding: string;
  readonly vdd_V: number;
  readonly temperature_K: number;
  readonly adc: { readonly kind: string; readonly bits: number; readonly columns: number };
  readonly area_m2: number;
  readonly areaBreakdown: Readonly<Record<string, number>>;
  /** One input bit plane over all columns; the breakdown is of the energy and sums to it. */
  readonly read: {
    readonly energy_J: number;
    readonly time_s: number;
    readonly breakdown: Readonly<Record<string, number>>;
    readonly timeBreakdown: Readonly<Record<string, number>>;
  };
  /** The whole array. */
  readonly write: { readonly energy_J: number; readonly time_s: number };
  readonly leakage_W: number;
  /** Of matrix products with weights and inputs of the run's bits, 1 MAC = 2 ops, bit plane after bit plane. */
  readonly topsPerWatt: number;
  readonly topsPerMm2: number;
  /** Weights of the run's bits. */
  readonly weightsPerMm2: number;
  /** Energy of one conversion, the column's current left out, over 2^bits; null: no converter. */
  readonly energyPerStep_J: number | null;
  /** Of an ADC that tells all sums of a column apart. */
  readonly losslessAdcBits: number;
  /** Null: not measured. */
  readonly error: XbarError | null;
  readonly warnings: readonly string[];
}

/** What rows can be ranked and drawn by. */
export interface XbarMetric {
  readonly label: string;
  readonly better: 'low' | 'high';
  /** Undefined where the row has none: an error that was not measured. */
  of(row: XbarRow): number | undefined;
}

/** Products that are exact, or nearly, stand at one value: no axis reaches infinity. */
const MOST_DB = 40;
const snr = ({ error }: XbarRow): number | undefined =>
  error === null ? undefined : Math.min(MOST_DB, error.snr_dB?.mean ?? MOST_DB);

/** A figure of a row by its name on the command line. */
export type XbarMetricName =
  | 'area'
  | 'energy'
  | 'time'
  | 'write-energy'
  | 'write-time'
  | 'leakage'
  | 'tops-per-watt'
  | 'tops-per-mm2'
  | 'weights-per-mm2'
  | 'snr';

/** By their names on the command line. */
export const XBAR_METRICS: Readonly<Record<XbarMetricName, XbarMetric>> = {
  area: { label: 'Area (um2)', better: 'low', of: row => row.area_m2 * UM2_PER_M2 },
  energy: { label: 'Energy of a read (pJ)', better: 'low', of: row => row.read.energy_J * PER_PICO },
  time: { label: 'Time of a read (ns)', better: 'low', of: row => row.read.time_s * PER_NANO },
  'write-energy': {
    label: 'Energy of a write (pJ)',
    better: 'low',
    of: row => row.write.energy_J * PER_PICO,
  },
  'write-time': { label: 'Time of a write (ns)', better: 'low', of: row => row.write.time_s * PER_NANO },
  leakage: { label: 'Leakage (nW)', better: 'low', of: row => row.leakage_W * PER_NANO },
  'tops-per-watt': { label: 'TOPS/W', better: 'high', of: row => row.topsPerWatt },
  'tops-per-mm2': { label: 'TOPS/mm2', better: 'high', of: row => row.topsPerMm2 },
  'weights-per-mm2': { label: 'Weights per mm2', better: 'high', of: row => row.weightsPerMm2 },
  snr: { label: 'SNR of a product (dB, at most 40)', better: 'high', of: snr },
};
