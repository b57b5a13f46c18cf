import test from 'ava';
import { uniformStream } from '../../../src/base/random.ts';
import { rowActivity } from '../../../src/numerics/mvm/row-activity.ts';

const SPEC = { rows: 4, arrayRows: 4, inputBits: 1 };

test('three of four rows driven: each has two of its three neighbours beside it', t =>
  t.is(rowActivity(SPEC, Uint8Array.of(1, 1, 0, 1)), 2 / 3));

test('a row that is always alone has no neighbour, and inputs of zero drive none', t => {
  t.is(rowActivity(SPEC, Uint8Array.of(0, 1, 0, 0, 1, 0, 0, 0)), 0);
  t.is(rowActivity(SPEC, new Uint8Array(4)), 0);
  t.is(rowActivity({ ...SPEC, arrayRows: 1 }, Uint8Array.of(1, 1, 1, 1)), 0);
});

test('rows of other arrays do not count, and the last array has the rows that are left', t => {
  const spec = { rows: 5, arrayRows: 2, inputBits: 1 };
  // Pairs (1, 1), (1, 0), and a row alone: 2 of 3 possible.
  t.is(rowActivity(spec, Uint8Array.of(1, 1, 1, 0, 1)), 2 / 3);
});

test('a plane counts as much as it does in the result, the sign of two s complement like any other', t => {
  const spec = { rows: 3, arrayRows: 3, inputBits: 2 };
  // Plane 0: all three rows, 6 of 6. Plane 1: one row, 0 of 2, twice.
  t.is(rowActivity(spec, Uint8Array.of(1, 1, 3)), 6 / (6 + 2 * 2));
  t.is(rowActivity(spec, Int8Array.of(1, 1, -1)), 6 / (6 + 2 * 2));
});

test('random bits have the activity of their density', t => {
  const next = uniformStream(1, 'inputs');
  for (const density of [0.1, 0.5, 0.9]) {
    const x = Uint8Array.from({ length: 200 * 64 }, () => {
      let value = 0;
      for (let bit = 0; bit < 8; bit++) if (next() < density) value += 2 ** bit;
      return value;
    });
    t.true(Math.abs(rowActivity({ rows: 64, arrayRows: 64, inputBits: 8 }, x) - density) < 0.01);
  }
});

test('several products count together', t =>
  t.is(rowActivity(SPEC, Uint8Array.of(1, 1, 1, 1), Uint8Array.of(0, 0, 0, 1)), 12 / 15));
