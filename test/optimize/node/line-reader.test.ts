import test from 'ava';
import { LineReader } from '../../../src/optimize/node/line-reader.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('answers are cut out of whatever pieces come, by their ids', async t => {
  const chatter: string[] = [];
  const reader = new LineReader(line => chatter.push(line));
  const first = reader.answer('é');
  const text = bytes('epoch 1\r\n\n{"id":"é","loss":1}\n{"b":2}\nbye\n');
  for (const byte of text) reader.push(Uint8Array.of(byte));
  t.is((await first).loss, 1);
  t.deepEqual(chatter, ['epoch 1', '{"b":2}', 'bye']);
});

test('what is printed beside the answers is never taken as one', async t => {
  const chatter: string[] = [];
  const reader = new LineReader(line => chatter.push(line));
  const answers: unknown[] = [];
  for (const [id, loss] of [
    ['a', 4.9],
    ['b', 2],
    ['c', 1.06],
  ] as const) {
    const answer = reader.answer(id);
    const noise = `{"epoch":1,"loss":9}\n{'loss': 2.3}\n{"id":"run-7","step":3}\n[1]\n`;
    const late = answers.length > 0 ? '{"id":"a","loss":7}\n' : '';
    reader.push(
      bytes(`${noise}${late}${JSON.stringify({ id, loss })}\n${JSON.stringify({ id, loss: 8 })}\n`),
    );
    answers.push((await answer).loss);
  }
  t.deepEqual(answers, [4.9, 2, 1.06]);
  t.is(chatter.filter(line => line === `{'loss': 2.3}`).length, 3);
  t.is(chatter.filter(line => line.includes('"id": "a"')).length, 1, 'said once');
  t.is(chatter.filter(line => line === '  that is no answer: "a" has been answered').length, 2);
});

test('an answer without an id is refused at once, a line of the log with a loss is not', async t => {
  for (const answer of ['{"loss":1}', '{"loss":1,"accuracy":0.5,"weights":null}', '{"error":"no memory"}']) {
    const chatter: string[] = [];
    const reader = new LineReader(line => chatter.push(line));
    const asked = reader.answer('a');
    reader.push(bytes('{"epoch":3,"loss":2.3}\n'));
    reader.push(bytes(`${answer}\n`));
    await t.throwsAsync(asked, { message: 'its answer has no id: an answer has "id": "a", as the job has' });
    t.is(chatter[0], '{"epoch":3,"loss":2.3}');
  }
});

test('an answer to a job that was not asked for is refused by name', async t => {
  const reader = new LineReader(() => {});
  const answer = reader.answer('a');
  reader.push(bytes('{"id":"b","loss":1}\n'));
  await t.throwsAsync(answer, { message: 'its answer is for "b", not for "a"' });
});

test('an end is told to who waits and who asks later', async t => {
  const reader = new LineReader(() => {});
  const waiting = reader.answer('a');
  reader.fail(new Error('ended'));
  await t.throwsAsync(waiting, { message: 'ended' });
  await t.throwsAsync(reader.answer('b'), { message: 'ended' });
});

test('a line without end is refused before memory is full', async t => {
  const reader = new LineReader(() => {});
  const waiting = reader.answer('a');
  for (let i = 0; i < 20; i++) reader.push(bytes('x'.repeat(100_000)));
  await t.throwsAsync(waiting, { message: /lines of more than 1048576 characters/ });
});
