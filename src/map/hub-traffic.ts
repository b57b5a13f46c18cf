/** Layers by what goes between them and the hub: those with the most bits on each of their tiles get the first of them. */
import { EXIT, TrexError } from '../base/errors.ts';
import { sum } from '../base/sum.ts';
import { type Layer, type Step, weightBitsOf } from '../hw/program.ts';
import type { Placement } from './place.ts';

/** The same layers on other tiles of the chip. @throws TrexError where layers take turns on them */
export function byTraffic(placement: Placement, steps: readonly Step[]): Placement {
  const { layers, units } = placement;
  const turning = units.find(({ inTurn }) => inTurn === true);
  if (turning !== undefined)
    throw new TrexError(
      `mapping.order: ${turning.id} and other layers take turns on their tiles, which are not of one layer: hub-near or snake, or more tiles`,
      EXIT.failed,
    );
  const bits = new Map<string, number>();
  for (const step of steps) {
    const layer = layers.get(step.layer ?? '');
    if (layer === undefined) continue;
    bits.set(layer.unit, (bits.get(layer.unit) ?? 0) + bitsOf(step, layer));
  }
  const perTile = ({ id, tiles }: Layer): number => (bits.get(id) ?? 0) / tiles.length;
  const order = units.map((layer, index) => ({ layer, index, density: perTile(layer) }));
  order.sort((a, b) => b.density - a.density || a.index - b.index);
  const first = new Map<string, number>();
  let tiles = 0;
  for (const { layer } of order) {
    first.set(layer.id, tiles);
    tiles += layer.tiles.length;
  }
  const moved = new Map(
    [...layers].map(([id, layer]) => [id, Object.assign({}, layer, { firstTile: first.get(layer.unit) })]),
  );
  const own = units.map(({ id }) => moved.get(id) as Layer);
  return Object.assign({}, placement, { layers: moved, units: own });
}

/** Of all jobs of a step, one vector for one copy of its layer. */
function bitsOf({ kind, jobs }: Step, layer: Layer): number {
  if (kind !== 'read') return jobs * weightBitsOf(layer);
  const { tiles, copies = 1 } = layer;
  return (jobs * sum(tiles, ({ inputBits, outputBits }) => inputBits + outputBits)) / copies;
}
