/** The floors of src/: which room stands where, and the one rule: imports go down. */
import { importsWithin, type Tree } from './imports.ts';

export interface Room {
  /** A folder of src/ with everything below it that is not a room of its own, or a file of src/ itself. */
  readonly path: string;
  /** What it is for, in a few words. */
  readonly holds: string;
}

/**
 * From the ground up. Rooms of one floor do not know each other. What a room imports lies on a lower floor or in the
 * room itself; circles of files inside a room are found by the linter.
 */
export const FLOORS: readonly (readonly Room[])[] = [];

/** The room of a file, by the longest path; undefined for a file that has no place. */
export function roomOf(file: string): { readonly room: Room; readonly floor: number } | undefined {
  const all = FLOORS.flatMap((rooms, floor) => rooms.map(room => ({ room, floor })));
  return all
    .filter(({ room: { path } }) => file === path || file.startsWith(`${path}/`))
    .sort((a, b) => b.room.path.length - a.room.path.length)[0];
}

/** What breaks the rule, a line each: files without a place, imports that lead nowhere, up or to a neighbour. */
export function floorProblems(tree: Tree): string[] {
  const homeless = [...tree.keys()]
    .filter(file => roomOf(file) === undefined)
    .map(file => `${file} has no place in scripts/architecture/floors.ts`);
  const wrong = importsWithin(tree).flatMap(({ from, to }) => {
    if (!to.endsWith('.ts')) return [`${from}: the import of ${to} does not end in .ts`];
    if (!tree.has(to)) return [`${from} imports ${to}, which is not there`];
    const [own, other] = [roomOf(from), roomOf(to)];
    if (own === undefined || other === undefined || own.room === other.room) return [];
    if (other.floor < own.floor) return [];
    const how = other.floor === own.floor ? 'a neighbour' : 'a floor above';
    return [`${from} (${own.room.path}) imports ${to} (${other.room.path}): ${how}`];
  });
  return [...homeless, ...wrong];
}

/** Listed rooms in which no file stands. */
export const emptyRooms = (tree: Tree): string[] =>
  FLOORS.flat()
    .map(({ path }) => path)
    .filter(path => ![...tree.keys()].some(file => roomOf(file)?.room.path === path));
