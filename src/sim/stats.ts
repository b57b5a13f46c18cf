/** Statistics of a component tree as plain JSON that mirrors the tree. */
import type { Component } from './component.ts';

/** One component's figures and those of its children. */
export interface StatsTree {
  name: string;
  stats: Record<string, { value: number; unit: string }>;
  children: StatsTree[];
}

/** Reads every statistic of `root` and of what is below it. */
export function collectStats(root: Component): StatsTree {
  const stats: StatsTree['stats'] = {};
  for (const [name, { unit, read }] of root.stats) stats[name] = { value: read(), unit };
  return { name: root.name, stats, children: root.children.map(collectStats) };
}
