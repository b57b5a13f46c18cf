import test from 'ava';
import { BUFFER_PLACES } from '../../src/arch/buffers.ts';
import { valueAt } from '../../src/arch/finding.ts';
import { BUFFER_LEVELS, bufferLevels, perLevel } from '../../src/hw/buffer-levels.ts';
import { chip, run, tinyVit } from '../helpers/chips.ts';

const full = chip('trex-full');

test('every level of buffers has a place in the file, and no two have the same', t => {
  for (const level of bufferLevels) {
    const { path, of } = BUFFER_PLACES[level];
    t.is(valueAt(full, path), of(full), level);
  }
  t.is(new Set(bufferLevels.map(level => BUFFER_PLACES[level].path.join('.'))).size, bufferLevels.length);
});

test('every level takes room on the chip and energy in a run, and none does where buffers are omitted', async t => {
  const rows = async (arch: typeof full) => (await run(arch, tinyVit())).result.breakdown.component;
  const counted = await rows(full);
  const omitted = await rows(chip('trex-full', { set: ['accounting.buffers=omitted'] }));
  for (const level of bufferLevels) {
    const row = counted.find(({ name }) => name === `buffer.${level}`);
    t.true((row?.energy_J ?? 0) > 0 && (row?.area_m2 ?? 0) > 0, level);
    t.is(
      omitted.find(({ name }) => name === `buffer.${level}`),
      undefined,
    );
  }
});

test('a chip has as many buffers of a level as blocks that carry one', async t => {
  const { machine, result } = await run(full, tinyVit());
  const tiles = machine.placement.chipTiles;
  const blocks = { chip: 1, tile: tiles, pe: tiles * full.tile.pes };
  const areas = perLevel(
    level => result.breakdown.component.find(row => row.name === `buffer.${level}`)?.area_m2,
  );
  t.deepEqual(
    areas,
    perLevel(level => blocks[BUFFER_LEVELS[level].per] * machine.cost.buffers[level].area_m2),
  );
});
