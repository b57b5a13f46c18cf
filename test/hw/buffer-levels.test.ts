/** Levels of buffers: those that every chip has, and those that a file lists. */
import test from 'ava';
import { bufferPlaces } from '../../src/arch/buffers.ts';
import { valueAt } from '../../src/arch/finding.ts';
import { loadArch } from '../../src/run/node/load.ts';
import { chip, run, tinyVit } from '../helpers/chips.ts';

const full = chip('trex-full');
const LISTED = '{capacity: 64 KiB, port: 256 bit, ports: 1}';
const listed = (per: string, config = LISTED) =>
  chip('trex-full', { set: [`buffers=[{name: l2, per: ${per}, ${config.slice(1, -1)}}]`] });

test('every level of buffers has a place in the file, and no two have the same', t => {
  const places = bufferPlaces(full);
  for (const { level, path, config } of places) t.is(valueAt(full, path), config, level);
  t.is(new Set(places.map(({ path }) => path.join('.'))).size, places.length);
});

test('every level takes room on the chip and energy in a run, and none does where buffers are omitted', async t => {
  const rows = async (arch: typeof full) => (await run(arch, tinyVit())).result.breakdown.component;
  const arch = listed('tile');
  const counted = await rows(arch);
  const omitted = await rows({ ...arch, accounting: { ...arch.accounting, buffers: 'omitted' } });
  for (const { level } of bufferPlaces(arch)) {
    const row = counted.find(({ name }) => name === `buffer.${level}`);
    t.true((row?.energy_J ?? 0) > 0 && (row?.area_m2 ?? 0) > 0, level);
    t.is(
      omitted.find(({ name }) => name === `buffer.${level}`),
      undefined,
    );
  }
});

test('a chip has as many buffers of a level as blocks that carry one', async t => {
  for (const per of ['chip', 'tile', 'pe']) {
    const arch = listed(per);
    const { machine, result } = await run(arch, tinyVit());
    const tiles = machine.placement.chipTiles;
    const blocks = { chip: 1, tile: tiles, pe: tiles * arch.tile.pes };
    for (const place of bufferPlaces(arch)) {
      const row = result.breakdown.component.find(({ name }) => name === `buffer.${place.level}`);
      t.is(
        row?.area_m2,
        blocks[place.per] * machine.cost.buffers[place.level].area_m2,
        `${per} ${place.level}`,
      );
    }
  }
});

test('a listed level takes what its block takes: an equal second one costs as much again', async t => {
  const energy = async (arch: typeof full, name: string) =>
    (await run(arch, tinyVit())).result.breakdown.component.find(row => row.name === name)?.energy_J;
  const { pe } = full;
  const same = `{capacity: ${pe.buffer.capacity / 1024} KiB, port: ${pe.buffer.port} bit, ports: 1}`;
  const arch = listed('pe', same);
  t.is(await energy(arch, 'buffer.level.l2'), await energy(full, 'buffer.pe'));
});

test('every vector waits for a listed level, and folding changes nothing', async t => {
  const latency = async (arch: typeof full, fold = true) => {
    const { result } = await run(arch, tinyVit(), { fold });
    return [result.latency_s, result.energy_J];
  };
  const [plain] = await latency(full);
  for (const per of ['chip', 'tile', 'pe']) {
    const arch = listed(per);
    const [folded, energy] = await latency(arch);
    t.true(folded > plain, per);
    const [unfolded, same] = await latency(arch, false);
    t.is(folded, unfolded, per);
    t.true(Math.abs(energy - same) <= 1e-12 * energy, per);
  }
});

test('a listed level that a vector does not fit is refused by its place, and so is a name used twice', async t => {
  const small = listed('tile', '{capacity: 4 B, port: 32 bit, ports: 1}');
  await t.throwsAsync(() => run(small, tinyVit()), { message: /does not fit buffers\.0/ });
  const twice = `buffers=[{name: a, per: tile, ${LISTED.slice(1, -1)}}, {name: a, per: pe, ${LISTED.slice(1, -1)}}]`;
  t.throws(() => loadArch('trex-full', { set: [twice] }), { message: /a is listed twice/ });
});
