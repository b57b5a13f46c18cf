import test from 'ava';
import { LineReader } from '../../../src/optimize/node/line-reader.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('answers are cut out of whatever pieces come', async t => {
  const chatter: string[] = [];
  const reader = new LineReader(line => chatter.push(line));
  const first = reader.next();
  const text = bytes('epoch 1\r\n\n{"a":"é"}\n{"b":2}\nbye\n');
  for (const byte of text) reader.push(Uint8Array.of(byte));
  t.is(await first, '{"a":"é"}');
  t.is(await reader.next(), '{"b":2}');
  t.deepEqual(chatter, ['epoch 1', 'bye']);
});

test('what came before the end is still given, then the end', async t => {
  const reader = new LineReader(() => {});
  reader.push(bytes('{"a":1}\n'));
  reader.fail(new Error('ended'));
  t.is(await reader.next(), '{"a":1}');
  await t.throwsAsync(reader.next(), { message: 'ended' });
});

test('a line without end is refused before memory is full', async t => {
  const reader = new LineReader(() => {});
  const waiting = reader.next();
  for (let i = 0; i < 20; i++) reader.push(bytes('x'.repeat(100_000)));
  await t.throwsAsync(waiting, { message: /lines of more than 1048576 characters/ });
});
