/** How long a program takes by its steps alone, without the network: what plans are compared by before one of them is simulated. */

import { counts } from '../arch/accounting.ts';
import type { ChipCost } from '../arch/build.ts';
import type { ArchConfig } from '../arch/config.ts';
import { largest } from '../base/extremes.ts';
import { type Layer, type Step, weightBitsOf } from '../hw/program.ts';
import { toSeconds } from '../sim/tick.ts';
import { unitTime } from './windows.ts';

/** What a step takes: seconds of its unit, and of the DRAM port before that. */
interface StepTime {
  readonly port_s: number;
  readonly unit_s: number;
}

/** Seconds from the first step to the end of the last; transfers from DRAM queue for its port. */
export function estimatedTime(
  steps: readonly Step[],
  layers: ReadonlyMap<string, Layer>,
  arch: ArchConfig,
  cost: ChipCost,
): number {
  const times = new Map<string, StepTime>();
  const ends = new Float64Array(steps.length);
  let portFree = 0;
  let last = 0;
  for (const step of steps) {
    const key = `${step.kind} ${step.layer ?? step.id}`;
    const time = times.get(key) ?? timeOf(step, layers, arch, cost);
    times.set(key, time);
    let start = 0;
    let end = 0;
    for (const dep of step.after) {
      if (dep.step >= step.index) continue;
      if (dep.mode === 'all') start = Math.max(start, ends[dep.step]);
      // Rows follow each other through both.
      else end = Math.max(end, ends[dep.step] + time.unit_s / step.jobs);
    }
    if (time.port_s > 0) {
      start = Math.max(start, portFree) + time.port_s;
      portFree = start;
    }
    ends[step.index] = Math.max(end, start + time.unit_s);
    last = Math.max(last, ends[step.index]);
  }
  return last;
}

/** Of a step alone. */
export function timeOf(
  step: Step,
  layers: ReadonlyMap<string, Layer>,
  arch: ArchConfig,
  cost: ChipCost,
): StepTime {
  const layer = layers.get(step.layer ?? '');
  if (step.vector !== undefined) return { port_s: 0, unit_s: step.jobs * unitTime(step.vector, arch) };
  if (layer === undefined) return { port_s: 0, unit_s: 0 };
  const use = cost.of(layer);
  const perPe = largest(layer.tiles.map(({ pes }) => largest(pes.map(pe => pe.crossbars))));
  const tick_s = toSeconds(1);
  const write_s = use.writeTime * tick_s * Math.ceil(perPe / arch.pe.writeDrivers);
  if (step.kind === 'read') {
    const jobs = Math.ceil(step.jobs / (layer.copies ?? 1));
    const plane = use.plane === undefined ? use.readTime : use.plane.convert;
    return {
      port_s: 0,
      unit_s: jobs * use.planes * plane * tick_s * Math.ceil(perPe / arch.pe.adcBanks),
    };
  }
  const bits = weightBitsOf(layer);
  const { bandwidth, latency } = arch.digital.dram;
  const hub_s = arch.noc.kind.clocked ? bits / arch.noc.flit / arch.chip.clock : 0;
  const port_s = step.kind === 'load' && counts(arch.accounting, 'dram') ? latency + bits / 8 / bandwidth : 0;
  return { port_s, unit_s: hub_s + write_s };
}
