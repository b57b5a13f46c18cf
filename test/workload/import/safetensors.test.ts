/** A .safetensors file gives back what was written, in every number type. */
import test from 'ava';
import fc from 'fast-check';
import { TrexError } from '../../../src/base/errors.ts';
import { parseSafetensors } from '../../../src/workload/import/safetensors.ts';
import { type TensorToWrite, writeSafetensors } from '../../../src/workload/import/safetensors-writer.ts';

const raw = (dtype: string, values: ArrayBufferView, shape: readonly number[]): TensorToWrite => ({
  dtype,
  shape,
  bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
});

const read = (tensor: TensorToWrite) =>
  parseSafetensors(writeSafetensors(new Map([['x', tensor]]))).tensors.get('x')!;

const sorted = (pairs: Iterable<[string, string]>) => [...pairs].sort(([a], [b]) => (a < b ? -1 : 1));

const finiteFloat = fc.float({ noNaN: true, noDefaultInfinity: true });

test('tensors and metadata come back bit for bit', t => {
  const entry = fc.tuple(fc.string({ unit: 'grapheme' }), fc.array(finiteFloat), fc.boolean());
  fc.assert(
    fc.property(
      fc.uniqueArray(entry, { selector: e => e[0] }),
      fc.dictionary(fc.string(), fc.string()),
      (list, texts) => {
        // A text that is the name of a tensor makes an alias.
        const names = new Set(list.map(([name]) => name));
        const meta = Object.fromEntries(Object.entries(texts).filter(([, text]) => !names.has(text)));
        const tensors = new Map<string, TensorToWrite>();
        for (const [name, values, row] of list) {
          const shape = row ? [1, values.length] : [values.length];
          if (name !== '__metadata__') tensors.set(name, { shape, data: Float32Array.from(values) });
        }
        const back = parseSafetensors(writeSafetensors(tensors, meta));
        t.deepEqual([...back.tensors.keys()], [...tensors.keys()]);
        for (const [name, tensor] of tensors) {
          t.deepEqual(back.tensors.get(name)!.shape, tensor.shape);
          t.deepEqual(back.tensors.get(name)!.data(), (tensor as { data: Float32Array }).data);
        }
        t.deepEqual(sorted(back.metadata), sorted(Object.entries(meta)));
      },
    ),
  );
});

test('the same tensors give the same bytes, whatever the order of the metadata', t => {
  const tensors = new Map([['a', { shape: [2], data: Float32Array.of(1, 2) }]]);
  const bytes = writeSafetensors(tensors, { b: '2', a: '1' });
  t.deepEqual(writeSafetensors(tensors, { a: '1', b: '2' }), bytes);
  const header = '{"__metadata__":{"a":"1","b":"2"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
  t.is(new TextDecoder().decode(bytes.subarray(8, 8 + header.length)), header);
  t.is(bytes.length % 8, 0);
});

test('every number type becomes float32', t => {
  const values = {
    F64: raw('F64', Float64Array.of(0.1, -3), [2]),
    F16: raw('F16', Uint16Array.of(0x3c00, 0x8001), [2]),
    BF16: raw('BF16', Uint16Array.of(0x3fc0, 0xbf80), [2]),
    I64: raw('I64', BigInt64Array.of(-5n, 2n ** 40n), [2]),
    U64: raw('U64', BigUint64Array.of(7n, 2n ** 63n), [2]),
    I32: raw('I32', Int32Array.of(-70000, 3), [2]),
    U32: raw('U32', Uint32Array.of(4294967295, 3), [2]),
    I16: raw('I16', Int16Array.of(-300, 3), [2]),
    U16: raw('U16', Uint16Array.of(65535, 3), [2]),
    I8: raw('I8', Int8Array.of(-128, 127), [2]),
    U8: raw('U8', Uint8Array.of(255, 1), [2]),
    BOOL: raw('BOOL', Uint8Array.of(0, 1), [2]),
  };
  const got = Object.values(values).map(tensor => [...read(tensor).data()]);
  t.deepEqual(got, [
    [Math.fround(0.1), -3],
    [1, -(2 ** -24)],
    [1.5, -1],
    [-5, 2 ** 40],
    [7, 2 ** 63],
    [-70000, 3],
    [4294967296, 3],
    [-300, 3],
    [65535, 3],
    [-128, 127],
    [255, 1],
    [0, 1],
  ]);
});

test('a tensor that does not begin at a multiple of its size is read, and a part of it alone', t => {
  const bytes = writeSafetensors(
    new Map([
      ['odd', raw('U8', Uint8Array.of(9), [1])],
      ['x', { shape: [4], data: Float32Array.of(1, 2, 3, 4) }],
    ]),
  );
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  const x = parseSafetensors(shifted.subarray(3)).tensors.get('x')!;
  t.deepEqual(x.data(), Float32Array.of(1, 2, 3, 4));
  t.deepEqual(x.data(1, 3), Float32Array.of(2, 3));
});

test('scalars and empty tensors have their place', t => {
  const scalar = read({ shape: [], data: Float32Array.of(7) });
  t.deepEqual([scalar.size, ...scalar.data()], [1, 7]);
  t.is(read({ shape: [0, 3], data: new Float32Array() }).data().length, 0);
});

const notFinite: [string, TensorToWrite, RegExp][] = [
  ['NaN', { shape: [3], data: Float32Array.of(1, 2, Number.NaN) }, /tensor x: element 2 is NaN/],
  ['an infinite half', raw('F16', Uint16Array.of(0x7c00), [1]), /tensor x: element 0 is Infinity/],
  ['a NaN bfloat16', raw('BF16', Uint16Array.of(0, 0x7fc0), [2]), /tensor x: element 1 is NaN/],
  ['a double beyond float32', raw('F64', Float64Array.of(-1e300), [1]), /element 0 is -Infinity in float32/],
];

for (const [what, tensor, message] of notFinite)
  test(`${what} is found when the tensor is converted`, t => {
    const x = read(tensor);
    const error = t.throws(() => x.data(), { instanceOf: TrexError, message });
    t.is(error.exitCode, 3);
  });

test('the index of a bad value counts from the start of the tensor', t => {
  const x = read({ shape: [4], data: Float32Array.of(1, 2, 3, Number.NaN) });
  t.deepEqual(x.data(0, 3), Float32Array.of(1, 2, 3));
  t.throws(() => x.data(2, 4), { message: /element 3 is NaN/ });
});

test('the writer refuses a shape that does not fit its values', t => {
  const write = (tensor: TensorToWrite) => () => writeSafetensors(new Map([['x', tensor]]));
  t.throws(write({ shape: [3], data: new Float32Array(2) }), { message: /8 bytes do not make F32 \[3\]/ });
  t.throws(write({ shape: [1], dtype: 'F3', bytes: new Uint8Array(1) }), { message: /do not make F3/ });
  t.throws(() => writeSafetensors(new Map([['__metadata__', { shape: [0], data: new Float32Array() }]])), {
    message: /may be called __metadata__/,
  });
});

test('a tensor that is stored once has the names that the metadata gives it', t => {
  const tensors = new Map([['a.weight', { shape: [2], data: Float32Array.of(1, 2) }]]);
  const metadata = { 'b.weight': 'a.weight', format: 'pt', 'a.weight': 'a.weight' };
  const back = parseSafetensors(writeSafetensors(tensors, metadata)).tensors;
  t.deepEqual([...back.keys()], ['a.weight', 'b.weight']);
  t.is(back.get('b.weight')!.name, 'b.weight');
  t.deepEqual(back.get('b.weight')!.data(), Float32Array.of(1, 2));
});
