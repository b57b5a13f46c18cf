/** Blocks that no component models: area and standing power of a published chip's table. */
import test from 'ava';
import { EXIT } from '../../src/base/errors.ts';
import type { Result } from '../../src/report/result.ts';
import { loadArch, loadModel } from '../../src/run/node/load.ts';
import { simulate } from '../../src/run/simulate.ts';
import { parseReuse } from '../../src/workload/reuse.ts';
import { failure } from './fixtures.ts';

async function run(extras?: string): Promise<Result> {
  const { arch } = loadArch('trex', { set: extras === undefined ? [] : [`extras=${extras}`] });
  const { model } = loadModel('deit-t', { set: ['model.encoders=1'] });
  return (await simulate({ arch, model, reuse: parseReuse('none', 1) })).result;
}
const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-12 * Math.abs(b);

test('an extra adds its area, and its power times the latency, on every chip, tile or PE', async t => {
  const without = await run();
  const list =
    '{name: a, per: chip, power: 1 W, area: 2 mm2}, {name: b, per: tile, count: 0.25, power: 4 mW}';
  const result = await run(`[${list}, {name: c, per: pe, area: 8 um2}]`);
  const { latency_s, tiles } = without;
  t.is(result.latency_s, latency_s);
  const row = (name: string) => result.breakdown.component.find(r => r.name === `extra.${name}`);
  t.true(near(row('a')!.energy_J, latency_s));
  t.is(row('a')!.area_m2, 2e-6);
  t.true(near(row('b')!.energy_J, tiles * 1e-3 * latency_s));
  t.true(near(row('c')!.area_m2!, tiles * 8 * 8e-12));
  t.true(near(result.energy_J, without.energy_J + (1 + tiles * 1e-3) * latency_s));
  const extras = result.breakdown.stage.find(r => r.name === 'extras');
  t.true(near(extras!.energy_J, result.energy_J - without.energy_J));
});

test('a chip without extras has no row for them', async t => {
  const { breakdown } = await run();
  t.false(breakdown.stage.some(row => row.name === 'extras'));
});

test('an extra is mistyped: the message says what was expected', t => {
  const bad = (extras: string) => failure(() => loadArch('trex', { set: [`extras=${extras}`] }));
  t.regex(bad('[{name: a, per: core}]').message, /expected one of chip, tile, pe, got "core"/);
  t.regex(bad('[{name: a, per: chip, powr: 1 W}]').message, /did you mean power/);
  t.regex(bad('[{name: a, per: chip}, {name: a, per: pe}]').message, /a is listed twice/);
  t.regex(bad('[{name: "a b", per: chip}]').message, /expected letters/);
  t.is(bad('[{name: a, per: chip, power: 1 mm2}]').exitCode, EXIT.usage);
});
