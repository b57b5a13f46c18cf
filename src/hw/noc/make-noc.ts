/** Chooses the network on chip by its name in the architecture file. */
import type { Clock } from '../../sim/clock.ts';
import type { Component } from '../../sim/component.ts';
import type { Floorplan } from '../floorplan.ts';
import { HTree } from './htree.ts';
import { IdealNoc } from './ideal.ts';
import { Mesh } from './mesh.ts';
import type { Noc } from './noc.ts';

export interface NocChoice {
  readonly kind: 'ideal' | 'mesh' | 'htree';
  readonly virtualChannels: number;
  readonly depth: number;
  readonly routerStages: number;
}

/** A network over the floorplan. `treeCycles`: cycles of the tree's links, the one next to the root first. */
export function makeNoc(
  parent: Component,
  choice: NocChoice,
  plan: Floorplan,
  treeCycles: readonly number[],
  clock: Clock,
): Noc {
  if (choice.kind === 'ideal') return new IdealNoc(parent, 'noc', plan.nodes);
  if (choice.kind === 'htree') {
    const levels = treeCycles.map(latency_cycles => ({ latency_cycles, flitsPerCycle: 1 }));
    return new HTree(parent, 'noc', { arity: 4, levels }, clock);
  }
  const { rows, cols } = plan;
  const routerStages = choice.routerStages === 4 ? 4 : 3;
  const options = { rows, cols, vcs: choice.virtualChannels, depth: choice.depth, routerStages } as const;
  return new Mesh(parent, 'noc', options, clock);
}
