/** Folding: blocks that do the same things at the same times are simulated once, and counted with all that they stand for. */
import { sum } from '../base/sum.ts';
import type { Tick } from '../sim/tick.ts';
import type { Fill } from '../tech/circuit/fill.ts';
import { type BufferParams, portCycles } from './buffer.ts';
import type { Fills, Layer, PeBlock, TileBlock } from './program.ts';

/** Blocks in lock-step: one that is simulated, and the sums over all of them. */
export interface Folded<Block> {
  readonly one: Block;
  readonly count: number;
  readonly all: Block;
}

/** Tiles in lock-step. */
export interface FoldedTile extends Folded<Omit<TileBlock, 'pes' | 'inputs'>> {
  /** Position of the simulated tile in its layer. */
  readonly first: number;
  /** Which inputs the simulated one needs. */
  readonly inputs: string;
  /** All PEs of all the tiles. */
  readonly pes: readonly Folded<PeBlock>[];
}

/** Whether tiles and PEs fold. */
export interface FoldRule {
  /** Exact only where all tiles get a vector at the same tick. */
  readonly tiles: boolean;
  readonly pes: boolean;
}

/** Names the times that a crossbar takes when a matrix fills it so: those of one name take the same ones. */
type TimesOf = (fill: Fill) => string;

/** Times of crossbars, as far as those in lock-step take the same ones. */
export interface FoldTimes {
  readonly timesOf: TimesOf;
  /** To program a part of one; 0: it stays as it is. */
  readonly writeOf: (part: Fill) => Tick;
}

type Port = Pick<BufferParams, 'cycle' | 'portBits'>;

/** The buffers whose ports a vector passes on its way into a tile and a PE. */
export interface FoldedPorts {
  readonly tile: readonly Port[];
  readonly pe: readonly Port[];
}

/** Groups the tiles of a layer whose PEs and ports take the same times, and likewise the PEs of the tiles of a group. */
export function foldLayer(
  { tiles }: Pick<Layer, 'tiles'>,
  ports: FoldedPorts,
  rule: FoldRule,
  { timesOf, writeOf }: FoldTimes,
): FoldedTile[] {
  const writeKey = ({ written }: PeBlock): string =>
    written === undefined ? '' : `/${written.map(part => `${part.count} ${writeOf(part)}`).join(', ')}`;
  const peKey = (pe: PeBlock, i: number): string =>
    rule.pes ? `${fillKey(pe, timesOf)}/${cyclesAt(ports.pe, pe.inputBits)}${writeKey(pe)}` : String(i);
  const peKeys = tiles.map(tile => tile.pes.map(peKey));
  const tileKey = (tile: TileBlock, i: number): string => {
    if (!rule.tiles) return String(i);
    const pes = [...new Set(peKeys[i])].sort().join(' ');
    const cycles = [tile.inputBits, tile.outputBits, tile.weightBits].map(bits => cyclesAt(ports.tile, bits));
    return `${pes} ${cycles.join('/')}`;
  };
  // Tiles that hold nothing yet have no work.
  const used = groupBy(tiles, tileKey).filter(([{ item }]) => item.crossbars > 0);
  return used.map(group => {
    const blocks = group.map(({ item }) => item);
    const pes = groupBy(
      group.flatMap(({ item, index }) => item.pes.map((pe, i) => ({ pe, key: peKeys[index][i] }))),
      ({ key }) => key,
    );
    return {
      one: blocks[0],
      count: group.length,
      all: {
        crossbars: sum(blocks, b => b.crossbars),
        inputBits: sum(blocks, b => b.inputBits),
        outputBits: sum(blocks, b => b.outputBits),
        outputs: sum(blocks, b => b.outputs),
        partials: sum(blocks, b => b.partials),
        weightBits: sum(blocks, b => b.weightBits),
      },
      first: group[0].index,
      inputs: blocks[0].inputs,
      pes: pes.map(alike => foldPes(alike.map(({ item }) => item.pe))),
    };
  });
}

/** Whether a tile that is simulated for one of the blocks can be so for the other: the same crossbars, of which a write programs the same ones. */
export const isSamePattern = (a: FoldedTile, b: FoldedTile): boolean =>
  a === b ||
  (a.first === b.first &&
    a.pes.length === b.pes.length &&
    a.pes.every((pe, i) => pe.one === b.pes[i].one || patternOf(pe.one) === patternOf(b.pes[i].one)));

/** Crossbars in their order, by whether a write programs them. */
function patternOf({ crossbars, written }: PeBlock): string {
  if (written === undefined) return `${crossbars}`;
  const runs: number[] = [];
  let before: boolean | undefined;
  for (const { rows, count } of written) {
    const own = rows > 0 ? count : -count;
    if (rows > 0 === before) runs[runs.length - 1] += own;
    else runs.push(own);
    before = rows > 0;
  }
  return runs.join(' ');
}

const foldPes = (blocks: readonly PeBlock[]): Folded<PeBlock> => ({
  one: blocks[0],
  count: blocks.length,
  all: {
    crossbars: sum(blocks, b => b.crossbars),
    inputBits: sum(blocks, b => b.inputBits),
    outputs: sum(blocks, b => b.outputs),
    fills: merged(blocks.flatMap(b => b.fills)),
    ...(blocks[0].written !== undefined && { written: merged(blocks.flatMap(b => b.written ?? [])) }),
  },
});

/** The times of a PE's crossbars in their order. */
const fillKey = ({ fills }: PeBlock, timesOf: TimesOf): string => {
  const runs = groupBy(fills, timesOf);
  return runs.length === 1
    ? `${sum(fills, f => f.count)} ${timesOf(fills[0])}`
    : fills.map(f => `${f.count} ${timesOf(f)}`).join(', ');
};

/** Crossbars that are filled alike, together. */
const merged = (fills: readonly Fills[]): Fills[] =>
  groupBy(fills, f => `${f.rows} x ${f.cols}`).map(alike => {
    const [{ rows, cols }] = alike.map(({ item }) => item);
    return { rows, cols, count: sum(alike, ({ item }) => item.count) };
  });

/** Accesses at each port; 0 where they take no time. */
const cyclesAt = (ports: readonly Port[], bits: number): string =>
  ports.map(port => (port.cycle === 0 ? 0 : portCycles(port, bits))).join(',');

/** In the order of first appearance. */
function groupBy<T>(items: readonly T[], keyOf: (item: T, index: number) => string) {
  const groups = new Map<string, { item: T; index: number }[]>();
  items.forEach((item, index) => {
    const key = keyOf(item, index);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [{ item, index }]);
    else group.push({ item, index });
  });
  return [...groups.values()];
}
