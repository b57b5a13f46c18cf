import test from 'ava';
import fc from 'fast-check';
import { scatterChart } from '../../src/report/scatter-chart.ts';

const chart = (xy: readonly number[], front: { x: number; y: number; label: string }[] = []): string =>
  scatterChart({ title: 'T', xLabel: 'X', yLabel: 'Y', series: [{ name: 'S', xy }], front });
const dots = (svg: string): [number, number][] =>
  [...svg.matchAll(/<circle cx="([^"]+)" cy="([^"]+)" r="3"/g)].map(([, x, y]) => [Number(x), Number(y)]);

test('values that span much stand on a logarithmic axis: equal ratios, equal distances', t => {
  const [[a], [b], [c]] = dots(chart([1, 1, 10, 2, 100, 3]));
  t.true(Math.abs(b - a - (c - b)) < 0.05);
  const [[d], [e], [f]] = dots(chart([1, 1, 2, 2, 4, 3]));
  t.true(Math.abs(f - e - 2 * (e - d)) < 0.05, 'a short span is linear');
});

test('every point of the front has a ring, and labels do not cover each other', t => {
  const front = Array.from({ length: 9 }, (_, i) => ({
    x: 1 + i / 50,
    y: 5 - i / 50,
    label: `a long label ${i}`,
  }));
  const svg = chart([1, 1, 100, 9], front);
  t.is(svg.split('r="6"').length - 1, 10, 'nine and the legend');
  const labels = [...svg.matchAll(/y="([^"]+)" text-anchor="[^"]+" fill="#222222" font-size="11"/g)];
  t.true(labels.length >= 1 && labels.length < 9);
});

test('every mark stays inside, whatever the values', t => {
  // Figures of crossbars: no double so small that arithmetic on it ends.
  const normal = (v: number): number => (Math.abs(v) < 1e-15 ? 0 : v);
  const wide = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map(normal);
  const value = fc.oneof(wide, fc.double({ min: 1e-9, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 20 }), points => {
      const svg = chart(points.flat(), [{ x: points[0][0], y: points[0][1], label: 'L' }]);
      const inside = dots(svg).every(([x, y]) => x >= 0 && x <= 760 && y >= 0 && y <= 520);
      t.true(inside);
    }),
    { numRuns: 80 },
  );
  t.throws(() => chart([]), { instanceOf: RangeError });
});
