/** The page of results without its jobs: every section is there, and files are named where they lie. */
import test from 'ava';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import { countedJobs } from '../../../studies/reproduce/jobs.ts';
import { resultsPage } from '../../../studies/reproduce/page.ts';
import { smallStudy } from '../../../studies/reproduce/tasks.ts';

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
    titles.map(title => /Fig\. \d+(?: and \d+)?|Table IV/.exec(title)?.[0] ?? title.slice(3)),
    ['Tasks and networks', 'Table IV', 'Fig. 18', 'Fig. 7 and 16', 'Fig. 17', 'Fig. 15', 'Free search'],
  );
  for (const file of Object.keys(beside)) t.true(page.includes(`](figures/${file})`), file);
  t.true(jobs.seconds() > 1);
});
