/** Worker threads: what they are told, what they answer, and how they end. */
import test from 'ava';
import { EXIT, TrexError } from '../../../src/base/errors.ts';
import { siblingScript, startThread } from '../../../src/wasm/node/thread.ts';
import { startThreads } from '../../../src/wasm/node/threads.ts';
import type { Counting } from './counting-worker.ts';

const COUNTING = siblingScript(import.meta.url, 'counting-worker');
const ASKING = siblingScript(import.meta.url, 'asking-worker');
const ITEMS = 5000;

const counting = (fails?: string): Counting => ({
  memory: new SharedArrayBuffer(4 * (ITEMS + 2)),
  items: ITEMS,
  ...(fails !== undefined && { fails }),
});

for (const patient of [false, true])
  test(`a pool does every item of a ${patient ? 'patient' : 'plain'} job once, and knows what it was told before`, async t => {
    const pool = startThreads<number, Counting>(3, COUNTING);
    pool.tell(4);
    const [first, second] = [counting(), counting()];
    const done = pool.run(first, patient);
    pool.tell(5);
    await Promise.all([done, pool.run(second, patient)]);
    for (const [job, noted] of [
      [first, 4],
      [second, 9],
    ] as const) {
      const ints = new Int32Array(job.memory);
      t.is(ints[0], ITEMS + 3);
      t.is(ints[1], 3 * noted);
      t.true(ints.subarray(2).every(by => by >= 1 && by <= 3));
    }
    await pool.close();
  });

test('a job that a thread cannot do fails when all have stopped, and the next one is done', async t => {
  const pool = startThreads<number, Counting>(3, COUNTING);
  await t.throwsAsync(pool.run(counting('accept')), { message: /not accepted/ });
  const job = counting('work');
  await t.throwsAsync(pool.run(job), { message: /not done/ });
  t.is(new Int32Array(job.memory)[0], ITEMS + 2);
  await pool.run(counting());
  await pool.close();
});

test('questions get their own answers; the mistakes of users keep their exit code, bugs their stack', async t => {
  const thread = startThread<number, number>(ASKING);
  t.deepEqual(await Promise.all([1, 2, 3].map(n => thread.ask(n))), [2, 4, 6]);
  const refused = await t.throwsAsync(thread.ask(0), { instanceOf: TrexError });
  t.is(refused.message, 'zero is refused');
  t.is(refused.exitCode, EXIT.usage);
  const bug = await t.throwsAsync(thread.ask(-1));
  t.false(bug instanceof TrexError);
  t.regex(bug.message, /RangeError: a bug\n.*asking-worker/);
  t.is(await thread.ask(4), 8);
  await thread.close();
});

test('a thread that has ended answers nothing any more', async t => {
  const thread = startThread<number, number>(ASKING);
  const message = 'a worker thread has ended';
  await Promise.all([t.throwsAsync(thread.ask(100), { message }), t.throwsAsync(thread.ask(1), { message })]);
  await t.throwsAsync(thread.ask(2), { message });
});

test('a script that is not there is an error of the first question', async t => {
  const thread = startThread<number, number>(siblingScript(import.meta.url, 'no-worker'));
  await t.throwsAsync(thread.ask(1), { any: true, message: /no-worker/ });
});
