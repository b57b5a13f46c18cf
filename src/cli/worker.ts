/** `trex worker`: computes points of studies that other machines submit to a Redis. */
import { availableParallelism } from 'node:os';
import type { CommandModule } from 'yargs';
import { missingError, usageError } from '../base/errors.ts';
import { wholeNumber } from '../base/whole-number.ts';
import { workOnStudies } from '../explore/studies/node/redis/redis-worker.ts';
import { statOf } from '../run/node/read-file.ts';
import { type EngineArguments, engineFlags, engineUrl } from './io/engine-flags.ts';
import { noProgressFlag, number, text } from './io/flags.ts';
import { checkStopped, keeps } from './io/interrupt.ts';

/** Points that were at work go back into the queue. */
const FAREWELL_MS = 950;

interface WorkerArguments extends EngineArguments {
  readonly jobs: number | undefined;
  readonly dataDir: string | undefined;
  readonly idle: number | undefined;
  readonly quiet: boolean;
}

async function handler(args: WorkerArguments): Promise<void> {
  const { dataDir, idle, quiet } = args;
  const threads = args.jobs === undefined ? availableParallelism() : wholeNumber('jobs', args.jobs, 1, 1024);
  if (idle !== undefined && !(idle >= 0)) throw usageError(`--idle ${idle}: expected seconds, e.g. 60`);
  if (dataDir !== undefined && statOf(dataDir)?.isDirectory() !== true)
    throw missingError(`--data-dir ${dataDir}: no such folder`);
  const url = engineUrl(args);
  if (url === undefined) throw usageError('worker needs --engine redis://HOST:6379, or TREX_ENGINE');
  const say = (line: string): void => {
    if (!quiet) process.stderr.write(`${line}\n`);
  };
  keeps('what was at work goes back to the others', { within_ms: FAREWELL_MS });
  const pause = (): Promise<void> => checkStopped(0, 0, '');
  const points = await workOnStudies({ url, threads, dataDir, idle_s: idle, say, pause });
  process.stdout.write(`${points} points\n`);
}

export const workerCommand: CommandModule<object, WorkerArguments> = {
  command: 'worker',
  describe: 'Compute points of studies that `trex sweep --engine` submits',
  builder: yargs =>
    yargs
      .options({
        ...engineFlags,
        jobs: number('Points at a time  [default: cores]', 'Run:'),
        'data-dir': text('Folder of the weights and data that points name; nothing else is read', 'Run:'),
        idle: number('End after so many seconds without a point  [default: never]', 'Run:'),
        quiet: noProgressFlag,
      })
      .example('$0 worker --engine redis://host:6379', 'On each machine, as many as there are')
      .example(
        'TREX_ENGINE=rediss://:PASSWORD@host $0 worker --idle 60',
        'Ends when there is no more work',
      ) as never,
  handler,
};
