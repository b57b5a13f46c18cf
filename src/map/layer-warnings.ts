/** Exceptions of a hybrid technology (`layers:`) that no layer of a network takes. */
import { type Devices, unusedExceptions } from '../tech/devices.ts';
import type { Graph } from '../workload/graph.ts';
import { isMatmul, layerId } from './place.ts';

/** One sentence each; none for a technology without exceptions. */
export function layerWarnings(devices: Devices, { ops }: Pick<Graph, 'ops'>): string[] {
  const layers = new Set(ops.filter(isMatmul).map(layerId));
  return unusedExceptions(devices, [...layers]);
}
