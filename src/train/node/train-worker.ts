/** One helper thread of a training run: builds its view of the shared memory and works on request. */

import { finished } from '../../base/turn.ts';
import { serveThread } from '../../wasm/node/serve.ts';
import { type HelperStart, siteOf } from '../step/engine.ts';
import { type Job, type Site, work } from '../step/work.ts';

serveThread<HelperStart, Job>(thread => {
  let site: Site | undefined;
  return {
    note: start => {
      site = siteOf(start, thread);
    },
    accept: job => () => {
      finished(work(site!, job));
      return true;
    },
  };
});
