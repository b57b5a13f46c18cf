/**
 * The process behind `trexIn`: runs one command line after the other, each as `trex.js` does, with the working folder, the
 * environment, the streams and the listeners of a process of its own.
 */
import type { EventEmitter } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command, Ran } from './trex.ts';

const NODE = new URL('../../node/', import.meta.url);
const TREX = fileURLToPath(new URL('trex.js', NODE));

const file = readdirSync(NODE).find(name => /^main-\w+\.js$/.test(name));
const { main } = (await import(`${NODE}${file}`)) as typeof import('../../src/cli/main.ts');

const STREAMS = ['stdout', 'stderr'] as const;
const printed = { stdout: '', stderr: '' };
for (const name of STREAMS)
  process[name].write = (text: string | Uint8Array, ...more: unknown[]) => {
    printed[name] += typeof text === 'string' ? text : Buffer.from(text).toString();
    for (const call of more) if (typeof call === 'function') call();
    return true;
  };

const EMITTERS: readonly EventEmitter[] = [process, process.stdout, process.stderr];
const listenersOf = () =>
  EMITTERS.map(emitter => new Map(emitter.eventNames().map(name => [name, emitter.listeners(name)])));

/** What a command has left at its end is told of the end, and forgotten. */
function endListeners(own: ReturnType<typeof listenersOf>, code: number): void {
  for (const [i, emitter] of EMITTERS.entries())
    for (const [name, listeners] of listenersOf()[i])
      for (const listener of listeners)
        if (own[i].get(name)?.includes(listener) !== true) {
          if (name === 'exit') listener.call(process, code);
          emitter.removeListener(name, listener as () => void);
        }
}

async function run({ cwd, env, args }: Command): Promise<Ran> {
  const own = listenersOf();
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.argv = [process.execPath, TREX, ...args];
  process.exitCode = undefined;
  for (const name of STREAMS) printed[name] = '';
  try {
    await main(args);
  } catch (error) {
    printed.stderr += `${error instanceof Error ? error.stack : error}\n`;
    process.exitCode = 1;
  }
  const code = Number(process.exitCode ?? 0);
  endListeners(own, code);
  return { code, out: printed.stdout, err: printed.stderr };
}

process.on('message', async (command: Command) => process.send!(await run(command)));
