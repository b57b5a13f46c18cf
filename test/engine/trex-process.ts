/** `trex` as a process that goes on beside the test, and can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { MAIN } from '../cli/trex.ts';

export interface TrexProcess {
  readonly child: ChildProcess;
  /** The code or the signal that it ended with. */
  readonly ended: Promise<number | string>;
  /** All that it has said. */
  text(): string;
}

export function trexProcess(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): TrexProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const ended = new Promise<number | string>(resolve => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return { child, ended, text: () => said };
}
