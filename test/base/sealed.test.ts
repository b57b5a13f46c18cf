import test from 'ava';
import fc from 'fast-check';
import { openedBytes, openedLine, sealedBytes, sealedLine } from '../../src/base/sealed.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const line = (entry: object): Uint8Array => bytes(sealedLine(entry).slice(0, -1));

test('a line is JSON, its checksum first', t => {
  const text = sealedLine({ key: 'é', value: [1, null] });
  t.regex(text, /^\{"check":"[0-9a-f]{8}","key":"é","value":\[1,null\]\}\n$/);
  t.deepEqual(openedLine(bytes(text.slice(0, -1))), { content: { key: 'é', value: [1, null] } });
  t.is(JSON.parse(text).key, 'é');
});

test('no changed byte of a line or of a file goes unnoticed', t => {
  const content = { key: 'analog/0/1', value: { top1: 14, loss: 2.25 } };
  const binary = Uint8Array.from({ length: 300 }, (_, i) => (i * 37) % 256);
  for (const [sealed, opened] of [
    [line(content), openedLine],
    [sealedBytes(binary), openedBytes],
  ] as const)
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const other = sealed.slice();
        other[at] ^= flip;
        t.true('wrong' in opened(other));
      }),
      { numRuns: 500, seed: 1 },
    );
});

test('what was cut off, or added to, is refused', t => {
  const sealed = sealedBytes(Uint8Array.of(1, 2, 3));
  t.deepEqual(openedBytes(sealed), { content: Uint8Array.of(1, 2, 3) });
  for (let length = 0; length < sealed.length; length++)
    t.true('wrong' in openedBytes(sealed.slice(0, length)), `${length}`);
  t.true('wrong' in openedBytes(Uint8Array.from([...sealed, 0])));
});

test('a file without a checksum is told apart from one that was changed', t => {
  t.deepEqual(openedLine(bytes('{"key":"float32/0"}')), {
    wrong: 'has no checksum: it is damaged, or was not written by this version of trex',
  });
  const [, sum] = /"check":"(.{8})"/.exec(sealedLine({ a: 1 }))!;
  const changed = openedLine(bytes(sealedLine({ a: 1 }).replace('"a":1', '"a":2').slice(0, -1)));
  t.regex('wrong' in changed ? changed.wrong : '', new RegExp(`^has checksum .{8}, expected ${sum}: `));
});
