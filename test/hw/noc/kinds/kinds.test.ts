/** Networks as declared seams: the shipped kinds, and one that only this folder has. */
import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import type { ArchConfig } from '../../../../src/arch/config.ts';
import { gridFloorplan } from '../../../../src/hw/noc/floorplan.ts';
import { IdealNoc } from '../../../../src/hw/noc/ideal.ts';
import { type NocKind, nocKind } from '../../../../src/hw/noc/kind.ts';
import { NOC_KINDS } from '../../../../src/hw/noc/kinds/all.ts';
import { closedFormApplies } from '../../../../src/optimize/closed-form.ts';
import { Clock } from '../../../../src/sim/clock.ts';
import { Kernel } from '../../../../src/sim/kernel.ts';
import { apart, chip, network, run, tinyVit } from '../../../helpers/chips.ts';
import { Bus, kind as bus } from './bus.ts';

const SRC = new URL('../../../../../src/', import.meta.url);
const TINY = tinyVit();

/** trex-full with a network of `kind`. */
function chipWith(kind: NocKind, set: readonly string[] = []): ArchConfig {
  const arch = chip('trex-full', { set });
  return { ...arch, noc: { ...arch.noc, kind } };
}

test('a kind has the name of its file', t => {
  const files = readdirSync(new URL('hw/noc/kinds/', SRC)).filter(file => file !== 'all.ts');
  t.deepEqual(
    NOC_KINDS.map(kind => `${kind.name}.ts`),
    files.sort(),
  );
});

test('no file outside the folder of kinds compares a kind by its name', t => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map(file => file.replaceAll('\\', '/'))
    .filter(file => file.endsWith('.ts') && !file.startsWith('hw/noc/kinds/'));
  const names = NOC_KINDS.map(kind => kind.name).join('|');
  const comparison = new RegExp(`[!=]== '(${names})'|'(${names})' [!=]==|case '(${names})'`);
  t.deepEqual(
    files.filter(file => comparison.test(readFileSync(new URL(file, SRC), 'utf8'))),
    [],
  );
});

test('a bus from a test folder runs a network with its own area and energy, and no router of a mesh', async t => {
  const arch = chipWith(bus);
  const { result, machine } = await run(arch, TINY);
  const rows = new Map(result.breakdown.component.map(row => [row.name, row]));
  const { flits, packets } = machine.chip.noc.counts;
  t.true(flits > packets && packets > 0);
  t.is(rows.get('interconnect.router')?.energy_J ?? 0, 0);
  t.is(rows.get('interconnect.router')?.area_m2 ?? 0, 0);
  t.true(apart(rows.get('interconnect.link')?.energy_J ?? 0, flits * machine.noc.link_J) < 1e-9);
  t.is(rows.get('noc.bus')?.area_m2, arch.digital.controller.area);

  const meshed = await run(chip('trex-full'), TINY);
  const blocks = meshed.machine.noc.blocks.reduce((sum, { area_m2 }) => sum + area_m2, 0);
  t.true(apart(meshed.result.area_m2 - blocks + arch.digital.controller.area, result.area_m2) < 1e-9);
});

test('a bus that is not counted costs nothing', async t => {
  const { result } = await run(chipWith(bus, ['accounting.interconnect=omitted']), TINY);
  const rows = result.breakdown.component.filter(({ name }) => /^(interconnect|noc)\./.test(name));
  t.deepEqual(
    rows.filter(row => row.energy_J !== 0 || (row.area_m2 ?? 0) !== 0),
    [],
  );
});

test('transfers of a bus wait for each other', t => {
  const kernel = new Kernel();
  const noc = new Bus(kernel, 'bus', 4, new Clock(kernel, 10));
  const seen: number[][] = [];
  noc.onDeliver = (node, tag) => seen.push([node, tag, kernel.now]);
  noc.send(0, 1, 3, 7);
  noc.send(2, 3, 2, 8);
  kernel.run();
  t.deepEqual(seen, [
    [1, 7, 30],
    [3, 8, 50],
  ]);
});

test('images on a clocked network begin at an edge: each takes as long as the first', async t => {
  const [one, three] = await Promise.all([1, 3].map(images => run(chipWith(bus), TINY, { images })));
  t.is(three.result.latency_s, one.result.latency_s);
});

test('no closed form is taken for a chip with a bus', t => {
  const paper = chip('trex');
  t.is(closedFormApplies(network('deit-s'), paper), undefined);
  const why = closedFormApplies(network('deit-s'), { ...paper, noc: { ...paper.noc, kind: bus } });
  t.is(why, 'its network is a bus');
});

test('a kind that declares nothing for area, or nothing for energy, does not compile', t => {
  const { name, options, timeless, broadcasts, clocked, foldTiles, nearHub, closedForm } = bus;
  const declared = {
    name,
    options,
    timeless,
    broadcasts,
    clocked,
    foldTiles,
    nearHub,
    closedForm,
    floorplan: (tiles: number) => gridFloorplan(tiles),
  };
  const build = (parent: ConstructorParameters<typeof IdealNoc>[0]) => new IdealNoc(parent, 'noc', 2);
  const energy = () => ({ router_J: 0, link_J: 0, clock_J: 0, stages: 0 });
  const blocks = () => [];
  // @ts-expect-error: no blocks, so no area
  nocKind({ ...declared, build, energy });
  // @ts-expect-error: no energy
  nocKind({ ...declared, build, blocks });
  // @ts-expect-error: no energy of a router
  nocKind({ ...declared, build, blocks, energy: () => ({ link_J: 0, clock_J: 0, stages: 0 }) });
  t.is(nocKind({ ...declared, build, energy, blocks }).name, 'bus');
});
