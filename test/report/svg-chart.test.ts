import test from 'ava';
import fc from 'fast-check';
import { lineChart, niceTicks } from '../../src/report/svg-chart.ts';

const points = [
  { x: 4, y: 50, low: 40, high: 60 },
  { x: 6, y: 70, low: 70, high: 70 },
];
const chart = (fields: object = {}) =>
  lineChart({ title: 'T', xLabel: 'X', yLabel: 'Y', series: [{ name: 'S', points }], ...fields });

test('ticks are round and cover the data, in few steps', t => {
  t.deepEqual(niceTicks(41, 76), { ticks: [40, 50, 60, 70, 80], digits: 0 });
  t.deepEqual(niceTicks(0, 0.3).digits, 1);
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      (low, range) => {
        const { ticks } = niceTicks(low, low + range);
        const slack = 1e-6 * range;
        return ticks[0] <= low + slack && ticks.at(-1)! >= low + range - slack && ticks.length <= 9;
      },
    ),
  );
});

/** Places of the ticks below the x axis, by their labels. */
function xTicks(xs: readonly number[]): Map<string, number> {
  const svg = chart({ series: [{ name: 'S', points: xs.map(x => ({ x, y: 1, low: 1, high: 1 })) }] });
  const labels = [...svg.matchAll(/<text x="([^"]*)" y="[^"]*" text-anchor="middle"[^>]*>([^<]*)</g)];
  return new Map(labels.map(([, x, label]) => [label, Number(x)]));
}

test('values that grow by a factor stand side by side, those that grow by a step too', t => {
  const factor = xTicks([1, 10, 100, 1e3, 1e4, 1e5]);
  const gap = factor.get('10')! - factor.get('1')!;
  t.true(Math.abs(factor.get('1e5')! - factor.get('1e4')! - gap) < 0.2);
  const step = xTicks([1, 101, 201, 301, 401]);
  t.true(Math.abs(step.get('401')! - step.get('301')! - (step.get('101')! - step.get('1')!)) < 0.2);
  t.deepEqual([...xTicks([1e-15, 2e-15, 3e-15]).keys()].slice(1, 4), ['1e-15', '2e-15', '3e-15']);
});

test('a constant has ticks around it', t => {
  const { ticks } = niceTicks(5, 5);
  t.true(ticks[0] < 5 && ticks.at(-1)! > 5);
});

test('a point with an error bar has three more lines', t => {
  const count = (svg: string) => svg.split('<line').length;
  const bare = chart({ series: [{ name: 'S', points: points.map(p => ({ ...p, low: p.y, high: p.y })) }] });
  // The bar reaches from 40 to 60: two more ticks on the axis than 50 to 70 alone may need.
  t.true(count(chart()) >= count(bare) + 1);
  t.is(chart().split('<circle').length - 1, 3, 'two points and one in the legend');
});

test('every text and mark stays inside, whatever the names', t => {
  const name = fc.string({ maxLength: 120, unit: 'grapheme' });
  fc.assert(
    fc.property(
      name,
      name,
      fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 12 }),
      (a, b, ys) => {
        const series = [{ name: a, points: ys.map((y, x) => ({ x, y, low: y - 1, high: y + 1 })) }];
        const svg = lineChart({ title: b, xLabel: a, yLabel: 'Y', series, lines: [{ name: b, y: 0 }] });
        const rights = [
          ...svg.matchAll(/<text x="([^"]*)" y="[^"]*" text-anchor="start"[^>]*>([^<]*)</g),
        ].map(([, x, text]) => Number(x) + 8.2 * text.replace(/&\w+;/g, '?').length);
        const places = [...svg.matchAll(/ (x|y|x1|x2|y1|y2|cx|cy)="([^"]*)"/g)];
        return (
          rights.every(right => right <= 720) &&
          places.every(([, axis, value]) => {
            const v = Number(value);
            return v >= 0 && v <= (axis.includes('x') ? 720 : 440);
          })
        );
      },
    ),
    { numRuns: 60 },
  );
  t.true(chart().endsWith('</svg>\n'));
});

test('markup in a name is text', t => {
  const svg = chart({ title: '<script>&"\u0007' });
  t.true(svg.includes('&lt;script&gt;&amp;&quot;?'));
  t.false(svg.includes('<script>'));
});

test('the same chart is the same text, and none is an error', t => {
  t.is(chart(), chart());
  t.throws(() => chart({ series: [] }), { instanceOf: RangeError });
});
