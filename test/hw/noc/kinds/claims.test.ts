/** What kinds of networks say of themselves, tried on every kind that there is, with every way to spread a vector. */
import test from 'ava';
import type { ArchConfig } from '../../../../src/arch/config.ts';
import { NOC_KINDS } from '../../../../src/hw/noc/kinds/all.ts';
import { copiesFlits } from '../../../../src/hw/noc/noc.ts';
import { closedForm, closedFormApplies } from '../../../../src/optimize/closed-form.ts';
import { toTicks } from '../../../../src/sim/tick.ts';
import { apart, chip, run, tinyVit } from '../../../helpers/chips.ts';

/** Many tiles of one PE, so that layers have several that are alike. */
const SMALL_TILES = ['tile.pes=1', 'pe.crossbars=4'];
const MODEL = tinyVit({ dim: 192, heads: 3, mlpRatio: 4 });

const chipOf = (name: string, kind: (typeof NOC_KINDS)[number]['name'], set: readonly string[]): ArchConfig =>
  chip(name, { set: [`noc.kind=${kind}`, ...set] });

for (const kind of NOC_KINDS) {
  for (const broadcast of kind.broadcasts) {
    test(`${kind.name}, ${broadcast}: tiles and PEs that are simulated once give what all of them give`, async t => {
      const arch = chipOf('trex-full', kind.name, [`noc.broadcast=${broadcast}`, ...SMALL_TILES]);
      const [folded, unfolded] = await Promise.all([true, false].map(fold => run(arch, MODEL, { fold })));
      t.deepEqual({ ...folded.result, events: 0 }, { ...unfolded.result, events: 0 });
      t.deepEqual(folded.layers, unfolded.layers);
      const tiles = ({ machine }: typeof folded): number => machine.chip.engine.tiles.length;
      if (kind.foldTiles) t.true(tiles(folded) < tiles(unfolded));
      else t.is(tiles(folded), tiles(unfolded));
    });

    test(`${kind.name}, ${broadcast}: its routers copy flits exactly where it offers trees`, async t => {
      const arch = chipOf('trex-full', kind.name, [`noc.broadcast=${broadcast}`]);
      const { machine } = await run(arch, tinyVit());
      t.is(copiesFlits(machine.chip.noc), (kind.broadcasts as readonly string[]).includes('tree'));
    });
  }

  test(`${kind.name}: the closed form gives what its events give, or is not taken`, async t => {
    const arch = chipOf('trex', kind.name, []);
    const model = tinyVit({ dim: 256, heads: 4, mlpRatio: 4, imageSize: 96 });
    const why = closedFormApplies(model, arch);
    if (!kind.closedForm) {
      t.is(why, `its network is a ${kind.name}`);
      return;
    }
    t.is(why, undefined);
    const closed = closedForm(model, arch, 0);
    const { result } = await run(arch, model);
    t.is(toTicks(closed.latency_s), toTicks(result.latency_s));
    t.true(apart(closed.energy_J, result.energy_J) < 1e-9);
    t.true(apart(closed.area_m2, result.area_m2) < 1e-9);
  });
}
