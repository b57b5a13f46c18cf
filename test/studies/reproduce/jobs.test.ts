/** Jobs whose results are kept, resumed and counted. */
import test from 'ava';
import { countedJobs, type JobFiles, type JobSpec, resumableJobs } from '../../../studies/reproduce/jobs.ts';

function memory(): JobFiles & { readonly names: () => string[] } {
  const files = new Map<string, Uint8Array>();
  return {
    read: name => files.get(name),
    write: (name, content) => {
      files.set(name, content);
    },
    remove: name => {
      files.delete(name);
    },
    names: () => [...files.keys()],
  };
}

const hooks = { onProgress: () => {}, pause: async () => {} };

function job(inputs: unknown, log: unknown[], failAt?: number): JobSpec<number> {
  return {
    label: 'a job',
    inputs,
    cost: 3,
    blank: 0,
    async run({ checkpoint }) {
      const from = checkpoint.load()?.[0] ?? 0;
      for (let step = from; step < 3; step++) {
        if (step === failAt) throw new Error('cut off');
        log.push(step);
        checkpoint.save(Uint8Array.of(step + 1));
      }
      return { value: 42, bytes: Uint8Array.of(7) };
    },
  };
}

test('a job runs once; later its result is read', async t => {
  const files = memory();
  const log: unknown[] = [];
  const first = await resumableJobs(files, 'code', hooks).run(job({ a: 1 }, log));
  const again = await resumableJobs(files, 'code', hooks).run(job({ a: 1 }, log));
  t.deepEqual(again, first);
  t.is(first.value, 42);
  t.deepEqual([...(first.bytes as Uint8Array)], [7]);
  t.deepEqual(log, [0, 1, 2]);
  t.false(files.names().some(name => name.endsWith('.state')));
});

test('other inputs are another job', async t => {
  const log: unknown[] = [];
  const jobs = resumableJobs(memory(), 'code', hooks);
  const [a, b] = [await jobs.run(job({ a: 1 }, log)), await jobs.run(job({ a: 2 }, log))];
  t.not(a.id, b.id);
  t.is(log.length, 6);
});

test('what other code has computed is computed anew', async t => {
  const files = memory();
  const log: unknown[] = [];
  for (const code of ['a', 'b', 'a'])
    t.is((await resumableJobs(files, code, hooks).run(job({ a: 1 }, log))).value, 42);
  t.is(log.length, 6);
});

test('a job that is cut off goes on from its checkpoint', async t => {
  const files = memory();
  const log: unknown[] = [];
  await t.throwsAsync(resumableJobs(files, 'code', hooks).run(job({}, log, 2)), { message: 'cut off' });
  t.is((await resumableJobs(files, 'code', hooks).run(job({}, log))).value, 42);
  t.deepEqual(log, [0, 1, 2]);
});

test('a result with a changed byte is computed anew', async t => {
  for (const end of ['.json', '.bin']) {
    const files = memory();
    const log: unknown[] = [];
    await resumableJobs(files, 'code', hooks).run(job({ a: 1 }, log));
    const name = files.names().find(one => one.endsWith(end))!;
    const bytes = files.read(name)!.slice();
    bytes[bytes.length - 1] ^= 4;
    files.write(name, bytes);
    const again = await resumableJobs(files, 'code', hooks).run(job({ a: 1 }, log));
    t.deepEqual([again.value, [...(again.bytes as Uint8Array)], log.length], [42, [7], 6]);
  }
});

test('jobs are counted without running, equal ones once', async t => {
  const log: unknown[] = [];
  const jobs = countedJobs();
  for (const inputs of [1, 2, 1]) t.is((await jobs.run(job(inputs, log))).value, 0);
  t.is(jobs.seconds(), 6);
  t.deepEqual(log, []);
});
