/** The exact texts of errors in values: file:line:col, path, what was expected, what was there, the line, the caret. */
import test from 'ava';
import { loadTechFrom } from '../../src/arch/load.ts';
import { EXIT } from '../../src/base/errors.ts';
import { failure, MACRO, macroWith, memoryFiles } from './fixtures.ts';

const load = (text: string) => loadTechFrom(memoryFiles({ 'tech/cell.yaml': text }), 'cell');

const golden = test.macro((t, from: string, to: string, ...lines: string[]) => {
  const { message, exitCode } = failure(() => load(macroWith(from, to)));
  t.is(message, lines.join('\n'));
  t.is(exitCode, EXIT.invalidFile);
});

test('the sound file of these tests is sound', t => {
  t.deepEqual(load(MACRO).notes, []);
});

test(
  'a wrong unit is shown with the unit that is expected',
  golden,
  '25 pJ',
  '25 pW',
  'tech/cell.yaml:8:17  read.energy: expected a quantity in J (e.g. "1.5 pJ"), got "25 pW"',
  '  read: { energy: 25 pW, time: 20 ns }',
  '                  ^^^^^',
);

test(
  'a number without its unit is an error',
  golden,
  '25 pJ',
  '25',
  'tech/cell.yaml:8:17  read.energy: expected a quantity in J (e.g. "1.5 pJ"), got 25',
  '  read: { energy: 25, time: 20 ns }',
  '                  ^^',
);

test(
  'a negative energy is an error',
  golden,
  '25 pJ',
  '-25 pJ',
  'tech/cell.yaml:8:17  read.energy: expected a value of at least 0 J, got "-25 pJ"',
  '  read: { energy: -25 pJ, time: 20 ns }',
  '                  ^^^^^^',
);

test(
  'not-a-number is an error, shown as it is written',
  golden,
  'bits: 2',
  'bits: .nan',
  'tech/cell.yaml:5:30  cell.bits: expected an integer from 1 to 4, got .nan',
  '  cell: { device: fefet, bits: .nan }',
  '                               ^^^^',
);

test(
  'infinity is an error',
  golden,
  'bits: 2',
  'bits: .inf',
  'tech/cell.yaml:5:30  cell.bits: expected an integer from 1 to 4, got .inf',
  '  cell: { device: fefet, bits: .inf }',
  '                               ^^^^',
);

test(
  'a crossbar without rows is an error',
  golden,
  'rows: 64',
  'rows: 0',
  'tech/cell.yaml:6:19  crossbar.rows: expected an integer from 1 to 4096, got 0',
  '  crossbar: { rows: 0, cols: 64 }',
  '                    ^',
);

test(
  'an ADC of 40 bits is an error',
  golden,
  'bits: 8',
  'bits: 40',
  'tech/cell.yaml:7:25  adc.bits: expected an integer from 1 to 14, got 40',
  '  adc: { kind: sar, bits: 40, columns: 8 }',
  '                          ^^',
);

test(
  'an unknown key names the nearest one, and a missing key points at its block',
  golden,
  'columns: 8',
  'columms: 8',
  'tech/cell.yaml:7:1  adc.columns: missing, expected an integer from 1 to 1024',
  '  adc: { kind: sar, bits: 8, columms: 8 }',
  '  ^^^',
  'tech/cell.yaml:7:28  adc.columms: unknown key, did you mean columns?',
  '  adc: { kind: sar, bits: 8, columms: 8 }',
  '                             ^^^^^^^',
);

test(
  'an unknown key that is near nothing lists what is known',
  golden,
  'columns: 8 }',
  'columns: 8, zzz: 4 }',
  'tech/cell.yaml:7:40  adc.zzz: unknown key, known here: kind, bits, columns',
  '  adc: { kind: sar, bits: 8, columns: 8, zzz: 4 }',
  '                                         ^^^',
);

test(
  'a wrong choice names the nearest one',
  golden,
  'kind: sar',
  'kind: sarr',
  'tech/cell.yaml:7:14  adc.kind: expected one of current-sar, flash, sar, ramp, shared-counter, tdc, got "sarr" (did you mean sar?)',
  '  adc: { kind: sarr, bits: 8, columns: 8 }',
  '               ^^^^',
);

test(
  'a level that is not there lists the levels',
  golden,
  'level: macro\n',
  '',
  'tech/cell.yaml:1:1  level: missing, expected one of macro, circuit, hybrid, digital',
  '  name: cell',
  '  ^',
);

test(
  'a value where a block must be names the keys of the block',
  golden,
  'adc: { kind: sar, bits: 8, columns: 8 }',
  'adc: 8',
  'tech/cell.yaml:7:6  adc: expected a block with kind, bits, columns, got 8',
  '  adc: 8',
  '       ^',
);

test(
  'a block where a value must be points at its key',
  golden,
  'node: 32 nm',
  'node: { a: 1 }',
  'tech/cell.yaml:4:1  node: expected a quantity in m (e.g. "32 nm"), got a block',
  '  node: { a: 1 }',
  '  ^^^^',
);

test(
  'a key without a value has nothing',
  golden,
  'node: 32 nm',
  'node:',
  'tech/cell.yaml:4:6  node: expected a quantity in m (e.g. "32 nm"), got nothing',
  '  node:',
  '       ^',
);

test(
  'a number needs a source',
  golden,
  'source: a test\nlevel: macro\nnode: 32 nm',
  'level: macro\nnode: { source: x }\nleakage: 1 uW',
  'tech/cell.yaml:3:1  node: expected a quantity in m (e.g. "32 nm"), got a block',
  '  node: { source: x }',
  '  ^^^^',
  ...[
    ['4:10', 'leakage', '1 uW and 1 more in its block', 'leakage: 1 uW', '         ^^^^'],
    ['5:30', 'cell.bits', '2', 'cell: { device: fefet, bits: 2 }', '                             ^'],
    [
      '6:19',
      'crossbar.rows',
      '64 and 1 more in its block',
      'crossbar: { rows: 64, cols: 64 }',
      '                  ^^',
    ],
    [
      '7:25',
      'adc.bits',
      '8 and 1 more in its block',
      'adc: { kind: sar, bits: 8, columns: 8 }',
      '                        ^',
    ],
    [
      '8:17',
      'read.energy',
      '25 pJ and 1 more in its block',
      'read: { energy: 25 pJ, time: 20 ns }',
      '                ^^^^^',
    ],
    ['10:11', 'write.energy', '118 pJ and 1 more in its block', '  energy: 118 pJ', '          ^^^^^^'],
    [
      '14:26',
      'shares.energy.readCircuit',
      '20 % and 10 more in its block',
      '  energy: { readCircuit: 20 %, adc: 48 %, accumulator: 19 %, interconnect: 13 %, buffer: 0 % }',
      '                         ^^^^',
    ],
  ].flatMap(([at, path, what, line, caret]) => [
    `tech/cell.yaml:${at}  ${path}: no source for ${what}: expected "source: ..." in the block or the file, "source: assumed ..." for a choice`,
    `  ${line}`,
    `  ${caret}`,
  ]),
);

test(
  'shares that do not sum to 100 % are an error',
  golden,
  'adc: 48 %',
  'adc: 49 %',
  'tech/cell.yaml:14:3  shares.energy: expected shares that sum to 100 %, got 101.0 %',
  '    energy: { readCircuit: 20 %, adc: 49 %, accumulator: 19 %, interconnect: 13 %, buffer: 0 % }',
  '    ^^^^^^',
);

test(
  'a share above 100 % is an error',
  golden,
  'array: 1 %',
  'array: 101 %',
  'tech/cell.yaml:15:18  shares.area.array: expected 0 % to 100 %, got "101 %"',
  '    area: { array: 101 %, adc: 58 %, accumulator: 7 %, interconnect: 3 %, buffer: 0 %, other: 31 % }',
  '                   ^^^^^',
);

test(
  'a time below a picosecond is an error',
  golden,
  '20 ns',
  '0.5 ps',
  'tech/cell.yaml:8:30  read.time: expected at least 1 ps, the step of simulated time, got 0.5 ps',
  '  read: { energy: 25 pJ, time: 0.5 ps }',
  '                               ^^^^^^',
);

test(
  'a read in no time is an error',
  golden,
  '20 ns',
  '0 s',
  'tech/cell.yaml:8:30  read.time: expected at least 1 ps, the step of simulated time, got 0',
  '  read: { energy: 25 pJ, time: 0 s }',
  '                               ^^^',
);

test('a cell that conducts better when it is off is an error', t => {
  const text = macroWith('bits: 2 }', 'bits: 2, onResistance: 9 kohm, offResistance: 8 kohm }');
  t.regex(
    failure(() => load(text)).message,
    /^tech\/cell\.yaml:5:70 {2}cell\.offResistance: expected more than cell\.onRes/,
  );
});

test('names that JavaScript objects have from birth are unknown keys like any other', t => {
  const { message } = failure(() => load(`${MACRO}__proto__: 1\nconstructor: 2\n`));
  t.regex(message, /16:1 {2}__proto__: unknown key.*\n.*\n.*\n.*17:1 {2}constructor: unknown key/);
});

test('the implausible is a warning', t => {
  t.deepEqual(load(macroWith('bits: 8', 'bits: 6')).notes, [
    'tech/cell.yaml:7:25  adc.bits: ADC 6 bit < 8 bit needed for lossless 64 rows x 2-bit cells',
  ]);
  t.deepEqual(load(macroWith('columns: 8', 'columns: 7')).notes, [
    'tech/cell.yaml:7:37  adc.columns: 64 columns are not a multiple of 7 columns per ADC: the last ADC has fewer',
  ]);
  t.deepEqual(load(macroWith('20 ns', '20.0006 ns')).notes, [
    'tech/cell.yaml:8:30  read.time: 20.0006 ns is not a whole number of picoseconds: 20001 ps is used',
  ]);
});

test('a line that is too long for a page is cut around the caret', t => {
  const long = `source: ${'x'.repeat(300)}`;
  const { message } = failure(() => load(macroWith('source: a test', `{ ${long}: 1`)));
  t.true(
    message.split('\n').every(line => line.length <= 160),
    message,
  );
  const value = failure(() =>
    load(macroWith('node: 32 nm', `cell2: { a: ${'y'.repeat(200)}, b: 1 }`)),
  ).message;
  t.true(
    value.split('\n').every(line => line.length < 160),
    value,
  );
});
