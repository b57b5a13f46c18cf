import test from 'ava';
import type { FoldedTile } from '../../src/hw/fold.ts';
import { slotOf, type TileBlock } from '../../src/hw/program.ts';
import { Tile, type TileParams } from '../../src/hw/tile.ts';
import {
  Bench,
  bufferParams,
  endsAt,
  foldedTiles,
  layerJobs,
  macroCost,
  tileBlock,
  tileParams,
} from '../helpers/blocks.ts';

const READ = 0;
const WRITE = 1;
/** One kind of crossbar, whose tiles share its meters. */
const COST = macroCost();

function tileOf(bench: Bench, share: TileBlock, params: Partial<TileParams> = {}): Tile {
  return groupOf(bench, foldedTiles([share])[0], tileParams(params));
}

function groupOf(bench: Bench, group: FoldedTile, params: TileParams): Tile {
  return new Tile(bench.root, `tile[${group.first}]`, {
    params,
    block: group,
    cost: COST,
    ledger: bench.ledger,
    jobs: layerJobs(),
    onRead: bench.done,
    onWritten: bench.done,
  });
}

test('PEs of a tile work at the same time: a vector takes as long as the fullest PE', t => {
  const bench = new Bench();
  tileOf(bench, tileBlock([8, 8, 3])).read(slotOf(READ, 0));
  endsAt(t, bench, slotOf(READ, 0), 800);
});

test('arrays of a tile are programmed PE by PE at the same time', t => {
  const bench = new Bench();
  tileOf(bench, tileBlock([8, 8, 3])).write(slotOf(WRITE, 0));
  endsAt(t, bench, slotOf(WRITE, 0), 8000);
});

test('a vector passes the tile buffer, the PEs, the accumulator and the tile buffer again', t => {
  const bench = new Bench();
  const buffer = bufferParams({ level: 'tile', portBits: 32, cycle: 10 });
  const accumulator = { level: 'tile', latency: 7, add_J: 1 } as const;
  tileOf(bench, tileBlock([2, 2]), { buffer, accumulator }).read(slotOf(READ, 0));
  // 64 bits in: 2 cycles; two reads; the sum; 96 bits out: 3 cycles.
  endsAt(t, bench, slotOf(READ, 0), 20 + 200 + 7 + 30);
});

test('the H-tree of a tile takes its time on the way to the PEs and back', t => {
  const bench = new Bench();
  tileOf(bench, tileBlock([2, 2]), { wire: 15 }).read(slotOf(READ, 0));
  endsAt(t, bench, slotOf(READ, 0), 15 + 200 + 15);
});

test('weights take the time of the H-tree once', t => {
  const bench = new Bench();
  tileOf(bench, tileBlock([8]), { wire: 15 }).write(slotOf(WRITE, 0));
  endsAt(t, bench, slotOf(WRITE, 0), 15 + 8000);
});

test('results of one vector and inputs of the next share the port of the tile buffer', t => {
  const bench = new Bench();
  const buffer = bufferParams({ level: 'tile', portBits: 32, cycle: 100 });
  const tile = tileOf(bench, tileBlock([2]), { buffer });
  for (const job of [0, 1, 2]) tile.read(slotOf(READ, job));
  // Inputs hold the port until 200, 400 and 600; reads end at 400, 600, 800; results take 300 each from 600 on.
  endsAt(t, bench, slotOf(READ, 0), 900);
  endsAt(t, bench, slotOf(READ, 1), 1200);
  endsAt(t, bench, slotOf(READ, 2), 1500);
});

test('the tile accumulator adds what leaves the PEs, the H-tree carries inputs to PEs and results back', t => {
  const bench = new Bench();
  const tile = tileOf(bench, tileBlock([8, 8, 3]));
  tile.read(slotOf(READ, 0));
  tile.write(slotOf(WRITE, 0));
  bench.kernel.run();
  t.deepEqual(bench.counts('accumulator.tile.add'), [3 * 4, 0, 0]);
  // Read: 32 bits to each of three PEs, 96 bits back. Write: the weights.
  t.deepEqual(bench.counts('htree.bit'), [3 * 32 + 96, 128, 0]);
  // The buffer takes inputs once, gives them to the H-tree once, and holds the results.
  t.deepEqual(bench.counts('buffer.tile.write'), [64 + 96, 128, 0]);
  t.deepEqual(bench.counts('buffer.tile.read'), [64 + 96, 128, 0]);
});

test('folded PEs and tiles give the times and the counts of separate ones', t => {
  const buffer = bufferParams({ level: 'tile', portBits: 32, cycle: 10 });
  const shares = [tileBlock([8, 8, 8, 3]), tileBlock([8, 8, 8, 3]), tileBlock([8, 3, 3])];
  const runs = [false, true].map(fold => {
    const bench = new Bench();
    const tiles = foldedTiles(shares, fold).map(group => groupOf(bench, group, tileParams({ buffer })));
    t.deepEqual(
      tiles.map(tile => tile.pes.length),
      fold ? [2] : [4, 4, 3],
    );
    for (const slot of [slotOf(READ, 0), slotOf(READ, 1)]) for (const tile of tiles) tile.read(slot);
    const read = bench.kernel.run();
    for (const tile of tiles) tile.write(slotOf(WRITE, 0));
    const written = bench.kernel.run();
    return { read, written, counts: bench.ledger.meters.map(m => [m.action, [...m.counts]]) };
  });
  t.deepEqual(runs[0], runs[1]);
});

test('tiles whose ports take another number of cycles are not folded together', t => {
  // Ports of 32 bits: 64 and 65 bits take 2 and 3 cycles, 33 and 64 both take 2.
  const groups = (inputBits: readonly number[]): number[] =>
    foldedTiles(
      inputBits.map(bits => tileBlock([8], { inputBits: bits })),
      true,
    ).map(group => group.count);
  t.deepEqual(groups([64, 65]), [1, 1]);
  t.deepEqual(groups([64, 33, 64]), [3]);
});
