/**
 * One process works in a folder at a time. The lock is a file that names the process, and a local port that the process
 * listens on: the port closes when the process ends, however it ends, and the lock with it. No clock, no heartbeat: a process
 * that computes for long without a pause still holds it, because the system answers for its port.
 */

import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { TrexError } from '../../base/errors.ts';
import { largest } from '../../base/extremes.ts';
import { atExit } from './at-exit.ts';
import { attemptWrite, LOCK_NAME } from './write-file.ts';

const LOCAL = '127.0.0.1';
const MOST_PORT = 65_535;
/** A port of this machine answers at once; a lock that is being written is whole soon. */
const ANSWER_MS = 1000;
const WRITTEN_MS = 20;
const TRIES = 10;

const holderSchema = z.strictObject({
  pid: z.int().min(1),
  host: z.string(),
  port: z.int().min(0).max(MOST_PORT),
});
type Holder = z.infer<typeof holderSchema>;

interface Lock {
  readonly path: string;
  readonly number: number;
}

export interface FolderLock {
  /** Lets others in; again, it does nothing. */
  release(): void;
}

/** @throws TrexError that says who is at work in `dir`, or for a read-only disk. */
export async function lockFolder(dir: string): Promise<FolderLock> {
  const server = createServer(socket => socket.destroy()).unref();
  let path: string;
  try {
    path = await take(dir, { pid: process.pid, host: hostname(), port: await portOf(server) });
  } catch (error) {
    server.close();
    throw error;
  }
  let released = false;
  const release = (): void => {
    // By now the name may be another's.
    if (released) return;
    released = true;
    stay();
    rmSync(path, { force: true });
    server.close();
  };
  const stay = atExit(release);
  return { release };
}

/** 0 where no port can be had: then the number of the process is all there is. */
async function portOf(server: Server): Promise<number> {
  try {
    server.listen(0, LOCAL);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch {
    return 0;
  }
}

async function take(dir: string, mine: Holder): Promise<string> {
  for (;;) {
    const found = locksIn(dir);
    for (const lock of found) await checkFree(dir, lock);
    const path = join(dir, `.trex-lock-${Math.max(0, largest(found.map(lock => lock.number))) + 1}`);
    if (!create(path, mine)) continue;
    try {
      // A slow starter may have read older locks than the one that is held now.
      for (const lock of locksIn(dir)) {
        if (lock.path === path) continue;
        await checkFree(dir, lock);
        rmSync(lock.path, { force: true });
      }
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    }
    return path;
  }
}

const locksIn = (dir: string): Lock[] =>
  readdirSync(dir).flatMap(name => {
    const match = LOCK_NAME.exec(name);
    return match === null ? [] : [{ path: join(dir, name), number: Number(match[1]) }];
  });

/** False if somebody was faster. */
function create(path: string, mine: Holder): boolean {
  return attemptWrite(path, () => {
    try {
      writeFileSync(path, `${JSON.stringify(mine)}\n`, { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  });
}

/** @throws TrexError if the process of the lock is there, or may be. */
async function checkFree(dir: string, { path }: Lock): Promise<void> {
  const holder = await holderOf(path);
  if (holder === undefined || !(await isAlive(holder))) return;
  const since = statSync(path, { throwIfNoEntry: false })?.mtime.toISOString().slice(0, 19);
  const elsewhere = holder.host === hostname() ? '' : ` on ${holder.host}`;
  const gone = elsewhere === '' ? '' : `; if it has ended, remove ${path}`;
  throw new TrexError(
    `${dir}: process ${holder.pid}${elsewhere} is at work there since ${since}Z: wait for it, stop it, or take another folder${gone}`,
  );
}

/** Undefined for a lock that has been given back, or whose process ended while it wrote it. */
async function holderOf(path: string): Promise<Holder | undefined> {
  for (let n = 0; n < TRIES; n++) {
    try {
      const holder = holderSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
      return holder.data;
    } catch (error) {
      if (!(error instanceof SyntaxError)) return undefined;
    }
    await sleep(WRITTEN_MS);
  }
  return undefined;
}

async function isAlive({ pid, host, port }: Holder): Promise<boolean> {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  // The number may be another process's by now: it does not listen there.
  return port === 0 || (await answers(port));
}

function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: LOCAL });
  return new Promise(resolve => {
    const end = (alive: boolean): void => {
      socket.destroy();
      resolve(alive);
    };
    socket.setTimeout(ANSWER_MS, () => end(true));
    socket.once('connect', () => end(true));
    socket.once('error', error => end((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED'));
  });
}
