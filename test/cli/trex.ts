/** Runs `trex` as a process, for tests. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The program. */
export const MAIN = fileURLToPath(new URL('../../node/trex.js', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** In the folder `cwd`. */
export function trexIn(cwd: string, more: Readonly<Record<string, string>> = {}): (...args: string[]) => Ran {
  return (...args) => {
    const { COLUMNS: _, ...own } = process.env;
    const env = Object.assign(own, { NO_COLOR: '1' }, more);
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
      cwd,
      encoding: 'utf8',
      env,
    });
    return { code: status, out: stdout, err: stderr };
  };
}
