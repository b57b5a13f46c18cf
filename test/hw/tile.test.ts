import test from 'ava';
import type { TileGroup } from '../../src/hw/fold.ts';
import { slotOf, type TileShare } from '../../src/hw/program.ts';
import { Tile, type TileParams } from '../../src/hw/tile.ts';
import {
  Bench,
  bufferParams,
  endsAt,
  macroCost,
  tileGroups,
  tileParams,
  tileShare,
} from '../helpers/blocks.ts';

const READ = 0;
const WRITE = 1;

function tileOf(bench: Bench, share: TileShare, params: Partial<TileParams> = {}): Tile {
  return groupOf(bench, tileGroups([share])[0], tileParams(params));
}

function groupOf(bench: Bench, group: TileGroup, params: TileParams): Tile {
  const isWrite = (step: number): boolean => step === WRITE;
  const result = (_: Tile, slot: number): void => bench.done(slot);
  const name = `tile[${group.first}]`;
  return new Tile(bench.root, name, params, group, macroCost(), bench.ledger, isWrite, result);
}

test('PEs of a tile work at the same time: a vector takes as long as the fullest PE', t => {
  const bench = new Bench();
  tileOf(bench, tileShare([8, 8, 3])).receive(slotOf(READ, 0));
  endsAt(t, bench, slotOf(READ, 0), 800);
});

test('arrays of a tile are programmed PE by PE at the same time', t => {
  const bench = new Bench();
  tileOf(bench, tileShare([8, 8, 3])).receive(slotOf(WRITE, 0));
  endsAt(t, bench, slotOf(WRITE, 0), 8000);
});

test('a vector passes the tile buffer, the PEs, the accumulator and the tile buffer again', t => {
  const bench = new Bench();
  const buffer = bufferParams({ component: 'buffer.tile', portBits: 32, cycle: 10 });
  const accumulator = { component: 'accumulator.tile', latency: 7, add_J: 1 };
  tileOf(bench, tileShare([2, 2]), { buffer, accumulator }).receive(slotOf(READ, 0));
  // 64 bits in: 2 cycles; two reads; the sum; 96 bits out: 3 cycles.
  endsAt(t, bench, slotOf(READ, 0), 20 + 200 + 7 + 30);
});

test('results of one vector and inputs of the next share the port of the tile buffer', t => {
  const bench = new Bench();
  const buffer = bufferParams({ component: 'buffer.tile', portBits: 32, cycle: 100 });
  const tile = tileOf(bench, tileShare([2]), { buffer });
  for (const job of [0, 1, 2]) tile.receive(slotOf(READ, job));
  // Inputs hold the port until 200, 400 and 600; reads end at 400, 600, 800; results take 300 each from 600 on.
  endsAt(t, bench, slotOf(READ, 0), 900);
  endsAt(t, bench, slotOf(READ, 1), 1200);
  endsAt(t, bench, slotOf(READ, 2), 1500);
});

test('the tile accumulator adds what leaves the PEs, the H-tree carries inputs to PEs and results back', t => {
  const bench = new Bench();
  const tile = tileOf(bench, tileShare([8, 8, 3]));
  tile.receive(slotOf(READ, 0));
  tile.receive(slotOf(WRITE, 0));
  bench.kernel.run();
  t.deepEqual(bench.counts('accumulator.tile additions'), [3 * 4, 0, 0]);
  // Read: 32 bits to each of three PEs, 96 bits back. Write: the weights.
  t.deepEqual(bench.counts('tile H-tree bits'), [3 * 32 + 96, 128, 0]);
  // The buffer takes inputs once, gives them to the H-tree once, and holds the results.
  t.deepEqual(bench.counts('buffer.tile written bits'), [64 + 96, 128, 0]);
  t.deepEqual(bench.counts('buffer.tile read bits'), [64 + 96, 128, 0]);
});

test('folded PEs and tiles give the times and the counts of separate ones', t => {
  const buffer = bufferParams({ component: 'buffer.tile', portBits: 32, cycle: 10 });
  const shares = [tileShare([8, 8, 8, 3]), tileShare([8, 8, 8, 3]), tileShare([8, 3, 3])];
  const runs = [false, true].map(fold => {
    const bench = new Bench();
    const tiles = tileGroups(shares, fold).map(group => groupOf(bench, group, tileParams({ buffer })));
    t.deepEqual(
      tiles.map(tile => tile.pes.length),
      fold ? [2] : [4, 4, 3],
    );
    for (const slot of [slotOf(READ, 0), slotOf(READ, 1)]) for (const tile of tiles) tile.receive(slot);
    const read = bench.kernel.run();
    for (const tile of tiles) tile.receive(slotOf(WRITE, 0));
    const written = bench.kernel.run();
    return { read, written, counts: bench.ledger.meters.map(m => [m.action, [...m.counts]]) };
  });
  t.deepEqual(runs[0], runs[1]);
});

test('tiles whose ports take another number of cycles are not folded together', t => {
  // Ports of 32 bits: 64 and 65 bits take 2 and 3 cycles, 33 and 64 both take 2.
  const groups = (inputBits: readonly number[]): number[] =>
    tileGroups(
      inputBits.map(bits => tileShare([8], { inputBits: bits })),
      true,
    ).map(group => group.count);
  t.deepEqual(groups([64, 65]), [1, 1]);
  t.deepEqual(groups([64, 33, 64]), [3]);
});
