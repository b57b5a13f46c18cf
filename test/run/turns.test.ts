/** Chips smaller than the network: what stays, what takes turns, what that costs. */
import test from 'ava';
import { TrexError } from '../../src/base/errors.ts';
import { sum } from '../../src/base/sum.ts';
import { weightBitsOf } from '../../src/hw/program.ts';
import { batchWarnings } from '../../src/run/batch-warnings.ts';
import { fitReport } from '../../src/run/fit-report.ts';
import { noReuse } from '../../src/workload/reuse.ts';
import { apart, chip, run, tinyVit } from '../helpers/chips.ts';

/** 4 encoders of 6 layers and 2 matrices made at run time, of a tile each: 32 tiles. */
const model = tinyVit({ encoders: 4 });
const onTiles = (tiles: number | 'auto', ...set: string[]) =>
  chip('trex', { set: [`chip.tiles=${tiles}`, 'accounting.dram=counted', ...set] });

test('with enough tiles a chip of a fixed size runs as one that grows, to the byte', async t => {
  const text = async (tiles: number | 'auto') =>
    JSON.stringify(await run(onTiles(tiles), model), (key, value) => (key === 'machine' ? undefined : value));
  t.is(await text(32), await text('auto'));
});

test('one tile less is never faster, and never brings fewer bits from DRAM', async t => {
  let before = { latency_s: Number.POSITIVE_INFINITY, dramBits: Number.POSITIVE_INFINITY };
  for (let tiles = 3; tiles <= 32; tiles++) {
    const { result } = await run(onTiles(tiles), model);
    const { latency_s, turns } = result;
    t.true(latency_s <= before.latency_s, `${tiles} tiles`);
    before = { latency_s, dramBits: turns?.dramBits ?? 0 };
  }
  t.is(before.dramBits, 0);
});

test('matrices made at run time share arrays first: nothing is reloaded, and their cells wear', async t => {
  const { result } = await run(onTiles(26), model);
  t.deepEqual([result.turns?.reloaded.length, result.turns?.dramBits], [0, 0]);
  t.is(result.turns?.rewritten.length, 8);
  t.is(result.writes.perCellPerImage, 4); // K^T and V of four encoders on a tile each
  t.is(result.writes.images, 25_000); // of 100 000 programmings
  t.is(result.latency_s, (await run(onTiles('auto'), model)).result.latency_s);
});

test('DRAM brings the bits of the reloaded weights, and programming takes the energy of their arrays', async t => {
  const { result, layers, machine } = await run(onTiles(10), model);
  const { reloaded, dramBits, energy_J } = result.turns!;
  const placed = reloaded.map(id => machine.placement.layers.get(id)!);
  t.is(dramBits, sum(placed, weightBitsOf));
  const arrays = sum(placed, layer => layer.crossbars);
  t.true(apart(energy_J, arrays * 118e-12 + dramBits * 8e-12) < 1e-12);
  const reloads = layers.filter(row => row.kind === 'load');
  t.is(reloads.length, reloaded.length);
  t.true(
    apart(
      sum(reloads, row => row.energy_J),
      energy_J,
    ) < 1e-12,
  );
});

test('a reload takes latency and bits over bandwidth, then the arrays of a PE one after another', async t => {
  // 3 tiles: one for all known weights. The first, 128 x 128 on 2 x 2 x 4 arrays, is 16 384 bytes; a PE has 8 arrays.
  const { layers } = await run(onTiles(3), model);
  const [first] = layers.filter(row => row.kind === 'load');
  // The image, 3 x 32 x 32 bytes, came through the same port before.
  const image = 80_000 + 3072 / 0.0256;
  t.is(Math.round(first.end_s * 1e12), image + 80_000 + 16_384 / 0.0256 + 8 * 3_300_000);
});

test('a batch divides the reloads of a chip by its images, and each image keeps its matrices', async t => {
  const alone = (await run(onTiles(6), model, { images: 4 })).result;
  const batched = (await run(onTiles(6, 'schedule.batch=4'), model, { images: 4 })).result;
  t.is(batched.turns?.dramBits, alone.turns!.dramBits / 4);
  t.true(batched.throughput_Hz > alone.throughput_Hz);
  t.true(batched.latency_s > alone.latency_s);
  t.true(batched.energy_J < alone.energy_J);
  const write = (r: typeof alone): number =>
    sum(r.breakdown.component, c => (c.name === 'dram' ? c.energy_J : 0));
  t.true(write(batched) < write(alone));
  await t.throwsAsync(run(onTiles(6, 'schedule.batch=4'), model, { images: 6 }), {
    message: /whole batches of 4 .*such as 8/,
  });
});

test('a batch that does not come about is said', t => {
  const said = (tiles: number | 'auto', made: { batch: number; isReloaded: boolean }): string[] =>
    batchWarnings(onTiles(tiles, 'schedule.batch=4'), { tiles: 26, ...made });
  t.deepEqual(said(26, { batch: 1, isReloaded: false }), [
    'schedule.batch: has no effect, no weights are reloaded on 26 tiles',
  ]);
  t.deepEqual(said(6, { batch: 1, isReloaded: true }), [
    'schedule.batch: a batch of 1, not of 4: --images 4',
  ]);
  t.deepEqual(said(6, { batch: 4, isReloaded: true }), []);
});

test('folded or not, pipelined or on a mesh, a chip in turns does the same things and ends', async t => {
  const folded = (await run(onTiles(8), model)).result;
  const plain = (await run(onTiles(8), model, { fold: false })).result;
  t.is(plain.latency_s, folded.latency_s);
  t.true(apart(plain.energy_J, folded.energy_J) < 1e-12);
  for (const set of [
    ['schedule.encoder=token-pipelined'],
    ['noc.kind=mesh'],
    ['schedule.writes=overlapped'],
    ['schedule.attention=two-stream'],
  ])
    for (const tiles of [3, 9]) {
      const small = (await run(onTiles(tiles, ...set), model)).result;
      const whole = (await run(onTiles(32, ...set), model)).result;
      t.true(small.latency_s >= whole.latency_s, `${set} ${tiles}`);
      t.is(small.ops.run, whole.ops.run);
    }
});

test('an area holds the largest number of tiles within it', async t => {
  const { result } = await run(onTiles(20), model);
  const within = (area_m2: number) =>
    fitReport({ arch: onTiles('auto', `chip.area=${area_m2 * 1e6} mm2`), model, reuse: noReuse });
  t.is(within(result.area_m2 * 1.0001).tiles, 20);
  t.is(within(result.area_m2 * 0.9999).tiles, 19);
  t.is(within(result.area_m2 * 4).tilesUsed, 32);
  const error = t.throws(() => within(1e-7), { instanceOf: TrexError });
  t.regex(
    error.message,
    /^chip\.area: 0\.1000 mm2 is too small, the least chip for tiny has 3 tiles and takes 5\.7/,
  );
});

test('what fits is said before a run: tiles, who stays, bits from DRAM', async t => {
  const report = fitReport({ arch: onTiles(10), model, reuse: noReuse });
  const { result } = await run(onTiles(10), model);
  t.deepEqual([report.tilesNeeded, report.tiles, report.tilesUsed], [32, 10, 10]);
  t.is(report.dramBits, result.turns?.dramBits ?? 0);
  t.deepEqual(
    report.layers.filter(l => l.stay === 'reloaded').map(l => l.id),
    result.turns?.reloaded,
  );
});

test('what the global buffer does not hold goes to DRAM and comes back, for every use', async t => {
  const at = (capacity: string, ...set: string[]) =>
    onTiles('auto', 'accounting.buffers=counted', `globalBuffer.capacity=${capacity}`, ...set);
  const large = (await run(at('64 KiB'), model)).result;
  t.is(large.spill, undefined);
  let before = large;
  for (const capacity of ['1536 B', '1 KiB', '512 B']) {
    const { result, layers } = await run(at(capacity), model);
    const spilled = layers.filter(row => row.stage === 'spill');
    t.true(result.spill!.bits > (before.spill?.bits ?? 0), capacity);
    t.true(result.latency_s > before.latency_s, capacity);
    t.true(
      apart(
        sum(spilled, row => row.energy_J),
        result.spill!.energy_J,
      ) < 1e-12,
    );
    t.true(result.spill!.energy_J > result.spill!.bits * 8e-12);
    before = result;
  }
  for (const set of [
    'schedule.encoder=token-pipelined',
    'schedule.attention=fused',
    'schedule.writes=overlapped',
    'chip.tiles=9',
  ])
    t.true((await run(at('1 KiB', set), model)).result.spill!.bits > 0, set);
  const refused = async (message: RegExp, ...set: string[]) =>
    t.regex((await t.throwsAsync(run(at('1 KiB', ...set), model)))!.message, message);
  await refused(/global buffer holds 1 KiB.*chip\.overflow=dram/, 'chip.overflow=refuse');
  await refused(/accounting\.dram=counted/, 'accounting.dram=omitted');
  await refused(/a vector of .* does not fit globalBuffer/, 'globalBuffer.capacity=64 B');
});

test('a batch whose images keep more than the global buffer holds is one clear error', async t => {
  const arch = onTiles(4, 'schedule.batch=8', 'accounting.buffers=counted', 'globalBuffer.capacity=4 KiB');
  await t.throwsAsync(run(arch, model, { images: 8 }), {
    message: /schedule\.batch: between partitions 8 images keep /,
  });
});
