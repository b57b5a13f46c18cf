import test from 'ava';
import { hashCounter, streamKey } from '../../../src/base/random.ts';
import { drawZ, mantissa, scaled, sigmaScale } from '../../../src/numerics/noise/gaussian.ts';
import { normalQuantile, normalTable, WINDOW, Z_TABLE } from '../../../src/numerics/noise/normal-table.ts';

const close = (a: number, b: number, tolerance: number): boolean => Math.abs(a - b) <= tolerance;

test('the normal quantile agrees with tables', t => {
  t.is(normalQuantile(0.5), 0);
  t.true(close(normalQuantile(0.975), 1.959963984540054, 1e-14));
  t.true(close(normalQuantile(1e-3), -3.090232306167813, 1e-14));
  t.true(close(normalQuantile(1e-9), -5.997807015007686, 1e-13));
});

test('noise is normal in mean, variance, kurtosis and tails', t => {
  const key = streamKey(1, 'moments');
  const n = 1_000_000;
  let [m1, m2, m4, m6, beyond3] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const z = drawZ(key, i) / 512;
    m1 += z / n;
    m2 += (z * z) / n;
    m4 += z ** 4 / n;
    m6 += z ** 6 / n;
    if (Math.abs(z) > 3) beyond3++;
  }
  t.true(close(m1, 0, 0.004), `mean ${m1}`);
  t.true(close(m2, 1, 0.006), `variance ${m2}`);
  t.true(close(m4 / m2 ** 2, 3, 0.04), `kurtosis ${m4}`);
  t.true(close(m6 / m2 ** 3, 15, 0.6), `sixth moment ${m6}`);
  t.true(close(beyond3 / n, 0.0027, 0.0002), `beyond 3 sigma ${beyond3 / n}`);
});

test('the table has mean zero, the variance asked for, and repeats its first window at the end', t => {
  for (const sigma of [512, 3000.5]) {
    const table = normalTable(sigma);
    const entries = table.subarray(0, 4096);
    t.is(
      entries.reduce((sum, x) => sum + x, 0),
      0,
    );
    const variance = entries.reduce((sum, x) => sum + x * x, 0) / 4096;
    t.true(close((2 * variance) / sigma ** 2, 1, 1e-5));
    t.deepEqual(table.subarray(4096), table.subarray(0, WINDOW));
  }
});

test('columns of one strip are uncorrelated, and so is their sum', t => {
  const key = streamKey(1, 'strips');
  const n = 100_000;
  for (const strip of [16, 32]) {
    const neighbours = new Float64Array(strip);
    let sumVariance = 0;
    for (let i = 0; i < n; i++) {
      const hash = hashCounter(key, i);
      const [a, b] = [hash >> 12, hash & 4095];
      let sum = 0;
      for (let col = 0; col < strip; col++) {
        const z = (Z_TABLE[a + col] + Z_TABLE[b + col]) / 512;
        neighbours[col] += ((Z_TABLE[a] + Z_TABLE[b]) / 512) * (z / n);
        sum += z;
      }
      sumVariance += (sum * sum) / strip / n;
    }
    t.true(close(sumVariance, 1, 0.05), `sum over ${strip} columns: ${sumVariance}`);
    t.true(
      neighbours.subarray(1).every(r => Math.abs(r) < 0.04),
      `correlation ${neighbours}`,
    );
  }
});

test('a fixed-point deviation keeps three digits and its noise stays exact in float32', t => {
  for (const sigma of [0.5, 3, 410, 8192, 800_000]) {
    const scale = sigmaScale(sigma);
    const m = mantissa(sigma, scale);
    t.true(m <= 4095);
    t.true(close(m / 2 ** scale.exponent / sigma, 1, 1e-3));
    const product = m * 2657 + 2 ** (scale.shift - 1);
    t.true(product < 2 ** 24);
    t.is(scaled(m, 512, scale), Math.floor(m / 2 ** scale.exponent + 0.5));
  }
});
