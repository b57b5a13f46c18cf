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
export const FLOORS: readonly (readonly Room[])[] = [
  [
    { path: 'base', holds: 'units, errors, fields, random numbers, version' },
    { path: 'sim', holds: 'time and events: kernel, queue, components, resources; knows no hardware' },
  ],
  [
    { path: 'pareto', holds: 'dominance, hypervolume, NSGA-II' },
    { path: 'wasm', holds: 'one emitter of WebAssembly, its memory and its threads' },
    { path: 'tech/circuit', holds: 'laws of cells, converters and lines' },
    { path: 'workload', holds: 'networks as graphs: ops, functions, attention, token rules, families' },
    { path: 'data/glyphs', holds: 'images drawn from a seed' },
    { path: 'data/grammar', holds: 'sentences drawn from a seed' },
    { path: 'data/races', holds: 'stories drawn from a seed' },
  ],
  [
    { path: 'wasm/node', holds: 'worker threads' },
    { path: 'tech', holds: 'what an action costs and what is noisy: cells, converters, buffers, routers' },
    { path: 'numerics/quantize', holds: 'operands in integers' },
    { path: 'numerics/execute/vector', holds: 'vector functions of whole matrices' },
    { path: 'workload/import', holds: 'weights from files' },
    { path: 'numerics/kernels', holds: 'plain matrix products in WebAssembly' },
  ],
  [
    { path: 'hw/noc', holds: 'networks on chip, a file a kind' },
    { path: 'numerics/noise', holds: 'random streams and the steps of a noisy cell' },
  ],
  [
    { path: 'data', holds: 'images, texts and arrays as inputs of networks' },
    { path: 'hw', holds: 'chip, tiles, PEs, crossbars and what they count' },
    { path: 'numerics/mvm', holds: 'what a crossbar computes: the definition' },
    { path: 'train/wasm', holds: 'kernels of training' },
  ],
  [
    { path: 'data/node', holds: 'data on disk' },
    { path: 'arch', holds: 'chips as files: checked, expanded, built' },
    { path: 'numerics/mvm/wasm', holds: 'crossbars in WebAssembly' },
    { path: 'numerics/mvm/gpu', holds: 'crossbars by GPU.js' },
    { path: 'numerics/execute', holds: 'networks in float, in integers and on crossbars' },
    { path: 'train/network', holds: 'layers with their derivatives' },
  ],
  [
    { path: 'report', holds: 'results as tables, CSV, figures and traces' },
    { path: 'map', holds: 'graphs to tiles and steps' },
    { path: 'train/step', holds: 'one step over all threads' },
    { path: 'numerics/mvm/node', holds: 'crossbars on threads' },
  ],
  [
    { path: 'run', holds: 'one run, from files to a Result' },
    { path: 'report/page', holds: 'the script inside a report' },
    { path: 'train/variation', holds: 'what crossbars do to a forward pass' },
    { path: 'train/node', holds: 'training on threads' },
  ],
  [
    { path: 'run/node', holds: 'files of this machine' },
    { path: 'train', holds: 'training, with crossbars in the forward pass' },
    { path: 'accuracy', holds: 'networks on labelled data' },
  ],
  [
    { path: 'explore', holds: 'comparisons and microbenchmarks' },
    { path: 'optimize', holds: 'which encoders reuse attention' },
  ],
  [
    { path: 'explore/xbar/node', holds: 'errors of crossbars on threads' },
    { path: 'explore/studies/node', holds: 'studies on threads and machines, kept in a folder' },
    { path: 'explore/systems/node', holds: 'runs of networks on threads' },
    { path: 'optimize/node', holds: 'optimisation kept in a folder' },
    { path: 'search', holds: 'free search with NSGA-II' },
    { path: 'validate', holds: 'published results against ours' },
  ],
  [
    { path: 'search/node', holds: 'search kept in a folder' },
    { path: 'index.ts', holds: 'the library in a browser' },
  ],
  [{ path: 'index.node.ts', holds: 'the library on Node' }],
  [{ path: 'cli', holds: 'the command line' }],
];

/** The room of a file, by the longest path; undefined for a file that has no place. */
export function roomOf(file: string): { readonly room: Room; readonly floor: number } | undefined {
  const all = FLOORS.flatMap((rooms, floor) => rooms.map(room => ({ room, floor })));
  return all
    .filter(({ room: { path } }) => file === path || file.startsWith(`${path}/`))
    .sort((a, b) => b.room.path.length - a.room.path.length)[0];
}

/** A folder named node is a room of its own: what may touch Node does not hide in one that runs in a browser. */
function hasPlace(file: string): boolean {
  const own = roomOf(file);
  return own !== undefined && (!file.includes('/node/') || own.room.path.endsWith('/node'));
}

/** What breaks the rule, a line each: files without a place, imports that lead nowhere, up or to a neighbour. */
export function floorProblems(tree: Tree): string[] {
  const files = [...tree.keys()];
  const homeless = files
    .filter(file => !hasPlace(file))
    .map(file => `${file} has no place in scripts/architecture/floors.ts`);
  const foreign = files
    .filter(file => !file.endsWith('.ts') || file.endsWith('.d.ts'))
    .map(file => `${file}: the source is .ts files`);
  const wrong = importsWithin(tree).flatMap(({ from, to }) => {
    if (!to.endsWith('.ts')) return [`${from}: the import of ${to} does not end in .ts`];
    if (!tree.has(to)) return [`${from} imports ${to}, which is not there`];
    const [own, other] = [roomOf(from), roomOf(to)];
    if (own === undefined || other === undefined || own.room === other.room) return [];
    if (other.floor < own.floor) return [];
    const how = other.floor === own.floor ? 'a neighbour' : 'a floor above';
    return [`${from} (${own.room.path}) imports ${to} (${other.room.path}): ${how}`];
  });
  return [...homeless, ...foreign, ...wrong];
}

/** Listed rooms in which no file stands. */
export const emptyRooms = (tree: Tree): string[] =>
  FLOORS.flat()
    .map(({ path }) => path)
    .filter(path => ![...tree.keys()].some(file => roomOf(file)?.room.path === path));
