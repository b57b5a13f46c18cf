/** The results of jobs in a folder. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { statOf } from '../../src/run/node/read-file.ts';
import { writeWhole } from '../../src/run/node/write-file.ts';
import type { JobFiles } from './jobs.ts';

export const diskFiles = (folder: string): JobFiles => ({
  read: name => {
    const path = join(folder, name);
    return statOf(path) === undefined ? undefined : new Uint8Array(readFileSync(path));
  },
  write: (name, content) => writeWhole(join(folder, name), content),
  remove: name => rmSync(join(folder, name), { force: true }),
});
