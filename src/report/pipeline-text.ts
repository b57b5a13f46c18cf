/** Images that overlap, in words. */
import { formatQuantity, significant } from '../base/units.ts';
import type { Percentiles } from './percentiles.ts';
import type { PipelineLimit, PipelineResult } from './pipeline-result.ts';
import type { Result } from './result.ts';

/** "e3.fc1 sets the pace, its ADC banks are always at work". */
export function limitText({ by, name, step }: PipelineLimit): string {
  if (by === 'buffer') return `${name}.capacity has no room for more images at once`;
  if (by === 'stage') return `${name}, always taken`;
  return step === null ? `the ${name} are always at work` : `the ${name} of ${step} are always at work`;
}

/** Rows of the summary of a run. */
export function pipelineRows(
  pipeline: PipelineResult,
  { input, images }: Pick<Result, 'input' | 'images'>,
): [string, string][] {
  const { arrival, capacity_Hz, utilization, limit, latency_s, waiting_s, underWay, inSystem } = pipeline;
  const { places } = underWay;
  const room = places === null ? '' : ` of ${places} that the global buffer holds`;
  const share = significant(100 * utilization, 3);
  return [
    ['arrival', `${arrival}, ${images} ${input}s; ${share} % of ${significant(capacity_Hz, 4)} ${input}s/s`],
    ['limited by', limitText(limit)],
    ['latency of all', spread(latency_s)],
    ['waiting', spread(waiting_s)],
    ['at once', `${underWay.most} under way${room}; ${significant(inSystem.mean, 3)} here on average`],
  ];
}

const spread = ({ p50, p95, p99 }: Percentiles): string =>
  [p50, p95, p99].map((value, i) => `p${[50, 95, 99][i]} ${formatQuantity(value, 's')}`).join(', ');
