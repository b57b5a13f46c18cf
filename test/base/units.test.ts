/** Quantities with units: what is read, what is refused, and that writing and reading are inverse. */
import test from 'ava';
import fc from 'fast-check';
import {
  DIMENSIONS,
  type Dimension,
  formatQuantity,
  parseQuantity,
  quantityPattern,
  significant,
} from '../../src/base/units.ts';

const dimensions = Object.keys(DIMENSIONS) as Dimension[];

test('a quantity is the double nearest to the number that is written', t => {
  t.is(parseQuantity('25.096 pJ', 'J'), 25.096e-12);
  t.is(parseQuantity('19.174 ns', 's'), 19.174e-9);
  t.is(parseQuantity('29687.5 um2', 'm2'), 29687.5e-12);
  t.is(parseQuantity('2.4e-4 mm2/bit', 'm2/bit'), 2.4e-10);
  t.is(parseQuantity('10 %', '%'), 0.1);
});

test('quotients of units divide', t => {
  t.is(parseQuantity('0.0324 pJ/bit/mm', 'J/bit/m'), 0.0324e-9);
  t.is(parseQuantity('1 ns/mm', 's/m'), 1e-6);
  t.is(parseQuantity('25.6 GB/s', 'B/s'), 25.6e9);
  t.is(parseQuantity('0.255 uW/KiB', 'W/B'), 0.255e-6 / 1024);
});

test('a byte has powers of two and of ten', t => {
  t.is(parseQuantity('64 KiB', 'B'), 65536);
  t.is(parseQuantity('64 kB', 'B'), 64000);
  t.is(parseQuantity('2 GiB', 'B'), 2 ** 31);
});

test('both code points of mu are micro', t => {
  t.is(parseQuantity('3.3 \u00b5s', 's'), 3.3e-6);
  t.is(parseQuantity('3.3 \u03bcs', 's'), 3.3e-6);
});

test('what is not a quantity of the dimension is refused', t => {
  for (const text of [
    '25',
    'pJ',
    '25 pW',
    '25 xJ',
    '25 J/s',
    '1e999 J',
    'NaN J',
    '1 2 J',
    '',
    '0x10 J',
    '1,5 J',
  ]) {
    t.is(parseQuantity(text, 'J'), undefined, text);
  }
  t.is(parseQuantity('1 Kipj', 'B'), undefined);
  t.is(parseQuantity('1 kKiB', 'B'), undefined);
});

test('the example of every dimension is a quantity of it', t => {
  for (const dimension of dimensions)
    t.not(parseQuantity(DIMENSIONS[dimension], dimension), undefined, dimension);
});

test('a formatted quantity reads back as the same number', t => {
  const number = fc.double({ min: 1e-18, max: 1e15, noNaN: true, noDefaultInfinity: true });
  t.notThrows(() =>
    fc.assert(
      fc.property(number, fc.boolean(), fc.constantFrom(...dimensions), (size, negative, dimension) => {
        const value = negative ? -size : size;
        const back = parseQuantity(formatQuantity(value, dimension, 15), dimension);
        return back !== undefined && Math.abs(back - value) <= 1e-13 * size;
      }),
    ),
  );
});

test('the pattern for editors takes what the parser takes', t => {
  const units = [
    'pJ',
    'J',
    'mm2',
    '%',
    'KiB',
    'KB',
    'GB/s',
    'pJ/bit',
    'ns/mm',
    'kohm',
    'uW/KiB',
    'x',
    'pJ/',
    '',
  ];
  const text = fc.tuple(
    fc.constantFrom('1', '-2.5', '.5', '1.e3', '1e-4', 'e', '1.2.3'),
    fc.constantFrom(...units),
  );
  t.notThrows(() =>
    fc.assert(
      fc.property(text, fc.constantFrom(...dimensions), ([digits, unit], dimension) => {
        const word = `${digits} ${unit}`;
        const pattern = new RegExp(quantityPattern(dimension));
        return pattern.test(word) === (parseQuantity(word, dimension) !== undefined);
      }),
      { numRuns: 2000 },
    ),
  );
});

test('numbers for people have a prefix and enough digits', t => {
  t.is(formatQuantity(1.83e-6, 'J'), '1.830 uJ');
  t.is(formatQuantity(0, 'J'), '0 J');
  t.is(formatQuantity(999.9999e-12, 'J'), '1.000 nJ');
  t.is(formatQuantity(1.9e-6, 'm2'), '1.900 mm2');
  t.is(formatQuantity(0.125, '%', 3), '12.5 %');
  t.is(formatQuantity(32768, 'B'), '32 KiB');
  t.is(formatQuantity(4 * 2 ** 20, 'B'), '4 MiB');
  t.is(significant(0.00123456, 3), '0.00123');
  t.is(significant(1234567, 3), '1234567');
});
