/** Position embeddings on another grid: the values of PyTorch's interpolate, and what any interpolation fulfils. */
import test from 'ava';
import fc from 'fast-check';
import { type Interpolation, interpolate } from '../../../src/workload/import/interpolate.ts';
import { square } from '../../../src/workload/size.ts';

/** By hand from torch 1.13: F.interpolate(x, size, mode='bicubic', align_corners=False, antialias=...), x = 7 i mod 11 - 5. */
const torch: [number[], Interpolation, number[], number[]][] = [
  [
    [3, 3, 4, 4],
    'plain',
    [-5.918, 1.92822, -3.55161, 4.94141, -0.359058, 2.59033, 1.35889, -3.43066],
    [-3.77445, 4.918],
  ],
  [
    [3, 3, 4, 4],
    'antialias',
    [-5.65688, 1.94776, -3.44021, 4.54601, -0.524992, 2.32899, 1.26119, -3.31343],
    [-3.55241, 4.65688],
  ],
  [
    [3, 3, 5, 2],
    'plain',
    [-5.05053, 3.15294, 0.654906, -0.890031, -1.96403, 2.35678, -0.563547, -2.32659],
    [-0.997656, 4.05053],
  ],
  [
    [3, 3, 5, 2],
    'antialias',
    [-4.45937, 3.52173, 0.254884, 0.0706863, -2.36653, 2.77861, -0.888251, -1.01239],
    [0.0926131, 3.45937],
  ],
  [
    [4, 6, 2, 3],
    'plain',
    [0.706055, 1.59375, 0.262695, -1.50293, -2.125, 0.50293, -0.50293, 2.125],
    [-1.59375, -0.706055],
  ],
  [
    [4, 6, 2, 3],
    'antialias',
    [-0.185259, 1.4279, 0.621491, -0.0339568, -1.16738, -0.949047, 0.949047, 1.16738],
    [-1.4279, 0.185259],
  ],
  [
    [2, 3, 3, 2],
    'plain',
    [-4.9907, 3.13455, 0.632962, -0.90842, -1.17188, 1.96094, -0.767578, -2.08203],
    [-2.16812, -3.25564],
  ],
  [
    [2, 3, 3, 2],
    'antialias',
    [-4.4095, 3.50237, 0.231245, 0.0513216, -1.49518, 2.37079, -1.15008, -1.08026],
    [-2.53141, -2.21184],
  ],
];

for (const [[h, w, H, W], how, first, last] of torch)
  test(`${h} x ${w} to ${H} x ${W}, ${how}: as PyTorch has it`, t => {
    const values = Float32Array.from({ length: 2 * h * w }, (_, i) => ((i * 7) % 11) - 5);
    const got = interpolate(values, 2, { height: h, width: w }, { height: H, width: W }, how);
    t.is(got.length, 2 * H * W);
    const want = [...first, ...last];
    for (const [i, value] of [...got.slice(0, 8), ...got.slice(-2)].entries())
      t.true(Math.abs(value - want[i]) < 2e-5, `${value} for ${want[i]}`);
  });

const side = fc.integer({ min: 1, max: 9 });
const size = fc.record({ height: side, width: side });
const hows = fc.constantFrom<Interpolation>('plain', 'antialias');

test('what is everywhere the same stays so', t => {
  fc.assert(
    fc.property(size, size, hows, (from, to, how) => {
      const values = new Float32Array(from.height * from.width).fill(3);
      t.true(interpolate(values, 1, from, to, how).every(v => Math.abs(v - 3) < 1e-5));
    }),
  );
});

test('a grid of its own size stays as it is', t => {
  const values = Float32Array.from({ length: 18 }, (_, i) => Math.fround(i / 7));
  for (const how of ['plain', 'antialias'] as const)
    for (const [i, v] of interpolate(values, 2, square(3), square(3), how).entries())
      t.true(Math.abs(v - values[i]) < 1e-6);
});
