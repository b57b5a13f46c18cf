/** Comparisons of shipped files: the figures are those of the runs, the parts explain the whole, unfair ones are refused. */
import test from 'ava';
import { EXIT } from '../../../src/base/errors.ts';
import { type CompareOptions, compare } from '../../../src/explore/compare/compare.ts';
import { parseIso } from '../../../src/explore/compare/iso.ts';
import { compareTable } from '../../../src/report/compare-table.ts';
import type { Difference } from '../../../src/report/comparison.ts';
import { nodeFiles } from '../../../src/run/node/files.ts';
import { loadArch, loadModel } from '../../../src/run/node/load.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { parseReuse } from '../../../src/workload/reuse.ts';
import { failure } from '../../arch/fixtures.ts';

const options = (names: readonly string[], more: Partial<CompareOptions> = {}): CompareOptions => ({
  names,
  arch: null,
  tech: null,
  model: 'deit-t',
  reuse: 'none',
  tokens: null,
  set: ['model.encoders=1'],
  iso: ['node', 'precision', 'network'],
  target: null,
  trained: null,
  allow: [],
  ops: null,
  trials: 0,
  encoding: null,
  adcRange: 'layer',
  seed: 1,
  ...more,
});
const DEVICES = ['trex-fefet-32nm', 'trex-sram-32nm', 'trex-hybrid-32nm'];

const comparison = (options: CompareOptions) => compare(options, { files: nodeFiles });

async function refusal(action: Promise<unknown>): Promise<{ message: string; exitCode: number }> {
  const [outcome] = await Promise.allSettled([action]);
  return failure(() => {
    if (outcome.status === 'rejected') throw outcome.reason;
  });
}

test('each column is the run of its own, and ratios are to the first', async t => {
  const { subjects } = await comparison(options(DEVICES));
  const { model } = loadModel('deit-t', { set: ['model.encoders=1'] });
  const { arch } = loadArch('trex', { tech: 'trex-sram-32nm' });
  const { result } = await simulate({ arch, model, reuse: parseReuse('none', 1) });
  const [fefet, sram] = subjects;
  t.is(sram.name, 'trex-sram-32nm');
  t.is(sram.figures.energy_J, result.energy_J);
  t.is(sram.figures.latency_s, result.latency_s);
  t.is(sram.figures.area_m2, result.area_m2);
  t.is(sram.ratios.energy_J, sram.figures.energy_J / fefet.figures.energy_J);
  t.is(fefet.ratios.edap_Jsm2, 1);
});

test('what the components explain sums to the difference of the runs', async t => {
  const { subjects, why } = await comparison(options(['trex', 'trex-full']));
  const [before, after] = subjects.map(s => s.figures);
  const check = (whole: Difference, key: 'energy_J' | 'latency_s' | 'area_m2'): void => {
    const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * after[key];
    t.true(close(whole.difference, after[key] - before[key]), key);
    const sum = whole.rows.reduce((s, row) => s + row.difference, 0);
    t.true(close(sum, whole.difference), key);
  };
  t.is(why.length, 1);
  check(why[0].energy, 'energy_J');
  check(why[0].latency, 'latency_s');
  check(why[0].area, 'area_m2');
});

test('SRAM is faster than FeFET on TReX because of its writes', async t => {
  const { why } = await comparison(options(DEVICES));
  t.is(why[0].name, 'trex-sram-32nm');
  t.is(why[0].latency.rows[0].name, 'crossbar.write');
  t.is(why[0].area.rows[0].name, 'crossbar.adc');
});

test('leakage that is not counted is no number, wear and writes are those of the run', async t => {
  const { subjects } = await comparison(options(DEVICES));
  const [fefet, sram] = subjects;
  t.is(fefet.figures.leakage_W, null);
  t.is(fefet.ratios.leakage_W, null);
  t.is(sram.figures.lifetime_s, null);
  // One write of a cell in each image, and 1e5 of them.
  t.true(Math.abs((fefet.figures.lifetime_s as number) / (1e5 * fefet.figures.latency_s) - 1) < 1e-9);
  const writes = fefet.breakdown.component.find(row => row.name === 'crossbar.write');
  t.is(fefet.figures.writeEnergy_J, writes?.energy_J ?? 0);
  const text = compareTable(await comparison(options(DEVICES)));
  t.regex(text, /^leakage +not counted +not counted +not counted *$/m);
  t.regex(text, /^lifetime +[\d.]+ minutes +unlimited/m);
  const full = await comparison(options(['trex', 'trex-full']));
  t.is(full.subjects[0].figures.leakage_W, null);
  t.true((full.subjects[1].figures.leakage_W as number) > 0);
});

test('settings that differ stand first: eight planes against one', async t => {
  const found = await comparison(options(['trex', 'trex-full']));
  const { causes } = found.why[0];
  t.like(causes[0], { what: 'bit planes of an input', first: '1', other: '8', ratio: 8 });
  t.like(causes.at(-1), { what: 'counted', first: 'nothing else' });
  t.regex(causes.at(-1)?.other ?? '', /^inputBitPlanes, embedding, .*interconnect.*leakage/);
  t.regex(compareTable(found), /EDAP .*\nsettings +bit planes of an input +1 +8 \(8\.00x\) *\n/);
  const same = await comparison(options(['trex', 'trex']));
  t.deepEqual(same.why[0].causes, []);
});

test("TReX's order of area and EDAP comes out; its accuracy is not claimed without trials", async t => {
  const { expected } = await comparison(options(DEVICES));
  const agrees = Object.fromEntries(expected.map(row => [row.what, row.agrees]));
  t.like(agrees, { area: true, EDAP: true, accuracy: null });
});

test("TReX's words stand beside its own crossbars alone", async t => {
  const rows = async (names: string[], set: string[] = []) =>
    (await comparison(options(names, { set: ['model.encoders=1', ...set] }))).expected;
  t.deepEqual(await rows(['fefet-32nm', 'sram-32nm']), []);
  t.deepEqual(await rows(DEVICES, ['pe.crossbars=4']), []);
  t.deepEqual(await rows(DEVICES.slice(0, 2), ['tech.noise={}']), []);
});

test('the values that differ come with the lines that give them', async t => {
  const { differing } = await comparison(options(['trex-fefet-32nm', 'trex-sram-32nm']));
  const bits = differing.find(row => row.path === 'tech.cell.bits');
  t.deepEqual(
    bits?.values.map(v => v?.text),
    ['2', '1'],
  );
  t.regex(bits?.values[0]?.place ?? '', /^tech\/trex-fefet-32nm\.yaml:\d+$/);
  t.is(
    differing.find(row => row.path === 'tech.node'),
    undefined,
  );
});

test('all operations are counted by one convention, that of the first or the one asked for', async t => {
  t.is((await comparison(options(['trex', 'trex-full']))).opCount, 'trex-paper');
  const { subjects } = await comparison(options(['trex', 'trex'], { ops: '2-per-mac' }));
  const paper = await comparison(options(['trex', 'trex']));
  t.true(subjects[0].figures.tops > 2 * paper.subjects[0].figures.tops);
});

test('chips of fixed tiles and unequal areas are refused, and allowed by name', async t => {
  const names = ['trex-fefet-32nm', 'trex-sram-32nm'];
  const fixed = ['model.encoders=1', 'chip.tiles=40'];
  const { message, exitCode } = await refusal(
    comparison(options(names, { iso: ['node', 'area'], set: fixed })),
  );
  t.is(exitCode, EXIT.usage);
  t.regex(
    message,
    /not the same area: trex-fefet-32nm .*mm2, 40 tiles, chip\.tiles 40 \(--set chip\.tiles=40\)/,
  );
  t.regex(message, /--allow area/);
  const allowed = await comparison(options(names, { iso: ['area', 'arrays'], allow: ['area', 'arrays'] }));
  t.deepEqual(
    allowed.iso.map(row => [row.name, row.equal, row.allowed]),
    [
      ['area', false, true],
      ['arrays', false, true],
    ],
  );
});

test('chips are made equal in area or arrays by tiles that stand and leak', async t => {
  const names = ['trex-fefet-32nm', 'trex-sram-32nm'];
  const set = ['model.encoders=1'];
  const own = (await comparison(options(names, { set }))).subjects.map(s => s.figures);
  const found = await comparison(options(names, { set, iso: ['area'] }));
  const [fefet, sram] = found.subjects.map(s => s.figures);
  t.true(found.iso[0].equal);
  t.is(sram.area_m2, own[1].area_m2);
  // TReX's tile of FeFET crossbars is 1.9 mm2.
  t.true(Math.abs(fefet.area_m2 - sram.area_m2) <= 1.9e-6 / 2);
  t.true(fefet.tiles > own[0].tiles);
  const arrays = await comparison(options(names, { iso: ['arrays'] }));
  t.is(arrays.subjects[0].figures.tiles, arrays.subjects[1].figures.tiles);
  t.true(arrays.iso[0].equal);
  t.regex(
    arrays.iso[0].text,
    /^\d+ crossbars on the chip; trex-fefet-32nm \d+ tiles, trex-sram-32nm \d+ tiles$/,
  );
});

test('an equal area is seen before anything runs', async t => {
  const iso = ['area', 'arrays'] as const;
  const { iso: rows } = await comparison(options(['trex', 'trex'], { iso }));
  t.true(rows.every(row => row.equal));
});

const refused: [string, Partial<CompareOptions>, readonly string[], number, RegExp][] = [
  ['one file', {}, ['trex'], 2, /two or more/],
  [
    'a mix of kinds',
    {},
    ['trex', 'trex-sram-32nm'],
    2,
    /trex is an architecture, trex-sram-32nm a technology/,
  ],
  ['an unknown name', {}, ['trex-fefet-32nm', 'trex-srm-32nm'], 4, /did you mean trex-sram-32nm/],
  ['digital blocks', {}, ['cmos-32nm', 'trex-sram-32nm'], 2, /level digital/],
  ['--arch for architectures', { arch: 'trex' }, ['trex', 'trex-full'], 2, /architectures themselves/],
  ['--tech for technologies', { tech: 'trex-sram-32nm' }, DEVICES, 2, /technologies themselves/],
];

for (const [what, more, names, code, message] of refused)
  test(`compare, ${what}: refused`, async t => {
    const got = await refusal(comparison(options(names, more)));
    t.is(got.exitCode, code, got.message);
    t.regex(got.message, message);
  });

test('names of what must be equal are checked', t => {
  t.deepEqual(parseIso('iso', ['node, area', 'node']), ['node', 'area']);
  t.deepEqual(parseIso('allow', []), []);
  for (const empty of [[''], [' , '], []])
    t.regex(failure(() => parseIso('iso', empty)).message, /--iso is empty/);
  t.regex(failure(() => parseIso('allow', [''])).message, /--allow is empty/);
  const unknown = failure(() => parseIso('iso', ['array']));
  t.is(unknown.exitCode, EXIT.usage);
  t.regex(unknown.message, /did you mean arrays/);
});
