/** Alignment of representations, and correlation of ranks. */
import test from 'ava';
import fc from 'fast-check';
import { gaussianStream } from '../../src/base/random.ts';
import { linearCka } from '../../src/optimize/cka.ts';
import { spearman } from '../../src/optimize/rank-correlation.ts';

const random = (rows: number, columns: number, seed: number) => {
  const next = gaussianStream(seed, 'cka');
  return { rows, columns, data: Float64Array.from({ length: rows * columns }, next) };
};

/** Columns 0 and 1 turned by an angle, everything times a factor, another mean. */
const turned = (x: ReturnType<typeof random>, angle: number, factor: number) => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const data = x.data.slice();
  for (let r = 0; r < x.rows; r++) {
    const [a, b] = [x.data[r * x.columns], x.data[r * x.columns + 1]];
    data[r * x.columns] = c * a - s * b + 3;
    data[r * x.columns + 1] = s * a + c * b - 1;
  }
  return { ...x, data: data.map(v => v * factor) };
};

test('a representation is aligned with itself, turned, shifted and scaled', t => {
  const law = fc.property(fc.integer(), fc.double({ min: 0, max: 6, noNaN: true }), (seed, angle) => {
    const x = random(12, 3, seed);
    return Math.abs(linearCka(x, turned(x, angle, 2.5)) - 1) < 1e-9;
  });
  t.notThrows(() => fc.assert(law, { numRuns: 50 }));
});

test('alignment is symmetric, between 0 and 1, and small for independent ones with many rows', t => {
  const law = fc.property(fc.integer(), seed => {
    const [x, y] = [random(400, 3, seed), random(400, 2, seed + 1)];
    const cka = linearCka(x, y);
    return Math.abs(cka - linearCka(y, x)) < 1e-12 && cka >= 0 && cka < 0.05;
  });
  t.notThrows(() => fc.assert(law, { numRuns: 20 }));
});

test('the alignment of two small representations is as by hand', t => {
  // Centred: x = (-1, 0, 1), y = (-1, 1, 0) / y^T x = 1, norms 2 and 2: 1 / 4.
  const column = (...data: number[]) => ({ rows: 3, columns: 1, data });
  t.is(linearCka(column(1, 2, 3), column(0, 2, 1)), 0.25);
  t.is(linearCka(column(1, 2, 3), column(5, 5, 5)), 0);
});

test('ranks correlate as by hand: 1 - 6 sum d^2 / n (n^2 - 1)', t => {
  t.is(spearman([10, 20, 30], [1, 2, 3]), 1);
  t.is(spearman([10, 20, 30], [3, 2, 1]), -1);
  t.true(Math.abs(spearman([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]) - (1 - (6 * 4) / (5 * 24))) < 1e-12);
});

test('ranks of equal values are their mean place', t => {
  t.true(Math.abs(spearman([1, 1, 2], [1, 2, 3]) - Math.sqrt(3) / 2) < 1e-12);
  t.is(spearman([1, 1], [1, 2]), Number.NaN);
});
