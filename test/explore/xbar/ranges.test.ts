import test from 'ava';
import { EXIT } from '../../../src/base/errors.ts';
import { parseEncodings, parseQuantities, parseRange } from '../../../src/explore/xbar/ranges.ts';
import { failure } from '../../arch/fixtures.ts';

const sizes = { flag: 'rows', min: 1, max: 4096, step: 'double' } as const;
const bits = { flag: 'adc', min: 1, max: 16, step: 'one' } as const;

test('a range of sizes doubles, one of bits counts, and a step says how', t => {
  t.deepEqual(parseRange('32..256', sizes), [32, 64, 128, 256]);
  t.deepEqual(parseRange('32..200', sizes), [32, 64, 128]);
  t.deepEqual(parseRange('4..8', bits), [4, 5, 6, 7, 8]);
  t.deepEqual(parseRange('32..128:32', sizes), [32, 64, 96, 128]);
});

test('lists and ranges mix, in the order of the text and each value once', t => {
  t.deepEqual(parseRange('64, 32..128,48', sizes), [64, 32, 128, 48]);
});

for (const text of ['', '4..', '8..4', 'x', '1.5', '-4', '0', '9999', '1..4:0', '0..8', '4,,8', '1e3'])
  test(`'${text}' is no range of sizes`, t => {
    const { message, exitCode } = failure(() => parseRange(text, sizes));
    t.is(exitCode, EXIT.usage);
    t.true(message.startsWith(`--rows ${text}`));
  });

test('supplies and temperatures are lists and ranges of quantities, in V and K where nothing is said', t => {
  const vdd = { flag: 'vdd', unit: 'V' } as const;
  t.deepEqual(parseQuantities('0.8,0.9 V,850mV', vdd), [0.8, 0.9, 0.85]);
  t.deepEqual(parseQuantities('0.7..1.0:0.1', vdd), [0.7, 0.8, 0.9, 1]);
  t.deepEqual(parseQuantities('300..400:50,300', { flag: 'temperature', unit: 'K' }), [300, 350, 400]);
  for (const text of [
    '',
    '0',
    '-1',
    '0.7..1.0',
    '1..0.7:0.1',
    '0.9 K',
    '0.8:0.1',
    '0.7..0.9..1:0.1',
    '0.7..1:0',
  ])
    t.regex(failure(() => parseQuantities(text, vdd)).message, /^--vdd .*expected e\.g\. 0\.8,0\.9/, text);
});

test('encodings are a list of names', t => {
  t.deepEqual(parseEncodings('offset, differential'), ['offset', 'differential']);
  t.regex(failure(() => parseEncodings('offst')).message, /offst.*did you mean offset/);
});
