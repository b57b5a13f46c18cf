/** Connections to Redis. BullMQ and ioredis are the user's own: they are loaded from where trex is installed, when they are asked for. */
import { isIP } from 'node:net';
import type * as bullmq from 'bullmq';
import type { Redis, RedisOptions } from 'ioredis';
import { missingError, type TrexError } from '../../../../base/errors.ts';
import { masked } from '../../../../base/masked.ts';
import type { EngineUrl } from './engine-url.ts';

/** An address that does not answer by then is wrong. */
const CONNECT_MS = 3000;
const MOST_PAUSE_MS = 1000;
const STEP_MS = 50;
/** What a server answers that is busy or full: it may be otherwise in a moment. */
const PASSING = /\b(OOM|MISCONF|LOADING|BUSY|READONLY|TRYAGAIN|CLUSTERDOWN|MASTERDOWN)\b/;

export interface Packages {
  readonly bullmq: typeof bullmq;
  readonly Redis: typeof Redis;
}

/** @throws TrexError (missing) that says how to install them */
export async function loadPackages(
  load: () => Promise<Packages> = async () => ({
    bullmq: await import('bullmq'),
    Redis: (await import('ioredis')).Redis,
  }),
): Promise<Packages> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw missingError(
      '--engine needs the packages bullmq and ioredis, which are not installed: npm install bullmq@6 ioredis@6',
    );
  }
}

/** Whether Redis is only busy, full or starting, and a later try may do. */
export const isPassing = (error: unknown): boolean => error instanceof Error && PASSING.test(error.message);
export const isFull = (error: unknown): boolean =>
  error instanceof Error && /\b(OOM|MISCONF)\b/.test(error.message);

const optionsOf = ({ host, port, username, password, database, tls }: EngineUrl): RedisOptions => ({
  host,
  port,
  db: database,
  ...(username !== undefined && { username }),
  ...(password !== undefined && { password }),
  // A certificate is for a name, not for an address.
  ...(tls && { tls: isIP(host) === 0 ? { servername: host } : {} }),
  lazyConnect: true,
  connectTimeout: CONNECT_MS,
  // Commands wait until the connection is back, however long that takes.
  maxRetriesPerRequest: null,
});

export interface Connection {
  readonly client: Redis;
  /** Ends it; commands that wait are refused. */
  leave(): void;
}

/**
 * A connection that comes back by itself once it was there; `onChange` hears of it.
 * @throws TrexError (missing), in seconds, for a server that is not there or does not let us in
 */
export async function connect(
  { Redis }: Packages,
  url: EngineUrl,
  onChange: (isThere: boolean) => void = () => {},
): Promise<Connection> {
  let wasThere = false;
  const retryStrategy = (times: number): number | undefined =>
    wasThere ? Math.min(times * STEP_MS, MOST_PAUSE_MS) : undefined;
  const client = new Redis({ ...optionsOf(url), retryStrategy, replyMapping: 'legacy' });
  let last: Error | undefined;
  client.on('error', error => {
    last = error;
  });
  try {
    // A database that is not there: ioredis would go on in the first one.
    await withinTime(client.connect().then(() => client.select(url.database)));
  } catch (error) {
    client.disconnect();
    throw unreachable(url, last ?? error);
  }
  wasThere = true;
  let isThere = true;
  const change = (now: boolean): void => {
    if (now !== isThere) onChange(now);
    isThere = now;
  };
  let isLeft = false;
  client.on('close', () => {
    if (!isLeft) change(false);
  });
  client.on('ready', () => change(true));
  return {
    client,
    leave() {
      isLeft = true;
      client.disconnect();
    },
  };
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${CONNECT_MS / 1000} s`)), CONNECT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function unreachable({ shown }: EngineUrl, error: unknown): TrexError {
  const { message, code } = error as NodeJS.ErrnoException;
  // Several addresses of one name fail with one error each, and an empty message of all.
  const why = masked(message || code || 'it does not answer').split('\n')[0];
  return missingError(`cannot use Redis at ${shown}: ${why}`);
}
