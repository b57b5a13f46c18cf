/** The error of one matrix on crossbars as a table for people, with a histogram. */
import { largest } from '../base/extremes.ts';
import { significant } from '../base/units.ts';
import { table, WIDTH } from './table.ts';

const DIGITS = 4;
const BAR = 40;

interface Spread {
  readonly mean: number;
  readonly interval95: number | null;
}

/** What of a result is shown. */
export interface MvmFigures {
  readonly tech: string;
  readonly spec: {
    readonly rows: number;
    readonly cols: number;
    readonly weightBits: number;
    readonly inputBits: number;
    readonly arrayRows: number;
    readonly cellBits: number;
    readonly merge?: boolean;
    readonly encoding: string;
    readonly adc: { readonly bits: number };
  };
  /** In words: encoding, range of the ADCs, activity. */
  readonly assumed: string;
  readonly tokens: number;
  readonly density: number;
  readonly trials: readonly unknown[];
  readonly rmse: Spread;
  readonly bias: Spread;
  readonly snr_dB: Spread | null;
  readonly effectiveBits: Spread | null;
  readonly signal: number;
  readonly clipped: { readonly above: number; readonly below: number };
  readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] };
}

/** How the matrix is cut, and the steps of its converters. */
export interface MvmCut {
  readonly lossless: boolean;
  readonly levels: number;
  readonly steps: number;
  readonly blocks: number;
  readonly slices: number;
  readonly cellsPerWeight: number;
}

/** In `width` columns. */
export function mvmTable(result: MvmFigures, plan: MvmCut, width = WIDTH): string {
  const { spec, tokens, density, rmse, bias, snr_dB, effectiveBits, signal, clipped, histogram } = result;
  const resolution = plan.lossless
    ? 'lossless'
    : `1 step = ${significant(plan.levels / plan.steps, 3)} levels`;
  const slices = spec.merge
    ? `${plan.slices} x ${plan.cellsPerWeight / plan.slices} merged slices`
    : `${plan.slices} slices`;
  const rows = [
    ['matrix', `${spec.rows} x ${spec.cols}, ${spec.weightBits}-bit weights, ${spec.inputBits}-bit inputs`],
    [
      'arrays',
      `${spec.arrayRows} rows, ${plan.blocks} blocks x ${slices} of ${spec.cellBits} bits, ${spec.encoding}`,
    ],
    ['ADC', `${spec.adc.bits} bits, ${resolution}`],
    ['assumed', result.assumed],
    ['trials', `${result.trials.length} of ${tokens} inputs, density ${density}; mean and 95 % interval`],
    ['RMSE', `${spreadText(rmse)} steps of the integer product, of RMS ${significant(signal, DIGITS)}`],
    ['bias', `${spreadText(bias)} steps`],
    ['SNR', snr_dB === null ? 'exact' : `${spreadText(snr_dB)} dB`],
    ['effective bits', effectiveBits === null ? 'exact' : spreadText(effectiveBits)],
    ['ADC clips', `${percent(clipped.above)} of conversions above, ${percent(clipped.below)} below`],
  ];
  const most = largest(histogram.counts);
  const bars = histogram.counts.map((count, i) => {
    const middle = (histogram.edges[i] + histogram.edges[i + 1]) / 2;
    return [significant(middle, 3), '#'.repeat(Math.round((BAR * count) / most))];
  });
  const noisy =
    snr_dB === null
      ? ''
      : `\n\nerrors of all products, steps\n${table(bars, { align: ['right', 'left'], width })}`;
  return `${result.tech}\n${table(rows, { align: ['left', 'left'], width })}${noisy}`;
}

const spreadText = ({ mean, interval95 }: Spread): string =>
  significant(mean, DIGITS) + (interval95 === null ? '' : ` +- ${significant(interval95, 2)}`);

const percent = (share: number): string => `${significant(100 * share, 3)} %`;
