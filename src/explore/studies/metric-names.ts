/** The metrics by their names. */
import { unknownName } from '../../base/errors.ts';
import type { Metric } from './metric.ts';
import { METRICS } from './metrics/all.ts';

/** What can be measured of the points of a study. */
export type MetricName = keyof typeof METRICS;

export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

/** @throws TrexError (usage) for a name that is none. */
export function metricOf(name: string): Metric {
  if (!Object.hasOwn(METRICS, name)) throw unknownName('metric', name, METRIC_NAMES);
  return METRICS[name as MetricName];
}
