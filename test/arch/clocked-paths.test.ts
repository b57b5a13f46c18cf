/** Paths that the chip's clock times: cycles by their technology, a warning that names them, and who pays. */
import test from 'ava';
import { chipCost, chipNoc, nocCycle } from '../../src/arch/build.ts';
import { clockedPaths } from '../../src/arch/clocked-paths.ts';
import type { Mesh } from '../../src/hw/noc/mesh.ts';
import { loadArch } from '../../src/run/node/load.ts';
import { Clock } from '../../src/sim/clock.ts';
import { Bench } from '../helpers/blocks.ts';
import { apart, chip, run, tinyVit } from '../helpers/chips.ts';

const at = (clock: string, set: readonly string[] = []) =>
  chip('trex-full', { set: [`chip.clock=${clock}`, ...set] });

const cyclesAt = (clock: string, set: readonly string[] = []): Record<string, number> =>
  Object.fromEntries(clockedPaths(at(clock, set)).map(({ key, cycles }) => [key, cycles]));

test('cycles follow the clock: 1.37 mm at 1 ns/mm, buffers by CACTI, logic by its delay', t => {
  t.true(apart(chipCost(at('1 GHz')).tileSide_m, 1.372e-3) < 1e-3);
  const slow = { tileWire: 1, link: 1, 'pe.buffer': 1, 'tile.buffer': 1, globalBuffer: 2, logic: 1 };
  t.deepEqual(cyclesAt('500 MHz'), slow);
  const shipped = { tileWire: 2, link: 2, 'pe.buffer': 1, 'tile.buffer': 2, globalBuffer: 4, logic: 1 };
  t.deepEqual(cyclesAt('1 GHz'), shipped);
  // A cycle of 10 ps: the network runs at 840 ps, two of which are a link.
  const fast = {
    tileWire: 138,
    link: 168,
    'pe.buffer': 69,
    'tile.buffer': 148,
    globalBuffer: 381,
    logic: 84,
  };
  t.deepEqual(cyclesAt('100 GHz'), fast);
});

test('a slower wire takes more cycles of a link', t => {
  t.is(cyclesAt('1 GHz', ['digital.wire.delay=0.5 ns/mm']).link, 1);
  t.is(cyclesAt('1 GHz', ['digital.wire.delay=3 ns/mm']).link, 5);
});

test('what the accounting leaves out has no time', t => {
  t.deepEqual(clockedPaths(chip('trex')), []);
});

test('a mesh has links of as many cycles, at the clock of the network', t => {
  const build = (clock: string): readonly [number, Mesh] => {
    const arch = at(clock);
    const cost = chipCost(arch);
    const { kernel, root } = new Bench();
    const noc = chipNoc(arch, cost, 8).build(root, new Clock(kernel, nocCycle(cost)));
    return [nocCycle(cost), noc as Mesh];
  };
  const links = (clock: string) => build(clock)[1].params.linkLatency_cycles;
  t.deepEqual([links('500 MHz'), links('1 GHz'), links('100 GHz')], [1, 2, 2]);
  t.deepEqual([build('1 GHz')[0], build('100 GHz')[0]], [1000, 840]);
});

test('one warning names the paths that a clock does not meet', t => {
  const warnings = (set: readonly string[]): string[] =>
    loadArch('trex-full', { set }).warnings.filter(text => /chip\.clock|noc\.depth/.test(text));
  t.deepEqual(warnings(['chip.clock=250 MHz']), []);
  t.deepEqual(warnings(['chip.clock=500 MHz']), [
    '--set chip.clock=500 MHz  chip.clock: paths that take more than a cycle of 2.000 ns: globalBuffer 3.81 ns (2 cycles)',
  ]);
  t.regex(
    warnings(['chip.clock=100 GHz'])[0],
    /link of one tile 1\.37 ns \(168 cycles, one every 84\).*globalBuffer 3\.81 ns \(381 cycles, one every 81\)/,
  );
  t.deepEqual(
    loadArch('trex').warnings.filter(text => text.includes('clock')),
    [],
  );
});

test('buffers that a long link outruns are named', t => {
  const depth = (set: readonly string[]) =>
    loadArch('trex-full', { set }).warnings.filter(text => text.includes('noc.depth'));
  t.deepEqual(depth(['noc.depth=7']), []);
  t.deepEqual(depth(['noc.depth=6']), [
    '--set noc.depth=6  noc.depth: a link of 2 cycles gives a credit back after 7: a packet passes 6 flits in 7 cycles',
  ]);
  t.regex(depth(['noc.depth=256'])[0], /4 x 256 = 1024 flits in flip-flops/);
});

test('a cycle is at least a picosecond, and one that is rounded says so', t => {
  const load = (clock: string) => loadArch('trex', { set: [`chip.clock=${clock}`] });
  t.throws(() => load('2 THz'), { message: /chip\.clock: expected at most 1 THz/ });
  t.regex(load('300 GHz').warnings.join('\n'), /chip\.clock: 300\.0 GHz is rounded to a cycle of 3 ps/);
  t.notRegex(load('1.2 GHz').warnings.join('\n'), /rounded/);
});

test('a clock a hundred times as fast gives no network and no buffer a hundred times the speed', async t => {
  const [one, hundred] = await Promise.all(['1 GHz', '100 GHz'].map(clock => run(at(clock), tinyVit())));
  t.true(hundred.result.latency_s > 0.8 * one.result.latency_s);
});

test('clocks of idle routers: what gating leaves of every cycle, and the rest in cycles with flits', async t => {
  const energy = async (gating: number) => {
    const { result, machine } = await run(at('1 GHz', [`digital.router.clockGating=${gating}`]), tinyVit());
    const row = result.breakdown.component.find(({ name }) => name === 'interconnect.clock');
    return { clock_J: row?.energy_J ?? 0, result, machine };
  };
  const [none, some, all] = await Promise.all([0, 0.9, 1].map(energy));
  // Without gating every router draws it in every cycle of 1 ns: 0.0688 pJ + 5 x 256 x 0.000696 pJ.
  const { nodes } = none.machine.chip.noc;
  const cycle_J = 0.0688e-12 + 5 * 256 * 0.000696e-12;
  t.true(apart(none.clock_J, nodes * cycle_J * (none.result.latency_s / 1e-9)) < 1e-9);
  t.true(apart(some.clock_J, 0.1 * none.clock_J + 0.9 * all.clock_J) < 1e-9);
  t.true(all.clock_J > 0 && all.clock_J < 0.1 * none.clock_J);
  const standing = none.result.breakdown.stage.find(({ name }) => name === 'idle clocks');
  t.true(apart(standing?.energy_J ?? 0, none.clock_J) < 1e-9);
  t.is(
    all.result.breakdown.stage.find(({ name }) => name === 'idle clocks'),
    undefined,
  );
});

test('16 virtual channels of 64 flits take more energy, area and leakage than one of 8', async t => {
  const bought = async (vcs: number, depth: number) => {
    const set = [`noc.virtualChannels=${vcs}`, `noc.depth=${depth}`];
    const { result, machine } = await run(at('1 GHz', set), tinyVit());
    const router = result.breakdown.component.find(({ name }) => name === 'interconnect.router');
    const leakage = machine.noc.blocks.find(({ component }) => component === 'interconnect.router');
    return [router?.energy_J ?? 0, router?.area_m2 ?? 0, leakage?.leakage_W ?? 0];
  };
  const [small, large] = await Promise.all([bought(1, 8), bought(16, 64)]);
  for (const [i, value] of small.entries()) t.true(large[i] > 20 * value, `${large[i] / value}`);
});
