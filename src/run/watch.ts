/** Listens to every server of every resource of a chip, and knows for which steps it works. */
import type { Component } from '../sim/component.ts';
import type { Tick } from '../sim/tick.ts';
import type { Machine } from './machine.ts';

/** What one server of a resource did, by its number among all. */
export interface Server {
  readonly kind: string;
  readonly link: number | undefined;
}

/** Steps that use the crossbars of each tile that is simulated. */
export function stepsOfTiles({ chip, steps }: Machine): Map<Component, Set<number>> {
  const found = new Map<Component, Set<number>>();
  for (const { index, layer } of steps)
    for (const tile of layer === undefined ? [] : chip.engine.tilesOf(layer))
      found.set(tile, (found.get(tile) ?? new Set()).add(index));
  return found;
}

type Serve = (server: number, steps: ReadonlySet<number> | undefined, start: Tick, end: Tick) => void;

/** Every server of every resource gets a number; what stands in a tile works for the tile's steps alone. */
export function watch(
  root: Component,
  stepsOf: ReadonlyMap<Component, ReadonlySet<number>>,
  servers: Server[],
  serve: Serve,
): (() => void)[] {
  const detach: (() => void)[] = [];
  const visit = (component: Component, steps: ReadonlySet<number> | undefined): void => {
    for (const [kind, { onService }] of component.resources) {
      const numbers = new Map<number, number>();
      detach.push(
        onService.attach((name, start, end) => {
          let number = numbers.get(name);
          if (number === undefined) {
            number = servers.length;
            servers.push({ kind, link: kind === 'links' ? name : undefined });
            numbers.set(name, number);
          }
          serve(number, steps, start, end);
        }),
      );
    }
    for (const child of component.children) visit(child, stepsOf.get(child) ?? steps);
  };
  visit(root, undefined);
  return detach;
}
