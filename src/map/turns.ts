/** Whose turn it is: layers that share tiles come and go in the order of the steps that need them. */
import type { Layer, Step } from '../hw/program.ts';

/** A layer comes into tiles of others. */
export interface Turn {
  /** The step that needs it first. */
  readonly step: number;
  readonly layer: string;
  /** Steps that must be over before: those of the layers that leave. */
  readonly after: readonly number[];
}

/** The turns of one image, or of a batch. */
export interface Turns {
  readonly turns: readonly Turn[];
  /** By step: the turn that brought its layer; -1: none. */
  readonly turnOf: Int32Array;
  /** First step of each partition: between two of them no layer leaves that was used there. */
  readonly partitions: readonly number[];
}

/** Undefined: a matrix that is made at run time would have to leave before it is read. */
export function turnsOf(steps: readonly Step[], layers: ReadonlyMap<string, Layer>): Turns | undefined {
  const atoms = atomStarts(steps, layers);
  const lastUse = new Map<string, number>();
  for (const { index, layer } of steps) if (layer !== undefined) lastUse.set(layer, index);
  const owners = new Map<number, string>();
  /** Of those that are there: their steps since they came, and their turn. */
  const there = new Map<string, { turn: number; uses: number[] }>();
  const turns: Turn[] = [];
  const turnOf = new Int32Array(steps.length).fill(-1);
  const partitions = [0];
  for (const { index, layer: id } of steps) {
    const layer = id === undefined ? undefined : layers.get(id);
    if (layer?.inTurn !== true) continue;
    let stay = there.get(layer.id);
    if (stay === undefined) {
      const leaving = new Set<string>();
      for (const tile of tilesOf(layer)) {
        const owner = owners.get(tile);
        if (owner !== undefined) leaving.add(owner);
        owners.set(tile, layer.id);
      }
      const after: number[] = [];
      for (const other of leaving) {
        const { dynamic } = layers.get(other) as Layer;
        if (dynamic && (lastUse.get(other) as number) > index) return undefined;
        const { uses } = there.get(other) as { uses: number[] };
        // What the images of a batch share must not leave before the last of them has passed.
        if (!dynamic && uses[uses.length - 1] >= partitions[partitions.length - 1]) {
          if (uses[uses.length - 1] >= atoms[index]) return undefined;
          partitions.push(atoms[index]);
        }
        after.push(...uses);
        there.delete(other);
      }
      for (const tile of owners.keys()) if (leaving.has(owners.get(tile) as string)) owners.delete(tile);
      stay = { turn: turns.length, uses: [] };
      turns.push({ step: index, layer: layer.id, after: after.sort((a, b) => a - b) });
      there.set(layer.id, stay);
    }
    stay.uses.push(index);
    turnOf[index] = stay.turn;
  }
  return { turns, turnOf, partitions };
}

/** Numbers of the tiles that a layer lies on. */
export const tilesOf = ({ firstTile, tiles }: Pick<Layer, 'firstTile' | 'tiles'>): number[] =>
  Array.from({ length: tiles.length }, (_, i) => firstTile + i);

/**
 * By step: the first of those that no other image may come between, since a matrix that is made at run time is written in one
 * and read in another.
 */
function atomStarts(steps: readonly Step[], layers: ReadonlyMap<string, Layer>): Int32Array {
  const first = new Map<string, number>();
  const start = Int32Array.from(steps, ({ index }) => index);
  for (const { index, layer } of steps) {
    if (layer === undefined || layers.get(layer)?.dynamic !== true) continue;
    if (!first.has(layer)) first.set(layer, index);
    const from = start[first.get(layer) as number];
    for (let i = from; i <= index; i++) start[i] = Math.min(start[i], from);
  }
  return start;
}
