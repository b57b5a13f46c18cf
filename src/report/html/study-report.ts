/** A study's results as a report shows them: points with what was varied, their figures, and those that failed. */
import { EXIT, TrexError } from '../../base/errors.ts';
import { DIMENSIONS, type Dimension, parseQuantity } from '../../base/units.ts';

/** Of a path that a study varies. */
export type StudyValue = string | number | boolean | null;

/** A point that was evaluated. */
export interface StudyPoint {
  readonly id: string;
  readonly seed: number | null;
  /** Path to value. */
  readonly point: Readonly<Record<string, StudyValue>>;
  /** Numbers by name; those of nested blocks as `xbar.snr_dB`. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** A point that could not be evaluated, and why. */
export interface StudyFailure {
  readonly id: string;
  readonly point: Readonly<Record<string, StudyValue>>;
  readonly error: string;
}

/** The mean of a figure over all points with one value of a path. */
export interface Effect {
  readonly path: string;
  readonly means: readonly { readonly value: StudyValue; readonly mean: number; readonly points: number }[];
}

/** What the page of a study shows. */
export interface StudyReport {
  readonly kind: 'study';
  readonly name: string;
  /** Paths with more than one value. */
  readonly paths: readonly string[];
  /** Figures that every point has, those that differ first. */
  readonly metrics: readonly string[];
  readonly points: readonly StudyPoint[];
  readonly failures: readonly StudyFailure[];
}

/** More of them is better; of all others less. */
const MORE_IS_BETTER =
  /(^|\.)(tops|throughput|utilization|adcShare|effectiveBits|weightsPerMm2)|snr|accuracy|lifetime/i;
/** Whatever block they stand in: an accuracy has a loss and an interval as well. */
const LESS_IS_BETTER = /(^|\.)(loss|interval95|rmse)(\.|$)/i;
export const isBetterMore = (metric: string): boolean =>
  MORE_IS_BETTER.test(metric) && !LESS_IS_BETTER.test(metric);

/** Not figures of a point. */
const NOT_METRICS: ReadonlySet<string> = new Set([
  'id',
  'point',
  'seed',
  'error',
  'check',
  'provenance',
  'schemaVersion',
  'images',
  'tokens',
  'events',
]);
/** Shown first where a study has them. */
const FIRST = ['latency_s', 'energy_J', 'area_m2', 'edap_Jsm2', 'accuracy', 'topsPerWatt', 'topsPerMm2'];

/**
 * From the lines of `results.ndjson`. A last line without an end is one that was being written. @throws TrexError (invalid file)
 * for a line that is no point, and for no point at all.
 */
export function studyReport(name: string, file: string, text: string): StudyReport {
  const lines = text.split('\n');
  const torn = lines.pop() ?? '';
  const points: StudyPoint[] = [];
  const failures: StudyFailure[] = [];
  lines.forEach((line, i) => {
    if (line.trim() === '') return;
    const wrong = (what: string): TrexError => new TrexError(`${file}:${i + 1}: ${what}`, EXIT.invalidFile);
    const value = parsed(line);
    if (value === undefined) throw wrong('expected one JSON object a line');
    const { id, point, seed = null, error } = value;
    if (typeof id !== 'string' || !isBlock(point))
      throw wrong('not a point of a study: it has no "id" and "point"');
    const at = valuesOf(point);
    if (error !== undefined) failures.push({ id, point: at, error: messageOf(error) });
    else {
      const rest = Object.fromEntries(Object.entries(value).filter(([key]) => !NOT_METRICS.has(key)));
      points.push({ id, seed: typeof seed === 'number' ? seed : null, point: at, metrics: numbersOf(rest) });
    }
  });
  if (points.length === 0 && failures.length === 0)
    throw new TrexError(
      `${file}: has no point yet${torn === '' ? '' : ' but one that is cut off'}`,
      EXIT.invalidFile,
    );
  return { kind: 'study', name, paths: variedPaths(points), metrics: metricsOf(points), points, failures };
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isBlock(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isBlock = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const messageOf = (error: unknown): string =>
  typeof error === 'string'
    ? error
    : isBlock(error) && typeof error.message === 'string'
      ? error.message
      : JSON.stringify(error);

const valuesOf = (point: Readonly<Record<string, unknown>>): Record<string, StudyValue> =>
  Object.fromEntries(
    Object.entries(point).map(([path, value]) => [
      path,
      value === null || ['string', 'number', 'boolean'].includes(typeof value)
        ? (value as StudyValue)
        : JSON.stringify(value),
    ]),
  );

/** Those of blocks by their paths; lists are no figures. */
export function numbersOf(block: Readonly<Record<string, unknown>>, prefix = ''): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [key, value] of Object.entries(block)) {
    if (typeof value === 'number' && Number.isFinite(value)) found[`${prefix}${key}`] = value;
    else if (isBlock(value) && !/^(run|breakdown|reuse|files)$/.test(key))
      Object.assign(found, numbersOf(value, `${prefix}${key}.`));
  }
  return found;
}

function variedPaths(points: readonly StudyPoint[]): string[] {
  const values = new Map<string, Set<StudyValue>>();
  for (const { point } of points)
    for (const [path, value] of Object.entries(point))
      values.set(path, (values.get(path) ?? new Set()).add(value));
  return [...values].filter(([, set]) => set.size > 1).map(([path]) => path);
}

function metricsOf(points: readonly StudyPoint[]): string[] {
  const names = Object.keys(points[0]?.metrics ?? {}).filter(name =>
    points.every(({ metrics }) => name in metrics),
  );
  const rank = (name: string): number => {
    const first = FIRST.findIndex(start => name === start || name.startsWith(`${start}.`));
    const differs = points.some(({ metrics }) => metrics[name] !== points[0].metrics[name]);
    return (differs ? 0 : 1000) + (first < 0 ? FIRST.length : first);
  };
  return names.sort((a, b) => rank(a) - rank(b));
}

/** Indices of the points than which no other is better in one of two figures and as good in the other, of equal ones the first; in the order of the first figure. */
export function paretoOf(points: readonly StudyPoint[], x: string, y: string): number[] {
  const sign = (name: string): number => (isBetterMore(name) ? -1 : 1);
  const at = points.map(({ metrics }) => [sign(x) * metrics[x], sign(y) * metrics[y]]);
  const order = [...points.keys()].sort((a, b) => at[a][0] - at[b][0] || at[a][1] - at[b][1] || a - b);
  const front: number[] = [];
  let best = Number.POSITIVE_INFINITY;
  for (const i of order)
    if (at[i][1] < best) {
      best = at[i][1];
      front.push(i);
    }
  return front;
}

/** Of quantities of one kind as well as of numbers; undefined where they have no order. */
export function sizesOf(values: readonly StudyValue[]): number[] | undefined {
  if (values.every(value => typeof value === 'number')) return [...values];
  for (const dimension of Object.keys(DIMENSIONS) as Dimension[]) {
    const sizes = values.map(value => parseQuantity(String(value), dimension));
    if (sizes.every(size => size !== undefined)) return sizes;
  }
  return undefined;
}

/** What each varied path does to a figure on average, over whatever else varies. */
export function effectsOf(
  { points, paths }: Pick<StudyReport, 'points' | 'paths'>,
  metric: string,
): Effect[] {
  return paths.map(path => {
    const groups = new Map<StudyValue, number[]>();
    for (const { point, metrics } of points) {
      const value = point[path] ?? null;
      groups.set(value, [...(groups.get(value) ?? []), metrics[metric]]);
    }
    const means = [...groups].map(([value, all]) => ({
      value,
      mean: all.reduce((total, each) => total + each, 0) / all.length,
      points: all.length,
    }));
    const sizes = sizesOf(means.map(({ value }) => value));
    if (sizes === undefined) return { path, means };
    const order = [...means.keys()].sort((a, b) => sizes[a] - sizes[b]);
    return { path, means: grouped(order.map(i => means[i])) };
  });
}

/** Values of a path that stand alone, at most; of more, neighbours are put together. */
const MOST_VALUES = 48;
const GROUPS = 12;

/** Groups of nearly as many values, named by the one in the middle. */
function grouped(means: Effect['means']): Effect['means'] {
  if (means.length <= MOST_VALUES) return means;
  return Array.from({ length: GROUPS }, (_, g) => {
    const [from, to] = [g, g + 1].map(k => Math.floor((k * means.length) / GROUPS));
    const group = means.slice(from, to);
    const points = group.reduce((total, each) => total + each.points, 0);
    const sum = group.reduce((total, each) => total + each.mean * each.points, 0);
    return { value: group[Math.floor(group.length / 2)].value, mean: sum / points, points };
  });
}
