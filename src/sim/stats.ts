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

/** Sum of one statistic over `root` and what is below it; throws RangeError when the units differ. */
export function totals(root: Component, statName: string): number {
  let sum = 0;
  let unit: string | undefined;
  const visit = (component: Component): void => {
    const stat = component.stats.get(statName);
    if (stat !== undefined) {
      unit ??= stat.unit;
      if (stat.unit !== unit)
        throw new RangeError(`${component.path}: ${statName} in ${stat.unit}, not ${unit}`);
      sum += stat.read();
    }
    component.children.forEach(visit);
  };
  visit(root);
  return sum;
}
