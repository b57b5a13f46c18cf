import test from 'ava';
import fc from 'fast-check';
import { type BarPanel, barChart } from '../../src/report/bar-chart.ts';

const panel = (values: Record<string, number>[], title = 'P'): BarPanel => ({
  title,
  bars: values.map((parts, i) => ({
    name: `bar ${i}`,
    label: `${i}`,
    parts: Object.entries(parts).map(([name, value]) => ({ name, value })),
  })),
});

/** Widths of the coloured parts, in the order of drawing. */
const widths = (svg: string): number[] =>
  [...svg.matchAll(/<rect x="[^"]+" y="[^"]+" width="([^"]+)" height="22"/g)].map(([, w]) => Number(w));

test('parts are as wide as their values, on one scale per panel', t => {
  const [a, b, c] = widths(barChart('T', [panel([{ adc: 3, array: 1 }, { adc: 2 }])]));
  t.true(Math.abs(a / b - 3) < 0.01);
  t.true(Math.abs(c / b - 2) < 0.01);
});

test('beyond six components the smallest are one grey rest', t => {
  const parts = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`part${i}`, 9 - i]));
  const svg = barChart('T', [panel([parts])]);
  const drawn = widths(svg);
  t.is(drawn.length, 7);
  t.true(Math.abs(drawn[6] / drawn[0] - 6 / 9) < 0.01, 'the rest is 3 + 2 + 1');
  t.true(svg.includes('>rest</text>'));
});

test('a component has one colour in all panels', t => {
  const svg = barChart('T', [panel([{ adc: 3, array: 1 }]), panel([{ array: 5, adc: 1 }])]);
  const colors = [...svg.matchAll(/height="22" fill="([^"]+)"/g)].map(([, color]) => color);
  t.is(colors.length, 4);
  t.deepEqual(colors, [colors[0], colors[1], colors[1], colors[0]]);
});

test('a zero bar, long names and markup stay inside and are text', t => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 90, unit: 'grapheme' }),
      fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 9 }),
      (name, values) => {
        const parts = values.map((value, i) => ({ name: `${name}${i}`, value }));
        const svg = barChart(name, [{ title: name, bars: [{ name, label: name, parts }] }]);
        const xs = [...svg.matchAll(/ x="([^"]*)"(?: y="[^"]*" width="([^"]*)")?/g)];
        return xs.every(([, x, w]) => Number(x) >= 0 && Number(x) + Number(w ?? 0) <= 760.01);
      },
    ),
    { numRuns: 60 },
  );
  t.false(barChart('<script>', [panel([{ '<b>': 0 }])]).includes('<script>'));
  t.throws(() => barChart('T', []), { instanceOf: RangeError });
});
