/** Technology files of level circuit: what is wrong with one is told with its line and column. */
import test from 'ava';
import { checkMemories } from '../../src/arch/check.ts';
import { loadTechFrom } from '../../src/arch/load.ts';
import { EXIT } from '../../src/base/errors.ts';
import { loadArch } from '../../src/run/node/load.ts';
import { failure, memoryFiles } from './fixtures.ts';

const CIRCUIT = `name: cell
source: a test
level: circuit
node: 32 nm
cell: { law: fefet, bits: 2, onResistance: 240 kohm, offResistance: 24 Mohm }
crossbar: { rows: 64, cols: 64 }
adc: { law: neurosim-sar, bits: 8, columns: 8 }
read: { voltage: 0.5 V }
write: { voltage: 4 V, pulse: 50 ns, erase: 50 ns }
`;
const HYBRID = 'name: both\nsource: a test\nlevel: hybrid\nstatic: cell\ndynamic: cell\n';

const load = (text: string, set: readonly string[] = []) =>
  loadTechFrom(memoryFiles({ 'tech/cell.yaml': text }), 'cell', { set });
const changed = (from: string, to: string): string => {
  if (!CIRCUIT.includes(from)) throw new Error(`not in the file: ${from}`);
  return CIRCUIT.replace(from, to);
};

test('a sound file has no warning', t => {
  t.deepEqual(load(CIRCUIT).notes, []);
});

for (const [what, from, to, message] of [
  [
    'a write below the read',
    '4 V',
    '0.3 V',
    '9:19  write.voltage: a write at 300 mV is below the read at 500 mV: reads would disturb the cells',
  ],
  [
    'an ADC outside its law',
    'bits: 8',
    'bits: 13',
    '7:33  adc.bits: expected an integer from 1 to 12: the range of law neurosim-sar, got 13',
  ],
  [
    'more bits than a cell holds',
    'bits: 2',
    'bits: 5',
    '5:27  cell.bits: expected an integer from 1 to 4: a fefet cell holds no more, got 5',
  ],
  [
    'an unknown ADC law',
    'neurosim-sar',
    'neurosim-sra',
    '7:13  adc.law: expected one of adder-chain, adder-tree, bit-trees, booth-tree, current-sar, given, neurosim-flash, neurosim-sar, ramp, shared-counter, silicon, survey, time-domain, zigzag, got "neurosim-sra" (did you mean neurosim-sar?)',
  ],
  [
    'an unknown cell',
    'law: fefet',
    'law: fefett',
    '5:14  cell.law: expected one of digital-cim, ecram, fefet, gain-cell, nor-flash, pcm, rram, sot-mram, sram-6t, sram-8t, sram-charge, stt-mram, got "fefett" (did you mean fefet?)',
  ],
  ['a node that is none', '32 nm', '3 nm', '4:7  node: expected a node of 14.0 nm to 130 nm, got 3.00 nm'],
  [
    'a tree that sums analog cells',
    'neurosim-sar',
    'adder-tree',
    '7:13  adc.law: a fefet cell is read by an ADC, got adder-tree',
  ],
  [
    'less resistance off than on',
    '24 Mohm',
    '24 kohm',
    '5:69  cell.offResistance: expected more than cell.onResistance',
  ],
  [
    'an unknown component with figures',
    'read:',
    'given: { driverr: { area: 1 um2 } }\nread:',
    '8:10  given.driverr: unknown key, did you mean driver?',
  ],
] as const) {
  test(`refused: ${what}`, t => {
    const { message: got, exitCode } = failure(() => load(changed(from, to)));
    t.is(got.split('\n')[0], `tech/cell.yaml:${message}`);
    t.is(exitCode, EXIT.invalidFile);
  });
}

test('warned of: nodes outside the range, too few ADC bits, sizes whose wires lose the signal', t => {
  const only = (text: string): string => load(text).notes.join('\n');
  t.regex(only(changed('32 nm', '18 nm')), /^tech\/cell\.yaml:4:7 {2}node: 18\.0 nm is outside 22 to 65 nm/);
  t.regex(only(changed('32 nm', '28 nm')), /4:7 {2}node: 28\.0 nm is interpolated/);
  t.regex(only(changed('bits: 8', 'bits: 6')), /7:33 {2}adc\.bits: ADC 6 bit < 8 bit needed/);
  t.regex(
    only(changed('rows: 64, cols: 64', 'rows: 64, cols: 512')),
    /6:1 {2}crossbar: 64 x 512: IR drop of about 50 %/,
  );
});

test('size, converter and node can be given on the command line', t => {
  const { tech } = load(CIRCUIT, [
    'tech.crossbar.rows=128',
    'tech.adc.law=survey',
    'tech.adc.bits=9',
    'tech.node=45 nm',
  ]);
  t.like(tech, {
    node: 45e-9,
    crossbar: { rows: 128, cols: 64 },
    adc: { law: 'survey', bits: 9, rate: 1e8 },
  });
});

test('a published figure of a component is a value of the file', t => {
  const text = `${CIRCUIT}given:\n  adc: { area: 9600 um2, energy: 16 pJ }\n  write: { time: 3.3 us }\n`;
  const { tech } = load(text);
  t.like(tech, { given: { adc: { area: 9600e-12, energy: 16e-12 }, write: { time: 3.3e-6 } } });
});

const hybrid = (more: string) =>
  loadTechFrom(memoryFiles({ 'tech/both.yaml': HYBRID + more, 'tech/cell.yaml': CIRCUIT }), 'both');

test('layers of a hybrid may have a device of their own', t => {
  const { devices, files } = hybrid('layers: [{ match: "e0.*", tech: cell }]\n');
  t.is(devices?.layers?.[0].match, 'e0.*');
  t.is(devices?.layers?.[0].device.name, 'cell');
  t.is(files.length, 2);
});

test('a hybrid that names a missing device is told where', t => {
  const { message, exitCode } = failure(() => hybrid('layers: [{ match: "e0.*", tech: sell }]\n'));
  t.regex(message, /^tech\/both\.yaml:6:33 {2}layers\.0\.tech: no tech file is called 'sell'/);
  t.is(exitCode, EXIT.invalidFile);
});

test('a buffer of eDRAM needs a digital technology that has one', t => {
  const { arch } = loadArch('trex', { set: ['tile.buffer.memory=edram'] });
  t.is(arch.tile.buffer.memory, 'edram');
  const { edram: _, ...without } = arch.digital;
  const file = { ...arch, tech: 'x', digital: 'y' };
  t.deepEqual(checkMemories(file, arch.digital), []);
  t.deepEqual(
    checkMemories(file, without).map(({ path, message }) => [path.join('.'), message]),
    [['tile.buffer.memory', 'expected sram: cmos-32nm has no edram, got edram']],
  );
});
