/** The digital functions against plain float64, and erf against a table. */
import test from 'ava';
import fc from 'fast-check';
import { erf } from '../../../src/base/erf.ts';
import { im2col, pixelRows } from '../../../src/numerics/execute/im2col.ts';
import { type Matrix, matrix } from '../../../src/numerics/execute/matrix.ts';
import { fastGelu } from '../../../src/numerics/execute/vector/gelu-kernel.ts';
import { prepend, slice } from '../../../src/numerics/execute/vector/tokens.ts';
import { batchNorm } from '../../../src/workload/functions/batchnorm.ts';
import { embed } from '../../../src/workload/functions/embed.ts';
import { gelu } from '../../../src/workload/functions/gelu.ts';
import { layerNorm } from '../../../src/workload/functions/layernorm.ts';
import { columnMax } from '../../../src/workload/functions/max.ts';
import { softmax } from '../../../src/workload/functions/softmax.ts';
import { square } from '../../../src/workload/size.ts';
import type { FunctionShape } from '../../../src/workload/vector-function.ts';
import { functionOf } from '../../../src/workload/vector-functions.ts';
import * as oracle from './oracle.ts';

/** Half a unit of float32's last place, and a little. */
const ROUNDING = 1e-7;

const size = fc.integer({ min: 1, max: 9 });
const value = fc.float({ min: -20, max: 20, noNaN: true });
const anyMatrix: fc.Arbitrary<Matrix> = fc
  .tuple(size, size)
  .chain(([rows, columns]) =>
    fc
      .array(value, { minLength: rows * columns, maxLength: rows * columns })
      .map(data => matrix(rows, columns, Float32Array.from(data))),
  );

/** A function without learned values, by its name. */
function computed(fn: string, x: Matrix, options: Partial<FunctionShape> = {}, ...others: Matrix[]): Matrix {
  const { rows, columns: rowLength } = x;
  const shape = { id: fn, rows, rowLength, batch: 1, parameters: 0, ...options };
  const none = (): never => {
    throw new Error('nothing is learned');
  };
  const compute = functionOf({ id: fn, fn }).arithmetic(shape, { norm: none, rows: none, embedding: none });
  return compute([x, ...others], none);
}

const close = (got: Matrix, want: oracle.Rows, tolerance = ROUNDING): boolean =>
  oracle
    .toRows(got)
    .every((row, i) =>
      row.every((v, j) => Math.abs(v - want[i][j]) <= tolerance * (1 + Math.abs(want[i][j]))),
    );

test('erf agrees with the table to 14 places', t => {
  // Abramowitz & Stegun, Table 7.1, to the digits that float64 holds.
  const values: [number, number][] = [
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497148],
    [1.5, 0.9661051464753108],
    [2, 0.9953222650189527],
    [3, 0.9999779095030014],
    [4.5, 0.9999999998033839],
  ];
  for (const [x, y] of values) {
    t.true(Math.abs(erf(x) - y) < 1e-14, `erf(${x}) = ${erf(x)}`);
    t.is(erf(-x), -erf(x));
  }
  t.is(erf(0), 0);
  t.is(erf(Number.POSITIVE_INFINITY), 1);
  t.is(erf(-7), -1);
  t.true(Number.isNaN(erf(Number.NaN)));
  // Near 0 the value goes as 2 x / sqrt(pi), to the relative error that it states.
  t.true(Math.abs((erf(1e-9) / 1e-9 / 2) * Math.sqrt(Math.PI) - 1) < 1e-12);
});

test('erf is the integral between the nodes of its table too', t => {
  for (let x = 0.001; x < 6; x += 0.0137) t.true(Math.abs(erf(x) - oracle.erf(x)) < 1e-12, `${x}`);
});

test('gelu has the same bits in its kernel and in a plain loop', t => {
  const special = [0, -0, 8.485281, 8.48529, -8.48528, 1e-30, 1e38, -1e38, Number.NaN];
  const any = fc.oneof(fc.float({ min: -20, max: 20 }), fc.constantFrom(...special));
  fc.assert(
    fc.property(fc.array(any, { minLength: 1, maxLength: 40 }), numbers => {
      const x = Float32Array.from(numbers);
      const got = fastGelu(matrix(1, x.length, x)).data;
      t.true(x.map(gelu).every((v, i) => Object.is(v, got[i])));
    }),
  );
});

test('activations equal their formulas', t => {
  fc.assert(
    fc.property(anyMatrix, x => {
      const rows = oracle.toRows(x);
      return (
        close(fastGelu(x), oracle.map(rows, oracle.gelu)) &&
        close(computed('gelu', x, { approximate: 'tanh' }), oracle.map(rows, oracle.geluTanh)) &&
        close(computed('tanh', x), oracle.map(rows, Math.tanh)) &&
        close(
          computed('relu', x),
          oracle.map(rows, v => Math.max(0, v)),
          0,
        )
      );
    }),
  );
  // PyTorch's documentation of the two formulas: they differ by 5e-4 at most.
  const x = matrix(1, 1, Float32Array.of(-2));
  t.true(Math.abs(fastGelu(x).data[0] + 0.04550026) < ROUNDING);
  t.true(Math.abs(computed('gelu', x, { approximate: 'tanh' }).data[0] + 0.04540229) < ROUNDING);
});

test('LayerNorm takes the biased variance of the row and adds eps to it', t => {
  // Row [1 3]: mean 2, variance 1; with eps 3 the divisor is 2: [-0.5 0.5], times [2 4] plus [10 20].
  const affine = { gain: Float32Array.of(2, 4), shift: Float32Array.of(10, 20) };
  const y = layerNorm(matrix(1, 2, Float32Array.of(1, 3)), affine, 3);
  t.deepEqual([...y.data], [9, 22]);
  fc.assert(
    fc.property(anyMatrix, fc.constantFrom(1e-12, 1e-6, 1e-3), (x, eps) => {
      const gain = Float32Array.from({ length: x.columns }, (_, i) => 1 + i / 8);
      const shift = gain.map(v => -v);
      return close(
        layerNorm(x, { gain, shift }, eps),
        oracle.layerNorm(oracle.toRows(x), { gain, shift }, eps),
        1e-6,
      );
    }),
  );
});

test('BatchNorm is a gain and a shift per channel', t => {
  const affine = { gain: Float32Array.of(2, 3), shift: Float32Array.of(1, -1) };
  const y = batchNorm(matrix(2, 2, Float32Array.of(1, 2, 3, 4)), affine);
  t.deepEqual([...y.data], [3, 5, 7, 11]);
});

test('softmax works on each head of a row, and large scores do not overflow', t => {
  const y = softmax(matrix(1, 4, Float32Array.of(1000, 1000, -1000, 1000)), 2, 1);
  t.deepEqual([...y.data], [0.5, 0.5, 0, 1]);
  fc.assert(
    fc.property(anyMatrix, fc.constantFrom(0.125, 1, 3), (x, scale) =>
      close(softmax(x, 1, scale), oracle.softmax(oracle.map(oracle.toRows(x), v => v * scale))),
    ),
  );
});

test('sums, factors and column maxima', t => {
  const a = matrix(2, 2, Float32Array.of(1, 2, 3, 4));
  const b = matrix(2, 2, Float32Array.of(10, 0, -10, 20));
  t.deepEqual([...computed('add', a, { scale: 0.5 }, b).data], [6, 2, -2, 14]);
  t.deepEqual([...computed('scale', a, { scale: -2 }).data], [-2, -4, -6, -8]);
  t.deepEqual(columnMax(b), matrix(1, 2, Float32Array.of(10, 20)));
  t.deepEqual([...columnMax(matrix(2, 1, Float32Array.of(-3, -5))).data], [-3]);
});

test('learned tokens stand in front, and a slice takes rows from the start it names', t => {
  const x = matrix(2, 2, Float32Array.of(1, 2, 3, 4));
  const more = prepend(Float32Array.of(7, 8, 9, 10), x);
  t.deepEqual(more, matrix(4, 2, Float32Array.of(7, 8, 9, 10, 1, 2, 3, 4)));
  t.deepEqual(slice(more, 1, 2), matrix(2, 2, Float32Array.of(9, 10, 1, 2)));
});

test('an embedding is the sum of a word, a position and a type', t => {
  const tables = {
    words: Float32Array.of(1, 2, 3),
    positions: Float32Array.of(10, 20, 30),
    types: Float32Array.of(100, 200),
  };
  const y = embed({ words: Int32Array.of(2, 0), types: Int32Array.of(0, 1) }, tables, 1);
  t.deepEqual([...y.data], [113, 221]);
  const error = t.throws(() => embed({ words: Int32Array.of(3) }, tables, 1));
  t.is(error?.message, 'word 0 is 3: its table has rows 0 to 2');
});

test('im2col puts each window in a row, channel by channel, with zeros outside the image', t => {
  // Two channels of 2 x 2 pixels, kernel 2, stride 1, padding 1: 3 x 3 windows; the middle one is the image.
  const image = pixelRows(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), 2, square(2));
  t.deepEqual([...image.data], [1, 5, 2, 6, 3, 7, 4, 8]);
  const [kernel, stride, input, output] = [2, 1, 2, 3].map(square);
  const window = { kernel, stride, padding: square(1), inChannels: 2, input, output };
  const y = im2col(image, window);
  t.deepEqual([...y.data.slice(4 * 8, 5 * 8)], [1, 2, 3, 4, 5, 6, 7, 8]);
  t.deepEqual([...y.data.slice(0, 8)], [0, 0, 0, 1, 0, 0, 0, 5]);
  t.deepEqual([...y.data.slice(8 * 8)], [4, 0, 0, 0, 8, 0, 0, 0]);
});

/** Two segments of two values in each of two rows. */
const pair = { rowLength: 2, batch: 2 };
const two = matrix(2, 4, Float32Array.of(3, 4, 0, 0, -6, 8, 1, 1));

test('a second operand is as large as the first, one row, or one value for each row and segment', t => {
  const row = matrix(1, 4, Float32Array.of(1, 2, 3, 4));
  const segment = matrix(2, 2, Float32Array.of(2, 10, 4, 100));
  const all = (fn: string, second: Matrix, options: Partial<FunctionShape>): number[] => [
    ...computed(fn, two, { ...pair, ...options }, second).data,
  ];
  t.deepEqual(all('multiply', row, { second: 'row' }), [3, 8, 0, 0, -6, 16, 3, 4]);
  t.deepEqual(all('multiply', segment, { second: 'segment' }), [6, 8, 0, 0, -24, 32, 100, 100]);
  t.deepEqual(all('add', row, { second: 'row', scale: -1 }), [2, 2, -3, -4, -7, 6, -2, -3]);
  t.deepEqual(all('add', segment, { second: 'segment' }), [5, 6, 10, 10, -2, 12, 101, 101]);
  t.deepEqual(
    all('divide', segment, { second: 'segment', eps: -1 }),
    [3, 4, 0, 0, -2, 8 / 3, 1 / 99, 1 / 99].map(Math.fround),
  );
  t.deepEqual(all('divide', two, { eps: 1 }), [0.75, 0.8, 0, 0, 1.2, 8 / 9, 0.5, 0.5].map(Math.fround));
});

test('learned factors of columns stand in place of a second operand', t => {
  const shape = { id: 'gamma', rows: 2, rowLength: 4, batch: 1, parameters: 4, second: 'row' } as const;
  const none = (): never => {
    throw new Error('nothing else is learned');
  };
  const learned = { norm: none, embedding: none, rows: () => Float32Array.of(1, 2, 3, 4) };
  const compute = functionOf({ id: 'gamma', fn: 'multiply' }).arithmetic(shape, learned);
  t.deepEqual([...compute([two], none).data], [3, 8, 0, 0, -6, 16, 3, 4]);
});

test('segments of a row share a learned row', t => {
  const shape = { id: 'scale', rows: 2, rowLength: 2, batch: 2, parameters: 2, second: 'row' } as const;
  const none = (): never => {
    throw new Error('nothing else is learned');
  };
  const learned = { norm: none, embedding: none, rows: () => Float32Array.of(1, 2) };
  const compute = functionOf({ id: 'scale', fn: 'divide' }).arithmetic(shape, learned);
  t.deepEqual([...compute([two], none).data], [3, 2, 0, 0, -6, 4, 1, 0.5]);
});

test('norms of segments', t => {
  const all = (fn: string, options: object = {}, ...others: Matrix[]): number[] => [
    ...computed(fn, two, { ...pair, ...options }, ...others).data,
  ];
  const float = (...values: number[]): number[] => values.map(Math.fround);
  t.deepEqual(all('l2norm', { eps: 1e-12 }), float(0.6, 0.8, 0, 0, -0.6, 0.8, Math.SQRT1_2, Math.SQRT1_2));
  // A length below eps is eps.
  t.deepEqual(all('l2norm', { eps: 20 }), float(0.15, 0.2, 0, 0, -0.3, 0.4, 0.05, 0.05));
  // Means 3.5, 0, 1, 1; deviations 0.5, 0, 7, 0.
  t.deepEqual(all('standardise', { eps: 0.5 }), float(-0.5, 0.5, 0, 0, -7 / 7.5, 7 / 7.5, 0, 0));
  t.deepEqual(all('rownorm', { eps: 1 }), float(3 / 8, 0.5, 0, 0, -2, 8 / 3, 1 / 3, 1 / 3));
  const like = matrix(2, 4, Float32Array.of(6, 8, 1, 2, 0, 5, 2, 2));
  t.deepEqual(all('renorm', {}, like), float(6, 8, 0, 0, -3, 4, 2, 2));
  t.deepEqual(all('binarise'), [1, 1, 1, 1, -1, 1, 1, 1]);
  t.deepEqual(all('scale', { scale: 0, offset: 1 }), [1, 1, 1, 1, 1, 1, 1, 1]);
});

test('softmax over columns is softmax over rows of the transpose', t => {
  fc.assert(
    fc.property(anyMatrix, x =>
      close(
        computed('columnsoftmax', x, { scale: 0.5 }),
        oracle.transpose(oracle.softmax(oracle.map(oracle.transpose(oracle.toRows(x)), v => v / 2))),
      ),
    ),
  );
  t.pass();
});

test('a padded window counts zeros in a mean, as PyTorch does, and nothing in a maximum', t => {
  // 2 x 2 pixels of one channel, kernel 3, stride 2, padding 1: one window over all of them.
  const [kernel, stride, input, output] = [3, 2, 2, 1].map(square);
  const window = { kernel, stride, padding: square(1), inChannels: 1, input, output };
  const x = matrix(4, 1, Float32Array.of(-1, -2, -3, -12));
  t.deepEqual([...computed('avgpool', x, { window }).data], [-2]);
  t.deepEqual([...computed('maxpool', x, { window }).data], [-1]);
});
