import test from 'ava';
import { JobOrder } from '../../src/hw/job-order.ts';

test('every crossbar finds its jobs in the order in which they came, at its own pace', t => {
  const jobs = new JobOrder(3);
  for (const [index, job] of [7, ~8, 9].entries()) {
    jobs.note(index, job);
    jobs.note(index, job); // a second crossbar
  }
  t.deepEqual([jobs.at(0), jobs.at(1), jobs.at(2)], [7, ~8, 9]);
  jobs.note(3, 10);
  t.is(jobs.at(3), 10);
});

test('a job that was overwritten is an error, and so is one that differs between crossbars', t => {
  const jobs = new JobOrder(2);
  for (const index of [0, 1, 2]) jobs.note(index, index);
  t.throws(() => jobs.at(0), { message: 'more than 2 jobs wait for a crossbar' });
  t.is(jobs.at(1), 1);
  t.throws(() => jobs.note(2, 5), { message: 'job 2 of a PE is 2 for one crossbar and 5 for another' });
});
