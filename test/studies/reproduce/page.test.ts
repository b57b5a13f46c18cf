/** The page of results without its jobs: every section is there, and files are named where they lie. */
import test from 'ava';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import { countedJobs } from '../../../studies/reproduce/jobs.ts';
import { resultsPage } from '../../../studies/reproduce/page.ts';
import { smallStudy } from '../../../studies/reproduce/tasks.ts';
import { trendsPage } from '../../../studies/reproduce/trends-page.ts';

test('the page of trends counts its jobs, and says which seeds it ran', async t => {
  const jobs = countedJobs();
  const { page, beside } = await trendsPage(
    { study: smallStudy, jobs, threads: 1, backend: async () => referenceBackend() },
    'figures',
  );
  t.regex(page, /seeds 1, 2\./);
  for (const file of Object.keys(beside)) t.true(page.includes(`](figures/${file})`), file);
  t.true(jobs.seconds() > 0.1);
});

test('the page has every comparison, and counting its jobs runs none', async t => {
  const jobs = countedJobs();
  const { page, beside } = await resultsPage(
    {
      study: smallStudy,
      jobs,
      threads: 1,
      backend: async () => referenceBackend(),
    },
    'figures',
  );
  const titles = page.split('\n').filter(line => line.startsWith('## '));
  t.deepEqual(
    titles.map(title => /Fig\. \d+|Table IV/.exec(title)?.[0] ?? title.slice(3)),
    ['Tasks and networks', 'Table IV', 'Fig. 18', 'Fig. 17', 'Fig. 15', 'Free search'],
  );
  for (const file of Object.keys(beside)) t.true(page.includes(`](figures/${file})`), file);
  t.true(jobs.seconds() > 1);
});
