/** From the words of `trex xbar` to what is swept, measured and drawn. */
import { unknownName, usageError } from '../../base/errors.ts';
import { parseQuantity } from '../../base/units.ts';
import { MOST_ERROR_BITS } from '../../explore/xbar/error.ts';
import type { XbarOptions } from '../../explore/xbar/plan.ts';
import { parseRange, type RangeRule } from '../../explore/xbar/ranges.ts';
import { XBAR_METRICS, type XbarMetricName } from '../../report/xbar-row.ts';
import { whole } from './flags.ts';

const MOST_SIZE = 4096;

export interface XbarArguments {
  readonly tech: string;
  readonly rows: string;
  readonly cols: string | undefined;
  readonly adc: string | undefined;
  readonly cellBits: string | undefined;
  readonly mux: string | undefined;
  readonly node: string | undefined;
  readonly set: string[];
  readonly weightBits: number;
  readonly inputBits: number;
  readonly trials: number | undefined;
  readonly adcRange: number;
  readonly seed: number;
  readonly threads: number | undefined;
  readonly x: string | undefined;
  readonly y: string | undefined;
  readonly figure: string | undefined;
  readonly out: string | undefined;
  readonly force: boolean;
  readonly json: boolean;
  readonly csv: boolean;
  readonly quiet: boolean;
}

/** @throws TrexError (usage) */
export function xbarOptions(args: XbarArguments): XbarOptions {
  const list = (
    flag: string,
    words: string | undefined,
    min: number,
    max: number,
    step: RangeRule['step'],
  ) => (words === undefined ? [] : parseRange(String(words), { flag, min, max, step }));
  const techs = args.tech
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
  if (techs.length === 0)
    throw usageError('--tech is empty: name technologies, e.g. --tech fefet-32nm,sram-32nm');
  return {
    techs,
    rows: list('rows', args.rows, 1, MOST_SIZE, 'double'),
    cols: list('cols', args.cols, 1, MOST_SIZE, 'double'),
    adcBits: list('adc', args.adc, 1, 16, 'one'),
    cellBits: list('cell-bits', args.cellBits, 1, 8, 'one'),
    mux: list('mux', args.mux, 1, 1024, 'double'),
    nodes_m: args.node === undefined ? [] : nodes(args.node),
    weightBits: whole('weight-bits', args.weightBits, 2, 16),
    inputBits: whole('input-bits', args.inputBits, 1, 16),
    set: args.set,
  };
}

/** Up to so many points the error is measured unless `--trials` says otherwise. */
export const MEASURED_POINTS = 100;
export const DEFAULT_TRIALS = 3;
const MOST_TRIALS = 10_000;

/** Trials of each point. @throws TrexError (usage) for operands whose error cannot be measured. */
export function trialsOf(
  { trials }: Pick<XbarArguments, 'trials'>,
  { weightBits, inputBits }: XbarOptions,
  points: number,
): number {
  const fits = Math.max(weightBits, inputBits) <= MOST_ERROR_BITS;
  if (trials === undefined) return fits && points <= MEASURED_POINTS ? DEFAULT_TRIALS : 0;
  if (trials > 0 && !fits)
    throw usageError(
      `--trials ${trials}: the error is measured for operands of at most ${MOST_ERROR_BITS} bits`,
    );
  return whole('trials', trials, 0, MOST_TRIALS);
}

/**
 * The two figures of the trade-off; of more efficient crossbars the products are worse, or the area is larger.
 * @throws TrexError (usage) for a name that is no figure, or one that is not measured.
 */
export function metricNames(
  { x = 'tops-per-watt', y }: Pick<XbarArguments, 'x' | 'y'>,
  measured: boolean,
): [XbarMetricName, XbarMetricName] {
  const named = (flag: string, name: string): XbarMetricName => {
    if (!Object.hasOwn(XBAR_METRICS, name)) throw unknownName(`--${flag}`, name, Object.keys(XBAR_METRICS));
    return name as XbarMetricName;
  };
  const names: [XbarMetricName, XbarMetricName] = [
    named('x', x),
    named('y', y ?? (measured ? 'snr' : 'area')),
  ];
  if (names[0] === names[1]) throw usageError(`--x and --y are both ${x}: a trade-off needs two figures`);
  if (names.includes('snr') && !measured) throw usageError('snr is not measured: ask for --trials 3 or more');
  return names;
}

/** "32nm,22 nm": lengths. */
function nodes(words: string): number[] {
  return words.split(',').map(word => {
    const text = word.trim().replace(/(\d)\s*nm$/i, '$1 nm');
    const value = parseQuantity(text, 'm');
    if (value === undefined || value <= 0)
      throw usageError(`--node ${words}: expected lengths, e.g. 32nm,22nm`);
    return value;
  });
}
