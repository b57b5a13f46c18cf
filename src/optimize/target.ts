/** What the optimiser must reach: a delay, an energy, an area, or their product (TReX, arXiv 2408.12742, Algorithm 1 has a delay). */
import { usageError } from '../base/errors.ts';
import { respelled } from '../base/unit-spelling.ts';
import { formatQuantity, J_S_M2, parseQuantity, significant } from '../base/units.ts';
import type { OptimizeTarget, TargetMetric } from '../report/optimize-result.ts';

const EDAP_TEXT = /^\s*([\d.]+(?:e[+-]?\d+)?)\s*(mJ\s*ms\s*mm2)?\s*$/i;

/** One of them must be given. */
export interface TargetOptions {
  readonly targetDelay?: string | undefined;
  readonly targetEnergy?: string | undefined;
  readonly targetArea?: string | undefined;
  readonly targetEdap?: string | undefined;
}

/** What a design costs, one image: seconds, joules, square metres. */
export interface Figures {
  readonly latency_s: number;
  readonly energy_J: number;
  readonly area_m2: number;
}

/** `7ms`, `0.1 mJ`, `600 mm2`; EDAP in mJ ms mm2, as the paper prints it. @throws TrexError (usage) */
export function parseTarget(options: TargetOptions): OptimizeTarget {
  const given = [
    quantity('--target-delay', options.targetDelay, 's', 'latency_s', '7ms'),
    quantity('--target-energy', options.targetEnergy, 'J', 'energy_J', '0.11mJ'),
    quantity('--target-area', options.targetArea, 'm2', 'area_m2', '600mm2'),
    edap(options.targetEdap),
  ].filter(target => target !== undefined);
  if (given.length !== 1)
    throw usageError(
      'give one target: --target-delay 7ms, --target-energy 0.11mJ, --target-area 600mm2 or --target-edap 400 (mJ ms mm2)',
    );
  return given[0];
}

/** The figure that a target is about, SI. */
export function metricOf(metric: TargetMetric, { latency_s, energy_J, area_m2 }: Figures): number {
  if (metric === 'edap_Jsm2') return energy_J * latency_s * area_m2;
  return { latency_s, energy_J, area_m2 }[metric];
}

/** Strict as Algorithm 1: what exceeds the limit by anything does not meet it. */
export const meets = ({ metric, limit }: OptimizeTarget, figures: Figures): boolean =>
  metricOf(metric, figures) <= limit;

/** "6.002 ms", "392.7 mJ ms mm2". */
export function metricText(metric: TargetMetric, value: number): string {
  if (metric === 'edap_Jsm2') return `${significant(value / J_S_M2, 5)} mJ ms mm2`;
  return formatQuantity(value, { latency_s: 's', energy_J: 'J', area_m2: 'm2' }[metric], 5);
}

function quantity(
  flag: string,
  text: string | undefined,
  unit: 's' | 'J' | 'm2',
  metric: TargetMetric,
  example: string,
): OptimizeTarget | undefined {
  if (text === undefined) return undefined;
  const limit = parseQuantity(text, unit);
  if (limit === undefined || limit <= 0)
    throw usageError(
      `${flag} ${text}: expected a positive quantity such as ${respelled(text, unit) ?? example}`,
    );
  return { metric, limit };
}

function edap(text: string | undefined): OptimizeTarget | undefined {
  if (text === undefined) return undefined;
  const value = Number(EDAP_TEXT.exec(text)?.[1]);
  if (!(value > 0) || !Number.isFinite(value))
    throw usageError(`--target-edap ${text}: expected a positive number of mJ ms mm2 such as 400`);
  return { metric: 'edap_Jsm2', limit: value * J_S_M2 };
}
