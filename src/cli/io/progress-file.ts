/** The folder of an accuracy run: a log that grows job by job, and the results when all is done. */
import { join } from 'node:path';
import { jobSchema } from '../../accuracy/job-schema.ts';
import type { JobRecord } from '../../accuracy/jobs.ts';
import type { ProgressHeader } from '../../accuracy/progress-header.ts';
import { openStateLog } from '../../run/node/state-log.ts';
import { checkResumable, writeWhole } from '../../run/node/write-file.ts';

const NAME = 'progress.ndjson';
const COMMAND = 'trex accuracy';
/** What a finished run writes beside it. */
const RESULTS = ['result.json', 'accuracy.csv', 'layers.csv', 'accuracy.svg'];

export interface ProgressFile {
  /** Jobs of an earlier run with the same options and inputs. */
  readonly records: Map<string, JobRecord>;
  append(record: JobRecord): void;
  /** Writes the results, each whole or not at all. */
  finish(files: Readonly<Record<string, string>>): void;
  close(): void;
}

/** Before anything is computed: whether `dir` can take the files. @throws TrexError */
export const checkFolder = (dir: string): void => checkResumable(dir, NAME, COMMAND);

export interface ProgressOptions {
  readonly begin: ProgressHeader;
  /** Forgets an earlier run. */
  readonly force: boolean;
  onDamage(message: string): void;
}

/** Opens the progress in `dir`, or begins it. @throws TrexError as `openStateLog` */
export async function openProgress(
  dir: string,
  { begin, force, onDamage }: ProgressOptions,
): Promise<ProgressFile> {
  const records = new Map<string, JobRecord>();
  const log = await openStateLog({
    dir,
    name: NAME,
    command: COMMAND,
    begin: { ...begin },
    force,
    results: RESULTS,
    schema: jobSchema,
    onEntry: (key, found) => void records.set(key, { key, ...found }),
    onDamage,
  });
  return {
    records,
    append({ key, ...found }) {
      log.append(key, found);
      log.flush();
    },
    finish(files) {
      for (const [name, content] of Object.entries(files)) writeWhole(join(dir, name), content);
    },
    close: log.close,
  };
}
