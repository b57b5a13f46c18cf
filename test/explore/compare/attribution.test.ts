import test from 'ava';
import { difference } from '../../../src/explore/compare/attribution.ts';

test('the rows of a difference stand in the order of their size, and their shares sum to 1', t => {
  const a = new Map([
    ['adc', 5],
    ['driver', 2],
    ['array', 1],
  ]);
  const b = new Map([
    ['adc', 6],
    ['array', 5],
    ['write', 1],
  ]);
  const { difference: whole, rows } = difference(a, b);
  t.is(whole, 4);
  t.deepEqual(
    rows.map(row => [row.name, row.difference, row.share]),
    [
      ['array', 4, 1],
      ['driver', -2, -0.5],
      ['adc', 1, 0.25],
      ['write', 1, 0.25],
    ],
  );
});

test('between equal wholes no share is given', t => {
  const parts = new Map([['adc', 5]]);
  t.like(difference(parts, parts), { difference: 0, rows: [{ name: 'adc', difference: 0, share: null }] });
});
