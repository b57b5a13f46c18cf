/** A chip from its files: devices, hybrids, what fits together, derived values. */
import test from 'ava';
import { loadArchFrom, loadTechFrom } from '../../src/arch/load.ts';
import { isAssumed } from '../../src/arch/origins.ts';
import { EXIT } from '../../src/base/errors.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { loadArch, loadModel, loadTech } from '../../src/run/node/load.ts';
import { evaluateCrossbar } from '../../src/tech/circuit/evaluate.ts';
import { designOf } from '../../src/tech/design-of.ts';
import { failure, MACRO, memoryFiles } from './fixtures.ts';

const HYBRID = 'name: both\nsource: a test\nlevel: hybrid\nstatic: cell\ndynamic: other\n';

const hybrid = (texts: Record<string, string> = {}, set: string[] = []) =>
  loadTechFrom(
    memoryFiles({ 'tech/both.yaml': HYBRID, 'tech/cell.yaml': MACRO, 'tech/other.yaml': MACRO, ...texts }),
    'both',
    { set },
  );

test('every shipped file is sound, and says where it is from', t => {
  for (const name of nodeFiles.list('arch')) t.true(loadArch(name).origins.length > 100, name);
  for (const name of nodeFiles.list('tech')) t.true((loadTech(name).tech.source ?? '') !== '', name);
  for (const name of nodeFiles.list('models')) t.is(loadModel(name).model.name, name);
});

test("TReX's chip has the figures of its paper", t => {
  const { arch } = loadArch('trex');
  const device = arch.devices.static;
  if (device.level !== 'macro') return t.fail();
  t.is(arch.techName, 'trex-fefet-32nm');
  t.is(arch.devices.dynamic, device);
  t.is(device.read.energy, 25.096e-12);
  t.is(device.read.time, 19.174e-9);
  t.is(arch.pe.crossbars * arch.tile.pes * device.area * 1e6, 1.9);
  const { select, exponent, divide } = arch.softmax;
  t.is(Math.round((select.energy + exponent.energy + divide.energy) * 1e15), 6303);
  t.is(Math.round((select.time + exponent.time + divide.time) * 1e12), 15850);
});

test('the circuits of a crossbar come close to the run that their constants are checked against', t => {
  // NeuroSim V1.4, 64 x 64, 32 nm, 6-bit SAR: area in um2, energy of a bit plane in pJ.
  for (const [name, area_um2, plane_pJ] of [
    ['fefet-32nm', 8582, 15.68],
    ['sram-32nm', 6219, 33.49],
  ] as const) {
    const { tech } = loadTech(name);
    const { area_m2, readEnergy_J } = evaluateCrossbar(designOf(tech));
    t.true(Math.abs(area_m2.total * 1e12 - area_um2) < 0.06 * area_um2, name);
    t.true(Math.abs(readEnergy_J.total * 1e12 - plane_pJ) < 0.03 * plane_pJ, name);
  }
});

test('keys that only a device can mean need no prefix', t => {
  const { arch } = loadArch('trex', { tech: 'fefet-32nm', set: ['crossbar.rows=128', 'adc.law=survey'] });
  const device = arch.devices.static;
  if (device.level !== 'circuit') return t.fail();
  t.is(device.crossbar.rows, 128);
  t.is(device.adc.law, 'survey');
  t.is(device.adc.bits, 6);
});

test('the full chip differs from the paper only where it says so', t => {
  const {
    source: _a,
    name: _b,
    description: _c,
    noc: paperNoc,
    accounting: paper,
    ...rest
  } = loadArch('trex').arch;
  const full = loadArch('trex-full').arch;
  t.like(full, rest);
  t.is(full.accounting.opCount, paper.opCount);
  const { opCount: _d, source: _e, ...counted } = full.accounting;
  t.true(Object.values(counted).every(value => value === 'counted'));
  t.is(full.noc.flit, paperNoc.flit);
});

test('a technology can be chosen on the command line', t => {
  const { arch, origins } = loadArch('trex', { tech: 'trex-hybrid-32nm' });
  t.is(arch.devices.static.name, 'trex-fefet-32nm');
  t.is(arch.devices.dynamic.name, 'trex-sram-32nm');
  t.deepEqual(origins.find(o => o.path === 'tech')?.origin, { kind: 'set', flag: '--tech trex-hybrid-32nm' });
  const { message, exitCode } = failure(() => loadArch('trex', { tech: 'trex-fefet-32mm' }));
  t.is(
    message,
    "--tech trex-fefet-32mm  tech: no technology is called 'trex-fefet-32mm': did you mean trex-fefet-32nm?",
  );
  t.is(exitCode, EXIT.missing);
  t.is(
    failure(() => loadArch('trex', { tech: '' })).message,
    '--tech: expected a name or a path, got nothing',
  );
});

test('overrides go into one device of a hybrid', t => {
  const { devices, origins } = hybrid({}, ['tech.dynamic.cell.bits=1']);
  t.deepEqual([devices?.static.cell.bits, devices?.dynamic.cell.bits], [2, 1]);
  t.is(origins.find(o => o.path === 'tech.dynamic.cell.bits')?.origin.kind, 'set');
  t.regex(
    failure(() => hybrid({}, ['tech.static.cell.bitz=1'])).message,
    /^--set tech\.static\.cell\.bitz=1 {2}tech\.static\.cell\.bitz: unknown key, did you mean bits\?$/,
  );
});

test('the devices of a hybrid must be there, and be crossbars', t => {
  const text = HYBRID.replace('dynamic: other', 'dynamic: nope');
  t.is(
    failure(() => hybrid({ 'tech/both.yaml': text })).message,
    "tech/both.yaml:5:10  dynamic: no tech file is called 'nope'\n  dynamic: nope\n           ^^^^",
  );
  t.is(
    failure(() => hybrid({ 'tech/both.yaml': HYBRID.replace('static: cell', 'static: both') })).message,
    'tech/both.yaml:4:9  static: expected a technology of level macro or circuit, got both of level hybrid\n' +
      '  static: both\n          ^^^^',
  );
});

test('a chip needs crossbars and digital blocks of the right kinds', t => {
  t.is(
    failure(() => loadArch('trex', { tech: 'cmos-32nm' })).message,
    '--tech cmos-32nm  tech: expected a technology of level macro, circuit or hybrid, got cmos-32nm of level digital',
  );
  t.is(
    failure(() => loadArch('trex', { set: ['digital=fefet-32nm'] })).message,
    '--set digital=fefet-32nm  digital: expected a technology of level digital, got fefet-32nm of level circuit',
  );
});

test('nodes that are mixed on one chip are a warning', t => {
  const { warnings } = loadArch('trex', { set: ['digital.node=22 nm'] });
  t.true(
    warnings.includes(
      'arch/trex.yaml:7:10  digital: cmos-32nm (22 nm) is mixed with trex-fefet-32nm (32 nm) on one chip',
    ),
  );
  const set = ['tech.dynamic.node=22 nm', 'tech.dynamic.scaling=circuit-laws'];
  const mixed = loadArch('trex', { tech: 'trex-hybrid-32nm', set }).warnings;
  t.true(mixed.some(w => w.includes('trex-fefet-32nm (32 nm) and trex-sram-32nm (22 nm) are mixed')));
});

test('converters and drivers beyond the crossbars of a PE are a warning', t => {
  const { warnings } = loadArch('trex', { set: ['pe.adcBanks=16'] });
  t.true(
    warnings.includes('--set pe.adcBanks=16  pe.adcBanks: 16 for 8 crossbars of a PE: the rest stay idle'),
  );
});

test('derived values follow from what was set', t => {
  const derived = (set: string[]) =>
    Object.fromEntries(
      loadArch('trex', { set })
        .origins.filter(o => o.origin.kind === 'derived')
        .map(o => [o.path.slice('derived.'.length), o.value]),
    );
  t.like(derived([]), {
    crossbarsPerTile: 64,
    cellsPerWeight: 4,
    losslessAdcBits: 8,
    readTime: 19_174,
    readTimePerToken: 8 * 19_174,
  });
  t.like(derived(['pe.crossbars=4', 'pe.adcBanks=2', 'precision.weights=5']), {
    crossbarsPerTile: 32,
    cellsPerWeight: 3,
    readTimePerToken: 2 * 19_174,
  });
  t.is(derived(['accounting.inputBitPlanes=counted']).readTimePerToken, 64 * 19_174);
});

test('a source that begins with "assumed" marks an assumption', t => {
  const { origins } = loadArch('trex');
  const clock = origins.find(o => o.path === 'chip.clock')!;
  const pes = origins.find(o => o.path === 'tile.pes')!;
  t.deepEqual([isAssumed(clock), isAssumed(pes)], [true, false]);
});

test('every number of a shipped chip has a source or is a default', t => {
  const bare = loadArch('trex').origins.filter(
    o => typeof o.value === 'number' && o.source === undefined && o.origin.kind === 'file',
  );
  t.deepEqual(bare, []);
});

test('a model takes its overrides, and names its file', t => {
  const { model, files } = loadModel('deit-s', { set: ['model.encoders=3', 'pe.crossbars=1'] });
  t.is(model.encoders, 3);
  t.is(files[0].path, 'models/deit-s.yaml');
  t.regex(
    failure(() => loadModel('deit-s', { set: ['model.headz=3'] })).message,
    /^--set model\.headz=3 {2}model\.headz: unknown key, did you mean heads\?$/,
  );
});

test('a missing architecture exits with 4', t => {
  const { message, exitCode } = failure(() => loadArchFrom(nodeFiles, 'trexx'));
  t.is(message, "no architecture is called 'trexx': did you mean trex?");
  const few = failure(() => loadModel('zzzzzzqq')).message;
  t.regex(
    few,
    /^no model is called 'zzzzzzqq': nearest: ([\w-]+, ){7}[\w-]+; `trex list models` shows all \d+$/,
  );
  t.is(exitCode, EXIT.missing);
});

test('an option of the network that its kind does not know is refused where it was meant for it', t => {
  const refusal = (...set: string[]) => failure(() => loadArch('trex-full', { set }));
  t.like(refusal('noc.kind=htree', 'noc.broadcast=chain'), {
    message:
      '--set noc.broadcast=chain  noc.broadcast: expected unicast or tree on a network of kind htree, got chain',
    exitCode: EXIT.usage,
  });
  t.regex(refusal('noc.kind=ideal', 'noc.depth=4').message, /noc\.depth: has no effect .* of kind ideal/);
  t.regex(refusal('noc.kind=htree', 'noc.virtualChannels=2').message, /noc\.virtualChannels: has no effect/);
  // The chip's own mesh has them; so has what a chip takes over from the one that it starts from.
  t.notThrows(() => loadArch('trex-full', { set: ['noc.depth=4', 'noc.broadcast=chain'] }));
  t.notThrows(() => loadArch('trex-full', { set: ['noc.kind=htree', 'noc.broadcast=unicast'] }));
  t.notThrows(() => loadArch('trex-full', { set: ['noc.kind=htree', 'noc.routerStages=4'] }));
  t.notThrows(() => loadArch('trex-full', { set: ['noc.kind=ideal'] }));
});

test('a fact of the chip is no fact of the technology: bits of words are those of precision', t => {
  const set = ['tech.weightBits=4'];
  t.throws(() => loadArch('trex', { tech: 'fefet-32nm', set }), { message: /tech\.weightBits: unknown key/ });
});

for (const tech of ['trex-fefet-32nm', 'fefet-32nm']) {
  test(`${tech}: a converter has no more columns than there are`, t => {
    t.throws(() => loadArch('trex', { tech, set: ['adc.columns=128'] }), {
      message: /tech\.adc\.columns: expected at most the 64 columns of the crossbar, got 128/,
    });
  });
}

test('softmax units whose area is left out buy time for nothing: a warning', t => {
  const { warnings } = loadArch('trex', { set: ['softmax.units=2'] });
  t.true(warnings.some(text => /softmax\.units: buys time without area/.test(text)));
  t.false(loadArch('trex-full', { set: ['softmax.units=2'] }).warnings.some(text => /softmax/.test(text)));
});

test('what shipped files say of themselves is a note; what the user wrote, chose or put together is a warning', t => {
  const lossless = (lines: readonly string[]): boolean =>
    lines.some(line => /adc\.bits: ADC \d bit < /.test(line));
  for (const name of nodeFiles.list('arch')) t.deepEqual(loadArch(name).warnings, [], name);
  t.true(lossless(loadArch('trex').notes));
  t.true(lossless(loadArch('trex', { set: ['tech.noise={}'] }).warnings));
  t.true(lossless(loadTech('trex-fefet-32nm').notes));
  t.deepEqual(loadTech('trex-fefet-32nm').warnings, []);
  t.true(loadArch('neurram', { tech: 'sram-32nm' }).notes.length > 0);
});
