/**
 * `trex worker`: takes points of every study that is submitted to a Redis, and answers with their rows. The points are computed on
 * threads: this one renews the locks of their jobs, which would be given to others without that.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { TrexError } from '../../../../base/errors.ts';
import { masked } from '../../../../base/masked.ts';
import { VERSION } from '../../../../base/version.ts';
import type { Block, SealedRow } from '../../job.ts';
import type { Engine } from '../engine.ts';
import { sha256 } from '../hashing.ts';
import { poolEngine } from '../pool-engine.ts';
import { type Connection, connect, isPassing, loadPackages, type Packages } from './connect.ts';
import { dataHashes, wrongData } from './data-hashes.ts';
import type { EngineUrl } from './engine-url.ts';
import { type BlockMessage, type Reply, readBlockMessage, readStudyEntry } from './messages.ts';
import {
  KEEP_S,
  ownKeys,
  PREFIX,
  repliesKey,
  STUDIES,
  startsKey,
  studyKey,
  WORKER_S,
  WORKERS,
  workerKey,
} from './names.ts';

/** A job whose worker has not been heard of for so long is another's. */
const LOCK_MS = 10_000;
const STALLED_MS = 5000;
/** A job may lose its worker this often before it is given up: machines are lost for reasons of their own, too. */
const MOST_STARTS = 8;
/** The queue's own count of that is out of the way. */
const NEVER = 1_000_000;
/** When a job that is refused is offered again, by then to another worker. */
const REFUSED_MS = 3000;
const TICK_MS = 50;
const LOOK_MS = 500;
const SEEN_MS = 4000;
const WAIT_MS = 500;
const FAREWELL_MS = 500;
/** Characters of rows that go to Redis with one command. */
const MOST_PIECE = 1 << 16;

/** Where a worker works, and how much at a time. */
export interface WorkOptions {
  readonly url: EngineUrl;
  /** Points at a time. */
  readonly threads: number;
  /** Where weights and data are; without it points that read some are left to others. */
  readonly dataDir?: string | undefined;
  /** Ends after so many seconds without a point; without it: never. */
  readonly idle_s?: number | undefined;
  /** A line for people: which studies it works for. */
  say?(line: string): void;
  /** Called now and then; may throw to stop. */
  pause?(): Promise<void>;
}

/**
 * Computes points of all studies that are submitted to the Redis of `url`, until it is stopped; how many it has answered. Needs the
 * packages bullmq and ioredis.
 * @throws TrexError (missing) for a Redis that is not there or does not let us in, and without the packages; what `pause` throws
 */
export async function workOnStudies(options: WorkOptions): Promise<number> {
  const { url, threads, dataDir, say = () => {} } = options;
  const packages = await loadPackages();
  const connection = await connect(packages, url, isThere =>
    say(isThere ? `Redis at ${url.shown} is back` : `Redis at ${url.shown} is gone: waiting for it`),
  );
  say(`worker of trex ${VERSION}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, at ${url.shown}`);
  const engine = poolEngine(threads, { data: { below: dataDir ?? null } });
  const worker = new StudyWorker(connection, { ...options, say, packages, engine });
  try {
    await worker.run();
    return worker.points;
  } finally {
    await worker.close();
    await engine.close();
  }
}

interface Worked extends WorkOptions {
  readonly packages: Packages;
  readonly engine: Engine;
  say(line: string): void;
}

class StudyWorker {
  readonly #client: Redis;
  readonly #leave: () => void;
  readonly #options: Worked;
  readonly #id = randomBytes(8).toString('hex');
  readonly #name = `${hostname()}:${process.pid}`;
  readonly #dataHash: ((path: string) => Promise<string>) | undefined;
  readonly #studies = new Map<string, Worker>();
  readonly #said = new Set<string>();
  readonly #stop = new AbortController();
  /** When this worker stops: jobs at work go back into the queue. */
  readonly #stopped: Promise<true>;
  #atWork = 0;
  #lastWork = performance.now();
  #lastSeen = Number.NEGATIVE_INFINITY;
  points = 0;

  constructor({ client, leave }: Connection, options: Worked) {
    this.#client = client;
    this.#leave = leave;
    this.#stopped = new Promise(resolve => {
      this.#stop.signal.addEventListener('abort', () => resolve(true), { once: true });
    });
    this.#options = options;
    this.#dataHash = options.dataDir === undefined ? undefined : dataHashes(options.dataDir);
  }

  async run(): Promise<void> {
    const { pause, idle_s } = this.#options;
    let failure: { readonly error: unknown } | undefined;
    const looking = this.#lookForStudies().catch(error => {
      failure = { error };
    });
    while (failure === undefined) {
      await Promise.race([looking, sleep(TICK_MS)]);
      await pause?.();
      if (this.#atWork > 0) this.#lastWork = performance.now();
      if (idle_s !== undefined && performance.now() - this.#lastWork > 1000 * idle_s) return;
    }
    throw failure.error;
  }

  async close(): Promise<void> {
    // A job that goes back must not be taken again here.
    for (const worker of this.#studies.values()) void worker.pause(true);
    this.#stop.abort();
    const given = (async () => {
      while (this.#atWork > 0) await sleep(TICK_MS / 5);
      await this.#client.del(workerKey(this.#id));
      await this.#client.srem(WORKERS, this.#id);
    })().catch(() => {});
    await Promise.race([given, sleep(FAREWELL_MS)]);
    const closed = [...this.#studies.values()].map(worker => worker.close(true).catch(() => {}));
    await Promise.race([Promise.all(closed), sleep(FAREWELL_MS)]);
    this.#leave();
  }

  /** Finds studies that are there, and leaves those that are not. */
  async #lookForStudies(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#beSeen();
        const queues = await this.#client.smembers(STUDIES);
        const texts = queues.length === 0 ? [] : await this.#client.mget(queues.map(studyKey));
        const there = queues.filter((_, i) => texts[i] !== null);
        for (const [i, queue] of queues.entries()) {
          const text = texts[i];
          if (text === null) await this.#client.srem(STUDIES, queue);
          else this.#join(queue, text);
        }
        for (const [queue, worker] of this.#studies) {
          if (there.includes(queue)) continue;
          this.#studies.delete(queue);
          void this.#leaveStudy(queue, worker);
        }
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (!isPassing(error))
          throw new TrexError(
            `Redis at ${this.#options.url.shown}: ${masked((error as Error).message.split('\n')[0])}`,
          );
        this.#sayOnce(`Redis: ${masked((error as Error).message.split('\n')[0])}: waiting`);
      }
      await sleep(LOOK_MS);
    }
  }

  /** A worker that looked for stalled jobs when its study had just gone has left keys behind. */
  async #leaveStudy(queue: string, worker: Worker): Promise<void> {
    try {
      await worker.close();
      if ((await this.#client.exists(studyKey(queue))) === 0) await this.#client.del(...ownKeys(queue));
    } catch (error) {
      if (!isPassing(error)) this.#sayOnce(`Redis: ${masked((error as Error).message.split('\n')[0])}`);
    }
  }

  async #beSeen(): Promise<void> {
    if (performance.now() - this.#lastSeen < SEEN_MS) return;
    this.#lastSeen = performance.now();
    const { threads } = this.#options;
    const entry = { version: VERSION, host: hostname(), pid: process.pid, threads };
    await this.#client.set(workerKey(this.#id), JSON.stringify(entry), 'EX', WORKER_S);
    await this.#client.sadd(WORKERS, this.#id);
  }

  #sayOnce(line: string): void {
    if (this.#said.has(line)) return;
    this.#said.add(line);
    this.#options.say(line);
  }

  #join(queue: string, text: string): void {
    if (this.#studies.has(queue) || this.#stop.signal.aborted) return;
    const entry = readStudyEntry(text);
    if (entry === undefined) {
      this.#sayOnce(`warning: ${queue} is no study of trex ${VERSION}: left alone`);
      return;
    }
    const { name, submitter, version } = entry;
    if (version !== VERSION) {
      this.#sayOnce(
        `warning: study ${name} of ${submitter} is of trex ${version}, this is ${VERSION}: both ends need the same`,
      );
      return;
    }
    this.#options.say(`study ${name} of ${submitter}`);
    const { packages, threads } = this.#options;
    const worker = new packages.bullmq.Worker(
      queue,
      (job: Job, token?: string) => this.#process(queue, job, token ?? ''),
      {
        connection: this.#client,
        prefix: PREFIX,
        name: this.#name,
        concurrency: threads,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_MS,
        maxStalledCount: NEVER,
        runRetryDelay: WAIT_MS,
        drainDelay: 1,
      },
    );
    // A job that was taken from us, a Redis that is full: the job comes again, and rows count once.
    worker.on('error', () => {});
    this.#studies.set(queue, worker);
  }

  /** A job from its start to its answer. */
  async #process(queue: string, job: Job, token: string): Promise<void> {
    this.#atWork++;
    try {
      const answer = await this.#answer(queue, job);
      if (answer === undefined) {
        await job.moveToWait(token);
        throw new this.#options.packages.bullmq.WaitingError();
      }
      await this.#send(queue, answer);
      if (answer.kind === 'refused') {
        await job.moveToDelayed(Date.now() + REFUSED_MS, token);
        throw new this.#options.packages.bullmq.DelayedError();
      }
      if (answer.kind === 'rows') this.points += answer.rows.length;
    } finally {
      this.#atWork--;
    }
  }

  /** Undefined where this worker stops before there is one. */
  async #answer(queue: string, job: Job): Promise<Reply | undefined> {
    const name = job.id ?? '';
    const head = { job: name, worker: this.#name };
    const refused = (why: string): Reply => ({ kind: 'refused', ...head, why });
    let message: BlockMessage;
    try {
      message = readBlockMessage(job.data, sha256);
    } catch (error) {
      return refused((error as Error).message);
    }
    const wrong = await wrongData(message.data, this.#dataHash);
    if (wrong !== undefined) return refused(wrong);
    const starts = await this.#patiently(() => this.#client.hincrby(startsKey(queue), name, 1));
    if (starts === undefined) return undefined;
    if (starts > MOST_STARTS) return { kind: 'given-up', ...head, starts: MOST_STARTS };
    try {
      const rows = await this.#rowsOf(message.block);
      if (rows !== undefined) return { kind: 'rows', ...head, rows };
      await this.#client.hincrby(startsKey(queue), name, -1);
      return undefined;
    } catch (error) {
      return refused((error as Error).message);
    }
  }

  /** Undefined where this worker stops before they are there. */
  async #rowsOf(block: Block): Promise<SealedRow[] | undefined> {
    const rows: SealedRow[] = [];
    const one = async function* () {
      yield block;
    };
    const computed = this.#options.engine.run(one(), { onRows: more => void rows.push(...more) });
    const stopped = await Promise.race([computed.then(() => false), this.#stopped]);
    computed.catch(() => {});
    return stopped ? undefined : rows;
  }

  /** Until Redis has it: an answer is not thrown away because Redis is full or away. */
  async #send(queue: string, reply: Reply): Promise<void> {
    const [replies, starts] = [repliesKey(queue), startsKey(queue)];
    for (const piece of inPieces(reply))
      await this.#patiently(() => this.#client.rpush(replies, JSON.stringify(piece)));
    await this.#patiently(async () => {
      await this.#client.expire(replies, KEEP_S);
      await this.#client.expire(starts, KEEP_S);
      if (reply.kind !== 'refused') await this.#client.hdel(starts, reply.job);
    });
  }

  /** Undefined where this worker stops before. */
  async #patiently<T>(call: () => Promise<T>): Promise<T | undefined> {
    while (!this.#stop.signal.aborted) {
      try {
        return await call();
      } catch (error) {
        if (!isPassing(error)) throw error;
        this.#sayOnce(`Redis: ${masked((error as Error).message.split('\n')[0])}: waiting`);
        await sleep(WAIT_MS);
      }
    }
    return undefined;
  }
}

/** Rows in pieces that a Redis has room for that is nearly full. */
function* inPieces(reply: Reply): Generator<Reply> {
  if (reply.kind !== 'rows') {
    yield reply;
    return;
  }
  let rows: SealedRow[] = [];
  let length = 0;
  for (const row of reply.rows) {
    if (length + row.line.length > MOST_PIECE && rows.length > 0) {
      yield { ...reply, rows };
      [rows, length] = [[], 0];
    }
    rows.push(row);
    length += row.line.length;
  }
  if (rows.length > 0) yield { ...reply, rows };
}
