/** A broken or hostile .safetensors file is refused with one message, and without taking memory for what it claims. */
import test from 'ava';
import fc from 'fast-check';
import { TrexError } from '../../../src/base/errors.ts';
import { parseSafetensors } from '../../../src/workload/import/safetensors.ts';

/** A file from header text and data, both as they come. */
function file(header: string | Uint8Array, dataBytes = 0, declared?: bigint): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, declared ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const info = (shape: string, begin: number | string, end: number | string, dtype = 'F32') =>
  `{"dtype":"${dtype}","shape":[${shape}],"data_offsets":[${begin},${end}]}`;

const cases: [string, Uint8Array, RegExp][] = [
  ['an empty file', new Uint8Array(), /0 bytes are too short/],
  ['7 bytes', new Uint8Array(7), /7 bytes are too short/],
  ['a header of 2^60 bytes', file('{}', 0, 2n ** 60n), /1152921504606846976 bytes, more than 100000000/],
  ['a header of 2^64 - 1 bytes', file('{}', 0, 2n ** 64n - 1n), /more than 100000000/],
  ['a header longer than the file', file('{}', 0, 50n), /header of 50 bytes, but only 2 follow/],
  ['no header', file(''), /expected a JSON value at character 0/],
  ['a header that is not JSON', file('hello'), /not the JSON of a safetensors file/],
  ['a header that ends early', file('{"a":{"dtype"'), /expected ':'/],
  ['two JSON values', file('{}{}'), /something follows/],
  ['a header that is an array', file('[]'), /must be a JSON object, got an array/],
  ['a header that is a number', file('3'), /must be a JSON object, got a number/],
  ['a header that is not UTF-8', file(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)), /not UTF-8/],
  ['a byte order mark', file('\uFEFF{}'), /not the JSON/],
  [
    'a name that is there twice',
    file(`{"a":${info('', 0, 4)},"a":${info('', 4, 8)}}`, 8),
    /'a' is there twice/,
  ],
  ['a name twice by its escape', file(`{"a":${info('', 0, 4)},"\\u0061":${info('', 4, 8)}}`, 8), /twice/],
  ['a tensor with two shapes', file('{"a":{"shape":[1],"shape":[2]}}'), /'shape' is there twice/],
  ['metadata that is no object', file('{"__metadata__":3}'), /__metadata__ must be an object/],
  [
    'metadata that is no text',
    file('{"__metadata__":{"a":3}}'),
    /__metadata__.a must be a string, got a number/,
  ],
  ['a tensor that is no object', file('{"a":[1]}'), /tensor a: expected an object, got an array/],
  ['a tensor without dtype', file('{"a":{"shape":[],"data_offsets":[0,4]}}', 4), /dtype must be a string/],
  ['an unknown dtype', file(`{"a":${info('4', 0, 2, 'F4')}}`, 2), /unknown dtype F4; known: F64, F32, F16/],
  [
    'a dtype that is a property name',
    file(`{"a":${info('', 0, 4, 'toString')}}`, 4),
    /unknown dtype toString/,
  ],
  ['a tensor without shape', file('{"a":{"dtype":"F32","data_offsets":[0,4]}}', 4), /shape must be an array/],
  ['a negative dimension', file(`{"a":${info('-1', 0, 4)}}`, 4), /impossible shape \[-1\]/],
  ['a broken dimension', file(`{"a":${info('1.5', 0, 6)}}`, 6), /impossible shape \[1.5\]/],
  ['a dimension that is text', file(`{"a":${info('"1"', 0, 4)}}`, 4), /impossible shape/],
  ['a huge dimension', file(`{"a":${info('1152921504606846976', 0, 4)}}`, 4), /impossible shape/],
  ['dimensions that overflow', file(`{"a":${info('4294967296,4294967296', 0, 4)}}`, 4), /impossible shape/],
  ['a dimension of 1e400', file(`{"a":${info('1e400', 0, 4)}}`, 4), /impossible shape/],
  ['offsets that are missing', file('{"a":{"dtype":"F32","shape":[]}}'), /data_offsets must be/],
  [
    'three offsets',
    file('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,8]}}', 8),
    /data_offsets must be/,
  ],
  ['a negative offset', file(`{"a":${info('', -4, 0)}}`), /data_offsets must be/],
  ['offsets in the wrong order', file(`{"a":${info('', 4, 0)}}`, 4), /\[4, 0\] are no range/],
  [
    'too few bytes for the shape',
    file(`{"a":${info('2', 0, 4)}}`, 4),
    /4 bytes of data, but F32 \[2\] takes 8/,
  ],
  [
    'too many bytes for the shape',
    file(`{"a":${info('2', 0, 12)}}`, 12),
    /12 bytes of data, but F32 \[2\] takes 8/,
  ],
  [
    'a tensor beyond the data',
    file(`{"a":${info('4', 0, 16)}}`, 12),
    /tensor a ends at byte 16 .* has 12: truncated/,
  ],
  [
    'overlapping tensors',
    file(`{"a":${info('2', 0, 8)},"b":${info('2', 4, 12)}}`, 12),
    /tensors a and b overlap/,
  ],
  [
    'the same bytes twice',
    file(`{"a":${info('2', 0, 8)},"b":${info('2', 0, 8)}}`, 8),
    /tensors a and b overlap/,
  ],
  [
    'a gap',
    file(`{"a":${info('', 0, 4)},"b":${info('', 8, 12)}}`, 12),
    /4 bytes before tensor b belong to no/,
  ],
  ['bytes after the last tensor', file(`{"a":${info('', 0, 4)}}`, 9), /5 bytes after a belong to no tensor/],
  ['deep nesting', file(`{"a":${'['.repeat(1e6)}`), /nested deeper than 3/],
  [
    'a shape of a million dimensions',
    file(`{"a":{"shape":[${'1,'.repeat(1e6)}1]}}`),
    /more than 64 elements/,
  ],
];

for (const [what, bytes, message] of cases)
  test(`safetensors refused: ${what}`, t => {
    const error = t.throws(() => parseSafetensors(bytes, 'x.safetensors'), {
      instanceOf: TrexError,
      message,
    });
    t.is(error.exitCode, 3);
    t.true(error.message.startsWith('x.safetensors: '));
    t.false(error.message.includes('\n'));
  });

test('a name that is endless or steers the terminal is cut and cleaned in the message', t => {
  const name = `\\u001b[31m${'x'.repeat(1e6)}`;
  const error = t.throws(() => parseSafetensors(file(`{"${name}":3}`)), { instanceOf: TrexError });
  t.is(error.message, `safetensors: tensor ?[31m${'x'.repeat(95)}...: expected an object, got a number`);
});

test('trailing spaces of the header are allowed, as the format pads with them', t => {
  const { tensors } = parseSafetensors(file(`{"a":${info('', 0, 4)}}     \n`, 4));
  t.deepEqual([...tensors.keys()], ['a']);
});

test('names that objects know by themselves are names like any other', t => {
  const { tensors } = parseSafetensors(
    file(`{"__proto__":${info('', 0, 4)},"constructor":${info('', 4, 8)}}`, 8),
  );
  t.deepEqual([...tensors.keys()], ['__proto__', 'constructor']);
});

test('any damage to a file ends in a TrexError or in a file that still makes sense', t => {
  const good = file(`{"ab":${info('2', 0, 8)},"c":${info('1,1', 8, 12)}}`, 12);
  const edit = fc.record({ at: fc.nat(good.length - 1), byte: fc.nat(255), cut: fc.nat(good.length) });
  fc.assert(
    fc.property(edit, ({ at, byte, cut }) => {
      const bytes = good.slice(0, cut);
      if (at < cut) bytes[at] = byte;
      try {
        for (const tensor of parseSafetensors(bytes).tensors.values()) tensor.data();
        return true;
      } catch (error) {
        return error instanceof TrexError;
      }
    }),
    { numRuns: 2000 },
  );
  t.is(parseSafetensors(good).tensors.size, 2);
});
