/** Jobs whose results are kept by what they depend on: a study that is cut off goes on after the last one that ended, to the same bytes. */

import { openedBytes, sealedBytes } from '../../src/base/sealed.ts';
import { VERSION } from '../../src/base/version.ts';
import type { Checkpoint } from '../../src/optimize/evaluator.ts';

/** Digits of a key in a file's name. */
const KEY_DIGITS = 16;

/** Files by name, each written whole or not at all. */
export interface JobFiles {
  read(name: string): Uint8Array | undefined;
  write(name: string, content: Uint8Array): void;
  remove(name: string): void;
}

export interface JobSpec<T> {
  /** For people: "glyphs: partial strided:3,sl=2,start=4". */
  readonly label: string;
  /** All that the result depends on; plain data. */
  readonly inputs: unknown;
  /** Seconds on two idle cores, for the time that is left. */
  readonly cost: number;
  /** Stands for the result where jobs are only counted. */
  readonly blank: T;
  run(context: JobContext): Promise<{ readonly value: T; readonly bytes?: Uint8Array | null }>;
}

interface JobContext {
  readonly checkpoint: Checkpoint;
  /** Share of the job that is done. */
  onStep(share: number): void;
  /** Throws when the user wants to stop. */
  pause(): Promise<void>;
}

export interface JobResult<T> {
  readonly value: T;
  /** What the job kept beside its value, such as weights. */
  readonly bytes: Uint8Array | undefined;
  /** Names the job in the inputs of others: equal ids, equal results. */
  readonly id: string;
}

export interface Jobs {
  run<T>(spec: JobSpec<T>): Promise<JobResult<T>>;
}

export interface JobHooks {
  /** Seconds that the finished jobs were estimated at, and the label of the one at work. */
  onProgress(label: string, done: number): void;
  pause(): Promise<void>;
}

/** Runs jobs, or takes their results from `files`; `code` names what computes: results of other code are not taken. */
export function resumableJobs(files: JobFiles, code: string, { onProgress, pause }: JobHooks): Jobs {
  const costs = new Map<string, number>();
  return {
    async run({ label, inputs, cost, run }) {
      const id = await idOf(inputs, code);
      const done = sum(costs);
      const [json, binary, state] = ['json', 'bin', 'state'].map(end => `${id}.${end}`);
      // A file that is damaged counts as not there: its job is done again.
      const known = unsealed(files.read(json));
      if (
        known === undefined ||
        (decode(known).bytes === true && unsealed(files.read(binary)) === undefined)
      ) {
        await pause();
        onProgress(label, done);
        const { value, bytes } = await run({
          checkpoint: {
            load: () => unsealed(files.read(state)),
            save: content => files.write(state, sealedBytes(content)),
          },
          onStep: share => onProgress(label, done + cost * share),
          pause,
        });
        // The value last: a job with a value has its bytes.
        const hasBytes = bytes !== undefined && bytes !== null;
        if (hasBytes) files.write(binary, sealedBytes(bytes));
        files.write(json, sealedBytes(encode({ label, inputs, value, bytes: hasBytes })));
        files.remove(state);
      }
      costs.set(id, cost);
      const { value } = decode(unsealed(files.read(json)) as Uint8Array);
      return { value, bytes: unsealed(files.read(binary)), id };
    },
  };
}

function unsealed(file: Uint8Array | undefined): Uint8Array | undefined {
  const opened = file === undefined ? undefined : openedBytes(file);
  return opened !== undefined && 'content' in opened ? opened.content : undefined;
}

/** Runs nothing; adds up what the jobs would cost. Equal jobs count once. */
export function countedJobs(): Jobs & { seconds(): number } {
  const costs = new Map<string, number>();
  return {
    async run({ inputs, cost, blank }) {
      const id = await idOf(inputs, '');
      costs.set(id, cost);
      return { value: blank, bytes: undefined, id };
    },
    seconds: () => sum(costs),
  };
}

const sum = (costs: ReadonlyMap<string, number>): number =>
  [...costs.values()].reduce((total, cost) => total + cost, 0);

/** Hexadecimal hash of the inputs, the version and the code. */
async function idOf(inputs: unknown, code: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', encode({ version: VERSION, code, inputs }));
  const hex = [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('');
  return hex.slice(0, KEY_DIGITS);
}

const encode = (value: unknown): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`) as Uint8Array<ArrayBuffer>;

const decode = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));
