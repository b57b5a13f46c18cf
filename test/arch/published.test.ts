/** Published figures hold where they were measured: what moves a chip away is refused, or scaled and said so. */
import test from 'ava';
import { loadTechFrom } from '../../src/arch/load.ts';
import { EXIT } from '../../src/base/errors.ts';
import { loadArch, loadTech } from '../../src/run/node/load.ts';
import { evaluateCrossbar } from '../../src/tech/circuit/evaluate.ts';
import { designOf } from '../../src/tech/design-of.ts';
import { designFigures } from '../../src/tech/published.ts';
import { divisionOf } from '../../src/tech/shares.ts';
import { failure, MACRO, macroWith, memoryFiles } from './fixtures.ts';

const AWAY: Readonly<Record<string, string>> = {
  'adc.bits': '8',
  'adc.kind': 'sar',
  'adc.columns': '4',
  'crossbar.rows': '256',
  'crossbar.cols': '256',
  'cell.bits': '1',
  'cell.onResistance': '200 kohm',
  'cell.offResistance': '1 Mohm',
  'tech.node': '22 nm',
};

for (const [path, value] of Object.entries(AWAY))
  test(`a macro is refused where ${path} is not what it was measured with, and scaled where that is asked for`, t => {
    const set = [`${path}=${value}`];
    const { message, exitCode } = failure(() => loadArch('trex', { set }));
    t.is(exitCode, EXIT.usage);
    t.regex(message, /^--set .*: .*, but read\.energy.* were published for .*tech\.scaling=circuit-laws$/);
    const scaled = loadArch('trex', { set: [...set, 'tech.scaling=circuit-laws'] });
    const said = scaled.warnings.filter(line => line.includes('are scaled by the circuit laws'));
    t.is(said.length, 1, scaled.warnings.join('\n'));
    const { devices } = scaled.arch;
    const measured = loadArch('trex').arch.devices.static;
    if (devices.static.level !== 'macro' || measured.level !== 'macro') return t.fail();
    t.not(devices.static.read.energy, measured.read.energy);
    t.is(devices.static.noise?.readVariation?.form, measured.noise?.readVariation?.form);
    t.is(scaled.origins.find(o => o.path === 'tech.read.energy')?.origin.kind, 'derived');
  });

test('what no cost depends on, and the same value in another unit, stay free', t => {
  const set = ['cell.endurance=1000', 'tech.noise={}', 'tech.node=0.032 um', 'crossbar.rows=64'];
  const { arch } = loadArch('trex', { set });
  const { devices } = loadArch('trex').arch;
  if (arch.devices.static.level !== 'macro' || devices.static.level !== 'macro') return t.fail();
  t.deepEqual(arch.devices.static.read, devices.static.read);
});

test('sixteen times the cells are no longer read for the same energy, time and area', t => {
  const set = ['crossbar.rows=256', 'crossbar.cols=256'];
  const small = loadArch('trex').arch.devices.static;
  const large = loadArch('trex', { set: [...set, 'tech.scaling=circuit-laws'] }).arch.devices.static;
  if (small.level !== 'macro' || large.level !== 'macro') return t.fail();
  const grown = [
    large.read.energy / small.read.energy,
    large.read.time / small.read.time,
    large.write.time / small.write.time,
    large.area / small.area,
  ];
  // Four times the converters at least; rows are programmed one after another.
  t.true(grown[0] > 4 && grown[0] < 16, String(grown));
  t.true(grown[1] > 1, String(grown));
  t.true(Math.abs(grown[2] - 4) < 1e-9, String(grown));
  t.true(grown[3] > 4 && grown[3] < 16, String(grown));
});

test('the share of the converters grows with their bits', t => {
  const device = loadArch('trex', { set: ['adc.bits=8', 'tech.scaling=circuit-laws'] }).arch.devices.static;
  if (device.level !== 'macro') return t.fail();
  // 48 % with the 6 bits of the source.
  t.true(device.shares.energy.adc! > 0.55);
  const sum = divisionOf(device, 'energy').parts.reduce((s, { share }) => s + share, 0);
  t.true(Math.abs(sum - 1) < 0.002);
});

const CHILD = 'use: base\nname: child\nsource: a second test\n';
const child = (text: string, base = MACRO) =>
  loadTechFrom(memoryFiles({ 'tech/base.yaml': base, 'tech/child.yaml': CHILD + text }), 'child', {
    purpose: 'costs',
  });

test('a file that starts from another one is held to its point, unless it gives the figures of its own', t => {
  const { message, exitCode } = failure(() => child('crossbar: { rows: 128, cols: 64 }\n'));
  t.is(exitCode, EXIT.invalidFile);
  t.regex(
    message,
    /^tech\/child\.yaml:4:19 {2}crossbar\.rows: 128, but read\.energy, read\.time and \d more were published for 64: /,
  );
  const partly = 'crossbar: { rows: 128, cols: 64 }\nread: { energy: 50 pJ, time: 30 ns }\n';
  t.regex(failure(() => child(partly)).message, /rows: 128, but write\.energy, write\.time and 1 more were/);
  const whole = `${partly}write: { energy: 236 pJ, time: 6.6 us }\narea: 0.05 mm2\nleakage: 0.1 uW\n`;
  t.notThrows(() => child(whole));
});

test('without a law for the cell there is nothing to scale by', t => {
  const text = 'crossbar: { rows: 128, cols: 64 }\nscaling: circuit-laws\n';
  t.regex(failure(() => child(text)).message, /circuit laws do not know this cell or node/);
  const known = macroWith('bits: 2 }', 'bits: 2, onResistance: 100 kohm, offResistance: 10 Mohm }');
  t.notThrows(() => child(text, known));
});

test('for errors alone, which no cost enters, it is a warning', t => {
  const { warnings } = loadTech('trex-fefet-32nm', { set: ['tech.adc.bits=8'] });
  t.true(
    warnings.some(line => /read\.energy.*, costs that no error depends on, were published for 6/.test(line)),
  );
});

test('components by their published figures are held to their point as well', t => {
  for (const name of ['isaac-ce', 'puma', 'neurram'])
    for (const set of [['crossbar.rows=64'], ['adc.bits=7'], ['tech.node=45 nm']]) {
      t.regex(failure(() => loadArch(name, { set })).message, /were published for/, `${name} ${set}`);
    }
  const rows = (set: string[]) => loadArch('isaac-ce', { set }).arch.devices.static;
  const [small, large] = [rows([]), rows(['crossbar.rows=256', 'tech.scaling=circuit-laws'])];
  if (small.level !== 'circuit' || large.level !== 'circuit') return t.fail();
  // A DAC a row; the sample-and-holds are at columns.
  t.is(large.given?.dac?.energy, 2 * (small.given?.dac?.energy ?? 0));
  t.is(large.given?.sampleHold?.energy, small.given?.sampleHold?.energy);
  t.is(large.adc.law === 'given' && large.adc.energy, small.adc.law === 'given' && small.adc.energy);
});

test('scaling there and back gives the published figures again', t => {
  const design = designOf(loadTech('isaac-32nm').tech);
  const moved = { ...design, rows: 256, cols: 256, node_m: 45e-9 };
  const forth = designFigures(design, moved);
  const back = new Map(designFigures(moved, design).map(({ path, factor }) => [path.join(), factor]));
  t.true(forth.length > 5);
  for (const { path, factor } of forth)
    t.true(Math.abs(factor * (back.get(path.join()) ?? 1) - 1) < 1e-12, path.join('.'));
  t.deepEqual(designFigures(design, design), []);
  t.true(evaluateCrossbar(design).area_m2.total > 0);
});

test('a published read of a whole input holds for inputs of its bits', t => {
  const set = ['precision.inputs=4'];
  t.regex(failure(() => loadArch('trex', { set })).message, /published for inputs of 8 bits/);
  const half = loadArch('trex', { set: [...set, 'tech.scaling=circuit-laws'] });
  const whole = loadArch('trex').arch.devices.static;
  const { static: known, dynamic } = half.arch.devices;
  if (known.level !== 'macro' || whole.level !== 'macro') return t.fail();
  t.true(Object.is(known, dynamic), 'one device stays one');
  t.is(known.read.energy, whole.read.energy / 2);
  t.true(half.warnings.some(line => line.includes('scaled by the bits')));
  // Bit planes that are counted are counted by the chip.
  t.notThrows(() => loadArch('trex', { set: [...set, 'accounting.inputBitPlanes=counted'] }));
});
