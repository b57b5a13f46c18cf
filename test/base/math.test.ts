/** Functions of real numbers: the nearest double, and what is left to the engine has the same bits on every one. */
import { createHash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { cos, expm1, fromDecibels, log1p, log2, log10, pow, sin, toDecibels } from '../../src/base/math.ts';

/** To 40 digits by the arbitrary-precision logarithms of Python's decimal, rounded to the nearest double. */
const NEAREST: readonly (readonly [string, number, number])[] = [
  [
    '1.3030111438258738 ^ 0.4469884280115366',
    pow(1.3030111438258738, 0.4469884280115366),
    1.1255906682809964,
  ],
  ['28/32 ^ 1.5', pow(0.875, 1.5), 0.8184875533567997],
  ['65/32 ^ 1.5', pow(2.03125, 1.5), 2.89497666529078],
  ['10 ^ -0.35', pow(10, -0.35), 0.44668359215096315],
  ['log10 2', log10(2), 0.3010299956639812],
  ['log2 3', log2(3), 1.584962500721156],
  ['expm1 0.01', expm1(0.01), 0.010050167084168058],
  ['log1p 0.01', log1p(0.01), 0.009950330853168083],
  ['sin 1', sin(1), 0.8414709848078965],
  ['cos 3', cos(3), -0.9899924966004454],
];

test('each is the double nearest to the true value', t => {
  for (const [what, ours, right] of NEAREST) t.is(ours, right, what);
});

test('powers of ten and of two are those that are written', t => {
  for (let n = -307; n <= 308; n++) t.is(pow(10, n), Number(`1e${n}`), `10^${n}`);
  for (let n = -1074; n <= 1023; n++) t.is(pow(2, n), 2 ** n, `2^${n}`);
  for (let n = 0; n <= 22; n++) t.is(log10(Number(`1e${n}`)), n);
  for (let n = -1000; n <= 1000; n += 7) t.is(log2(2 ** n), n);
});

test('within a unit of the last place of the functions of the engine', t => {
  const near = (ours: number, theirs: number): boolean =>
    Math.abs(ours - theirs) <= 2.3e-16 * Math.abs(theirs);
  const size = fc.double({ min: 1e-12, max: 1e12, noNaN: true });
  const small = fc.double({ min: -0.9, max: 20, noNaN: true });
  const laws = [
    fc.property(size, fc.double({ min: -9, max: 9, noNaN: true }), (x, y) => near(pow(x, y), x ** y)),
    fc.property(size, x => near(log10(x), Math.log10(x)) && near(log2(x), Math.log2(x))),
    fc.property(small, x => near(expm1(x), Math.expm1(x)) && near(log1p(x), Math.log1p(x))),
    fc.property(small, x => near(sin(x), Math.sin(x)) && near(cos(x), Math.cos(x))),
  ];
  for (const law of laws) t.notThrows(() => fc.assert<unknown>(law as fc.IProperty<unknown>));
});

test('ends of the range are those of IEEE 754', t => {
  t.deepEqual([pow(0, 0), pow(0, -1), pow(0, 2), pow(2, 2000), pow(2, -2000)], [1, Infinity, 0, Infinity, 0]);
  t.deepEqual([pow(-2, 3), pow(-8, 1 / 3), pow(Infinity, -1), pow(0.5, Infinity)], [-8, Number.NaN, 0, 0]);
  t.deepEqual(
    [log10(0), log2(-1), log10(Infinity), expm1(-800), expm1(0)],
    [-Infinity, Number.NaN, Infinity, -1, 0],
  );
  t.deepEqual([toDecibels(100), fromDecibels(30)], [20, 1000]);
});

/** What stays with the engine, on a grid of doubles: another hash on a new Node means results with other last digits there. */
test('Math.exp, Math.log, Math.tanh, x ** 2 and 2 ** n have the same bits on every Node', t => {
  const values = Array.from({ length: 20_000 }, (_, i) => (i + 1) * 0.00137 + i / 2 ** 30);
  const functions: readonly ((x: number) => number)[] = [
    x => Math.exp(x),
    x => Math.exp(-x),
    x => Math.log(x),
    x => Math.tanh(x / 8),
    x => Math.sqrt(x),
  ];
  const bits = Float64Array.from(functions.flatMap(f => values.map(f)));
  t.is(
    createHash('sha256').update(new Uint8Array(bits.buffer)).digest('hex').slice(0, 16),
    '99eeed8b2cefcb8c',
  );
  for (const x of values) t.is(x ** 2, x * x);
});
