/** The rows of a microbenchmark, one by one and in the order of the plan, however many points are measured at once. */
import type { XbarError, XbarRow } from '../../report/xbar-row.ts';
import type { ErrorPoint } from './error.ts';
import { xbarRow } from './evaluate.ts';
import { type XbarPlan, type XbarPoint, xbarPoints } from './plan.ts';

/** Points in work per thread: the next one waits while a thread is at one. */
const AHEAD = 2;

/** Measures the errors of crossbars, several at once. */
export interface Measure {
  readonly threads: number;
  /** The error of one point: the same, however many are in work. @throws TrexError for what cannot be computed. */
  measure(point: ErrorPoint): Promise<XbarError>;
}

/** Rows from number `first` on; without `measure` they have no error. Memory does not grow with the number of rows. */
export async function* xbarRows(plan: XbarPlan, first = 0, measure?: Measure): AsyncGenerator<XbarRow> {
  if (measure === undefined) {
    for (const point of xbarPoints(plan)) if (point.index >= first) yield xbarRow(point, null);
    return;
  }
  const inWork: { readonly point: XbarPoint; readonly error: Promise<XbarError> }[] = [];
  const oldest = async (): Promise<XbarRow> => {
    const { point, error } = inWork.shift()!;
    return xbarRow(point, await error);
  };
  for (const point of xbarPoints(plan)) {
    if (point.index < first) continue;
    const error = measure.measure(errorPoint(point));
    // Whoever takes the row sees the failure; until then it is nobody's.
    error.catch(() => {});
    inWork.push({ point, error });
    if (inWork.length >= AHEAD * measure.threads) yield await oldest();
  }
  while (inWork.length > 0) yield await oldest();
}

/** What of a point its error depends on. */
export const errorPoint = ({ of, device, design }: XbarPoint): ErrorPoint => ({
  device,
  rows: design.rows,
  cols: design.cols,
  cellBits: design.cell.bits,
  adcBits: design.adc.bits,
  weightBits: design.weightBits,
  inputBits: design.inputBits,
  density: design.inputDensity,
  digital: of.digital,
});
