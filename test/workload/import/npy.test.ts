/** .npy arrays come back as NumPy has them, in every number type, order and byte order. */
import test from 'ava';
import fc from 'fast-check';
import { TrexError } from '../../../src/base/errors.ts';
import { npyTensor, parseNpy } from '../../../src/workload/import/npy.ts';
import { writeNpy } from '../../../src/workload/import/npy-writer.ts';

/** A file from its header and data, as the format describes it. */
function npy(header: string, data: ArrayBufferView | number[] = [], version = 1): Uint8Array {
  const bytes = Array.isArray(data)
    ? Uint8Array.from(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const text = new TextEncoder().encode(header);
  const length = version === 1 ? [0, 0] : [0, 0, 0, 0];
  for (let i = 0; i < length.length; i++) length[i] = (text.length >> (8 * i)) & 255;
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    version,
    0,
    ...length,
    ...text,
    ...bytes,
  ]);
}

const header = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape}), }   \n`;

test('a file that NumPy 2 wrote: np.save of [[1, 2], [3, 4]] in float32', t => {
  const text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }".padEnd(117);
  const file = npy(`${text}\n`, Float32Array.of(1, 2, 3, 4));
  t.is(file.length, 128 + 16);
  t.deepEqual(parseNpy(file), { dtype: 'f4', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
  t.deepEqual(writeNpy(Float32Array.of(1, 2, 3, 4), [2, 2]), file);
});

const types: [string, ArrayBufferView, ReturnType<typeof parseNpy>['data']][] = [
  ['<f8', Float64Array.of(0.1, -2), Float64Array.of(0.1, -2)],
  ['<f4', Float32Array.of(1.5, -2), Float32Array.of(1.5, -2)],
  ['<f2', Uint16Array.of(0x3c00, 0x0001), Float32Array.of(1, 2 ** -24)],
  ['|i1', Int8Array.of(-1, 2), Int8Array.of(-1, 2)],
  ['|u1', Uint8Array.of(255, 2), Uint8Array.of(255, 2)],
  ['|b1', Uint8Array.of(0, 1), Uint8Array.of(0, 1)],
  ['<i2', Int16Array.of(-300, 2), Int16Array.of(-300, 2)],
  ['<u2', Uint16Array.of(65535, 2), Uint16Array.of(65535, 2)],
  ['<i4', Int32Array.of(-70000, 2), Int32Array.of(-70000, 2)],
  ['<u4', Uint32Array.of(2 ** 32 - 1, 2), Uint32Array.of(2 ** 32 - 1, 2)],
  ['<i8', BigInt64Array.of(-(2n ** 53n) + 1n, 2n), Float64Array.of(-(2 ** 53) + 1, 2)],
  ['<u8', BigUint64Array.of(2n ** 53n - 1n, 2n), Float64Array.of(2 ** 53 - 1, 2)],
];

for (const [descr, values, wanted] of types) {
  test(`${descr} is read`, t => {
    t.deepEqual(parseNpy(npy(header(descr, '2,'), values)).data, wanted);
  });
  if (descr[0] === '|') continue;
  const swapped = descr.replace('<', '>');
  test(`${swapped} is read, its bytes in the other order`, t => {
    const width = Number(descr[2]);
    const bytes = new Uint8Array(values.buffer.slice(0) as ArrayBuffer);
    for (let i = 0; i < bytes.length; i += width) bytes.subarray(i, i + width).reverse();
    t.deepEqual(parseNpy(npy(header(swapped, '2,'), bytes)).data, wanted);
  });
}

for (const version of [1, 2, 3])
  test(`version ${version} is read`, t => {
    t.deepEqual(parseNpy(npy(header('<i4', '1,'), Int32Array.of(7), version)).data, Int32Array.of(7));
  });

test('Fortran order has the first index fastest', t => {
  // Columns of [[1, 2, 3], [4, 5, 6]] one after the other.
  const file = npy(header('<f4', '2, 3', 'True'), Float32Array.of(1, 4, 2, 5, 3, 6));
  t.deepEqual(parseNpy(file).data, Float32Array.of(1, 2, 3, 4, 5, 6));
});

test('Fortran order of any shape is the same array with its indices reversed', t => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }), shape => {
      const size = shape.reduce((a, b) => a * b, 1);
      const stored = Int32Array.from({ length: size }, (_, i) => i);
      const { data } = parseNpy(npy(header('<i4', `${shape.join(',')},`.replace(/^,$/, ''), 'True'), stored));
      // Element [i, j, ...] stands at i + j * n0 + ... in the file.
      for (let flat = 0; flat < size; flat++) {
        let rest = flat;
        const index = shape.map(() => 0);
        for (let axis = shape.length - 1; axis >= 0; axis--) {
          index[axis] = rest % shape[axis];
          rest = Math.floor(rest / shape[axis]);
        }
        const place = index.reduceRight((sum, x, axis) => sum * shape[axis] + x, 0);
        if (data[flat] !== place) return false;
      }
      return true;
    }),
  );
  t.is(parseNpy(npy(header('<i4', '', 'True'), Int32Array.of(3))).data[0], 3);
});

test('what is written comes back', t => {
  const shape = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 });
  fc.assert(
    fc.property(shape, fc.constantFrom('f', 'i', 'b'), (dims, kind) => {
      const size = dims.reduce((a, b) => a * b, 1);
      const numbers = Array.from({ length: size }, (_, i) => i - 3);
      const data =
        kind === 'f'
          ? Float32Array.from(numbers)
          : kind === 'i'
            ? Int32Array.from(numbers)
            : BigInt64Array.from(numbers, BigInt);
      const file = writeNpy(data, dims);
      const back = parseNpy(file);
      t.deepEqual(back.shape, dims);
      t.deepEqual([...back.data], numbers);
      t.is((file.length - data.byteLength) % 64, 0);
    }),
  );
  t.throws(() => writeNpy(new Float32Array(3), [2]), { message: /3 values do not make an array \[2\]/ });
});

const refused: [string, Uint8Array, RegExp][] = [
  ['an empty file', new Uint8Array(), /does not begin/],
  ['another file', new Uint8Array(100), /does not begin/],
  ['version 9', npy(header('<f4', ''), [], 9), /format version 9/],
  ['half a length', npy(header('<f4', ''), [], 2).slice(0, 11), /truncated/],
  ['half a header', npy(header('<f4', '1,')).slice(0, 30), /truncated/],
  ['a header of a million bytes', npy(' '.repeat(1e6), [], 2), /header of 1000000 bytes, more than 10000/],
  ['no dictionary', npy('hello world hello\n'), /its header is not/],
  ['no shape', npy("{'descr': '<f4', 'fortran_order': False}"), /its header is not/],
  [
    'a structured array',
    npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}"),
    /structured/,
  ],
  ['Python objects', npy(header('|O', '1,')), /numbers of type '\|O'; known: f2, f4/],
  ['text', npy(header('<U8', '1,')), /numbers of type '<U8'/],
  ['complex numbers', npy(header('<c8', '1,'), [0, 0, 0, 0, 0, 0, 0, 0]), /numbers of type '<c8'/],
  ['a negative dimension', npy(header('<f4', '-1,')), /its header is not/],
  ['2^62 values', npy(header('<f4', '4611686018427387904,')), /impossible shape/],
  [
    '2^31 images on 10 bytes',
    npy(header('|u1', '2147483648, 28, 28'), [1, 2, 3]),
    /3 bytes of data, but u1 .* takes 1683627180032/,
  ],
  [
    'too few values',
    npy(header('<f4', '3,'), Float32Array.of(1, 2)),
    /8 bytes of data, but f4 \[3\] takes 12/,
  ],
  ['too many values', npy(header('<f4', '1,'), Float32Array.of(1, 2)), /8 bytes of data/],
  [
    'an integer beyond 2^53',
    npy(header('<i8', '2,'), BigInt64Array.of(1n, 2n ** 53n)),
    /element 1 is 9007199254740992, beyond/,
  ],
  ['33 dimensions', npy(header('|u1', '1,'.repeat(33)), [1]), /33 dimensions/],
];

for (const [what, bytes, message] of refused)
  test(`npy refused: ${what}`, t => {
    const error = t.throws(() => parseNpy(bytes, 'x.npy'), { instanceOf: TrexError, message });
    t.is(error.exitCode, 3);
    t.true(error.message.startsWith('x.npy: '));
  });

test('as a tensor of weights an array is float32, and its bad values are found', t => {
  const array = parseNpy(npy(header('<f8', '3,'), Float64Array.of(0.1, 2, Number.NaN)));
  const tensor = npyTensor('w', array, 'x.npz');
  t.deepEqual([tensor.dtype, tensor.size], ['F64', 3]);
  t.deepEqual(tensor.data(0, 2), Float32Array.of(0.1, 2));
  t.throws(() => tensor.data(), { message: 'x.npz: tensor w: element 2 is NaN in float32' });
});
