/** Parts of a technology that no layer of a network takes: exceptions of a hybrid (`layers:`), sets of weights. */

import type { ArchConfig } from '../arch/config.ts';
import { setsOf } from '../tech/device-encoding.ts';
import { allDevices, type Devices, unusedExceptions } from '../tech/devices.ts';
import type { Graph } from '../workload/graph.ts';
import { isMatmul } from '../workload/matmul.ts';
import type { Op } from '../workload/op.ts';
import type { OnCrossbars } from './grouped-unit.ts';
import { layerId, place } from './place.ts';

/** One sentence each; none for a technology without exceptions. `placed`: the ops that are on crossbars. */
export function layerWarnings(
  devices: Devices,
  { ops }: Pick<Graph, 'ops'>,
  placed: OnCrossbars = isMatmul,
): string[] {
  const layers = new Set(ops.filter(placed).map(layerId));
  return unusedExceptions(devices, [...layers]);
}

/** Arrays whose sets of weights are not all filled. */
export function setWarnings(counted: readonly Op[], arch: ArchConfig): string[] {
  if (allDevices(arch.devices).every(device => setsOf(device) === 1)) return [];
  const { units, layers } = place(counted, arch);
  const shared = units.filter(({ device }) => setsOf(device) > 1);
  const ids = new Set(shared.map(({ id }) => id));
  const held = [...layers.values()].filter(({ unit }) => ids.has(unit));
  const arrays = (of: typeof held): number => of.reduce((sum, layer) => sum + layer.crossbars, 0);
  const [filled, all] = [arrays(held), shared.reduce((sum, u) => sum + u.crossbars * setsOf(u.device), 0)];
  return filled === all
    ? []
    : [`sets: ${filled} of ${all} sets of weights are filled: layers share arrays where they are cut alike`];
}
