/** The microbenchmark of crossbars: area, time, energy and error over sizes, ADCs and cells, row by row. */

import { OPERAND_BITS } from '../../accuracy/defaults.ts';
import type { AdcRange } from '../../accuracy/device.ts';
import { checkedAdcRange } from '../../accuracy/device-options.ts';
import type { FileHash, Files } from '../../arch/source-files.ts';
import { unknownName, usageError } from '../../base/errors.ts';
import { largest } from '../../base/extremes.ts';
import { VERSION } from '../../base/version.ts';
import { wholeNumber } from '../../base/whole-number.ts';
import { wasmBackend } from '../../numerics/mvm/wasm/backend.ts';
import { XBAR_METRICS, type XbarMetricName, type XbarRow } from '../../report/xbar-row.ts';
import { type ErrorOptions, MOST_ERROR_BITS, xbarError } from './error.ts';
import { planXbar, type SweptOptions, type XbarPlan } from './plan.ts';
import { type Measure, xbarRows } from './rows.ts';
import { XbarSummary } from './summary.ts';

/** Up to so many points the error is measured unless `trials` says otherwise. */
export const MEASURED_POINTS = 100;
/** Chips on which the error of a point is measured unless `trials` says otherwise. */
export const DEFAULT_TRIALS = 3;
const MOST_TRIALS = 10_000;
/** Rows between pauses. */
const ROWS_PER_TURN = 64;

/** What is swept, and how errors are measured. */
export interface XbarOptions extends SweptOptions {
  /** Chips on which the products' error is measured; 0: none; default 3 up to 100 points, else none. */
  readonly trials?: number | undefined;
  readonly adcRange: AdcRange;
  readonly seed: number;
  /** The two figures of the trade-off; default tops-per-watt, and snr where it is measured, else area. */
  readonly x?: string | undefined;
  readonly y?: string | undefined;
}

/** What a microbenchmark may leave out. */
export const XBAR_DEFAULTS = {
  techs: ['fefet-32nm', 'sram-32nm'],
  rows: [32, 64, 128, 256],
  cols: [],
  adcBits: [],
  cellBits: [],
  mux: [],
  nodes_m: [],
  weightBits: [OPERAND_BITS.weightBits],
  inputBits: [OPERAND_BITS.inputBits],
  encodings: [],
  vdds_V: [],
  temperatures_K: [],
  set: [],
  adcRange: 'layer',
  seed: 1,
} as const satisfies XbarOptions;

/** Everything has a default. */
export type XbarRequest = Partial<XbarOptions>;

/** What rows depend on: rows of other heads do not stand in one file. */
export interface RowsHead {
  readonly schemaVersion: 1;
  readonly version: string;
  readonly run: Readonly<Record<string, unknown>>;
  readonly files: readonly FileHash[];
}

/** Where rows are kept, so that a later run goes on. */
export interface RowStore {
  /** Keeps a finished row. */
  append(row: XbarRow): void;
  /** Writes what is still in memory. */
  flush(): void;
  /** After the last row. */
  close(): void;
}

/** Measures errors, on threads for example; closed at the end. */
export interface ErrorPool extends Measure {
  /** Ends the threads. */
  close(): Promise<void>;
}

/** A microbenchmark at work, or done. */
export interface XbarRun {
  readonly plan: XbarPlan;
  /** Of the rows so far. */
  readonly summary: XbarSummary;
}

/** What the host brings for a microbenchmark. */
export interface XbarHooks {
  /** Where the technologies are looked up. */
  readonly files: Files;
  /** Once the options are known to be possible. */
  readonly onBegin?: (run: XbarRun) => void;
  /** Opens the store; it hands each row that is there to `onRow`. */
  readonly store?:
    | ((head: RowsHead, onRow: (row: XbarRow) => Promise<void>) => Promise<RowStore>)
    | undefined;
  /** Threads for the errors of so many points; default: this one. */
  readonly pool?: (points: number, options: ErrorOptions) => ErrorPool;
  /** Each row in the order of the plan, those of the store first. */
  readonly onRow?: (row: XbarRow) => Promise<void>;
  /** Now and then; may throw. */
  readonly pause?: (done: number, total: number) => Promise<void>;
}

/**
 * Runs the points that the store does not have yet; what is finished is kept, whatever a hook or a point throws. Rows go to
 * `onRow` and are not kept otherwise; the summary holds the Pareto front.
 * @example
 * const sizes = { techs: ['fefet-32nm'], rows: [64, 128], adcBits: [4, 5, 6] };
 * const { summary } = await xbar(sizes, { files: nodeFiles });
 * @throws TrexError: options and technologies that do not go together (2), a missing (4) or invalid file (3).
 */
export async function xbar(request: XbarRequest, hooks: XbarHooks): Promise<XbarRun> {
  const options: XbarOptions = { ...XBAR_DEFAULTS, ...request };
  const { adcRange, seed } = options;
  checkedAdcRange(adcRange);
  wholeNumber('seed', seed);
  const plan = planXbar(hooks.files, options);
  const trials = trialsOf(options, plan.points);
  const summary = new XbarSummary(...metricNames(options, trials > 0));
  const run = { plan, summary };
  hooks.onBegin?.(run);
  const add = async (row: XbarRow): Promise<void> => {
    summary.add(row);
    await hooks.onRow?.(row);
  };
  const store = await hooks.store?.(headOf(options, plan, trials), add);
  const error = { trials, seed, adcRange };
  const pool = trials === 0 ? undefined : (hooks.pool?.(plan.points, error) ?? (await ownPool(error)));
  try {
    for await (const row of xbarRows(plan, summary.rows, pool)) {
      store?.append(row);
      await add(row);
      if (pool === undefined && summary.rows % ROWS_PER_TURN !== 0) continue;
      if (pool !== undefined) store?.flush();
      await hooks.pause?.(summary.rows, plan.points);
    }
  } finally {
    store?.flush();
    store?.close();
    await pool?.close();
  }
  return run;
}

function headOf(options: XbarOptions, plan: XbarPlan, trials: number): RowsHead {
  const { techs, rows, cols, adcBits, cellBits, mux, nodes_m, set } = options;
  const { weightBits, inputBits, encodings, vdds_V, temperatures_K } = options;
  const sizes = { techs, rows, cols, adcBits, cellBits, mux, nodes_m };
  const swept: SweptOptions = { ...sizes, weightBits, inputBits, encodings, vdds_V, temperatures_K, set };
  const { adcRange, seed } = options;
  const run = { ...swept, trials, adcRange, seed };
  return { schemaVersion: 1, version: VERSION, run, files: plan.files };
}

async function ownPool(options: ErrorOptions): Promise<ErrorPool> {
  const backend = await wasmBackend();
  return {
    threads: 1,
    measure: point => xbarError(backend, point, options),
    close: () => backend.dispose(),
  };
}

/** Trials of each point. @throws TrexError (usage) for operands whose error cannot be measured. */
function trialsOf({ trials, weightBits, inputBits }: XbarOptions, points: number): number {
  const fits = largest([...weightBits, ...inputBits]) <= MOST_ERROR_BITS;
  if (trials === undefined) return fits && points <= MEASURED_POINTS ? DEFAULT_TRIALS : 0;
  if (trials > 0 && !fits)
    throw usageError(
      `--trials ${trials}: the error is measured for operands of at most ${MOST_ERROR_BITS} bits`,
    );
  return wholeNumber('trials', trials, 0, MOST_TRIALS);
}

/**
 * The two figures of the trade-off; of more efficient crossbars the products are worse, or the area is larger.
 * @throws TrexError (usage) for a name that is no figure, or one that is not measured.
 */
function metricNames(
  { x = 'tops-per-watt', y }: Pick<XbarOptions, 'x' | 'y'>,
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
