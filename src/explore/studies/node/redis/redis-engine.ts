/**
 * Points on any number of machines: this side submits them to a queue in Redis (BullMQ), and keeps what workers answer. So many
 * blocks are out at a time as the workers need, so that neither side grows with the study. What is lost on the way (a Redis
 * that restarts without its data, one that evicts) is sent again; what comes twice counts once.
 */
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { TrexError } from '../../../../base/errors.ts';
import { masked } from '../../../../base/masked.ts';
import { VERSION } from '../../../../base/version.ts';
import type { Block } from '../../job.ts';
import type { Study } from '../../study.ts';
import type { Engine, EngineHooks } from '../engine.ts';
import { diskHashing, sha256 } from '../hashing.ts';
import { type Connection, connect, isFull, isPassing, loadPackages } from './connect.ts';
import { checkShared, dataPaths } from './data-hashes.ts';
import type { EngineUrl } from './engine-url.ts';
import { type BlockMessage, type Reply, readReply, readWorkerEntry } from './messages.ts';
import {
  jobKey,
  jobName,
  KEEP_S,
  PREFIX,
  queueName,
  repliesKey,
  STUDIES,
  startsKey,
  studyKey,
  WORKERS,
  workerKey,
} from './names.ts';
import { Pending, type PendingBlock } from './pending.ts';

/** Blocks that are out for each thread of a worker, and in all. */
const BLOCKS_A_THREAD = 4;
const [LEAST_OUT, MOST_OUT] = [16, 512];
/** Blocks that go out with one command, replies that come in with one. */
const BATCH = 16;
const TICK_MS = 50;
/** Between two looks for replies where there was none: longer each time. */
const [SHORT_IDLE_MS, LONG_IDLE_MS] = [5, 100];
const WAIT_MS = 500;
/** Between two looks at the workers, and at what Redis still has. */
const LOOK_MS = 2000;
/** What is out is taken back within this time when a study is stopped, or stays there until it goes on. */
const FAREWELL_MS = 700;

/** What is submitted, and where. */
export interface RedisEngineOptions {
  readonly url: EngineUrl;
  readonly study: Study;
  /** The folder of its results: a study that goes on there finds what it has left in Redis. */
  readonly dir: string;
  /** A line beside the progress: workers that come and go, a Redis that is away. */
  say?(line: string): void;
}

/**
 * Evaluates a study on whatever workers are at the Redis of `url`; needs the packages bullmq and ioredis.
 * @throws TrexError (missing) for a Redis that is not there or does not let us in, and without the packages
 */
export async function redisEngine({ url, study, dir, say = () => {} }: RedisEngineOptions): Promise<Engine> {
  const packages = await loadPackages();
  const connection = await connect(packages, url, isThere =>
    say(isThere ? `Redis at ${url.shown} is back` : `Redis at ${url.shown} is gone: waiting for it`),
  );
  const name = queueName(study, dir, sha256);
  const queue = new packages.bullmq.Queue(name, { connection: connection.client, prefix: PREFIX });
  // What is wrong is thrown where it is asked for.
  queue.on('error', () => {});
  const submitter = `${hostname()}:${process.pid}`;
  return new RedisEngine(connection, queue, { url, queue: name, name: study.name, submitter, say });
}

interface Submission {
  readonly url: EngineUrl;
  /** The name of the queue. */
  readonly queue: string;
  /** Of the study and of who submits it, for people. */
  readonly name: string;
  readonly submitter: string;
  say(line: string): void;
}

class RedisEngine implements Engine {
  readonly #client: Redis;
  readonly #leave: () => void;
  readonly #queue: Queue;
  readonly #options: Submission;
  readonly #pending = new Pending(ids => jobName(ids, sha256));
  readonly #hashing = diskHashing();
  readonly #said = new Set<string>();
  #hooks: EngineHooks | undefined;
  #threads = 0;
  #workers = '';
  #most = LEAST_OUT;
  #lastLook = Number.NEGATIVE_INFINITY;
  #isDone = false;
  #isStopped = false;
  #working: Promise<void> = Promise.resolve();

  constructor({ client, leave }: Connection, queue: Queue, options: Submission) {
    this.#client = client;
    this.#leave = leave;
    this.#queue = queue;
    this.#options = options;
  }

  async run(blocks: AsyncIterable<Block>, hooks: EngineHooks): Promise<void> {
    this.#hooks = hooks;
    this.#isDone = false;
    let end: { readonly error?: unknown } | undefined;
    const work = this.#work(blocks[Symbol.asyncIterator]()).then(
      () => {
        end = {};
      },
      error => {
        end = { error };
      },
    );
    this.#working = work;
    // Commands wait for a Redis that is gone: signals do not.
    while (end === undefined) {
      await Promise.race([work, sleep(TICK_MS)]);
      await hooks.pause?.();
    }
    if (end.error !== undefined) throw end.error;
    this.#isDone = true;
  }

  async close(): Promise<void> {
    this.#isStopped = true;
    await Promise.race([this.#working, sleep(2 * TICK_MS)]);
    const farewell = (this.#isDone ? this.#forget() : this.#queue.drain()).catch(() => {});
    await Promise.race([farewell, sleep(FAREWELL_MS)]);
    this.#leave();
    await Promise.race([this.#queue.close().catch(() => {}), sleep(TICK_MS)]);
  }

  async #work(blocks: AsyncIterator<Block>): Promise<void> {
    let isEnd = false;
    let idle_ms = SHORT_IDLE_MS;
    await this.#patiently(() => this.#queue.resume());
    // What an earlier submitter has left there is asked for first.
    while (await this.#receive());
    while (!this.#isStopped) {
      await this.#look();
      while (!isEnd && this.#pending.size < this.#most) {
        const { done, value } = await blocks.next();
        isEnd = done === true;
        if (!isEnd) await this.#keep(this.#pending.add(value));
      }
      await this.#send();
      const isBusy = await this.#receive();
      if (isEnd && this.#pending.size === 0) return;
      idle_ms = isBusy ? SHORT_IDLE_MS : Math.min(2 * idle_ms, LONG_IDLE_MS);
      if (!isBusy) await sleep(idle_ms);
    }
  }

  async #keep(rows: Parameters<EngineHooks['onRows']>[0]): Promise<void> {
    if (rows.length > 0) await this.#hooks?.onRows(rows);
  }

  /** Until Redis is neither full nor starting. @throws TrexError for what does not pass */
  async #patiently<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        if (!isPassing(error)) throw this.#failure(error);
        this.#sayOnce(`Redis: ${masked((error as Error).message.split('\n')[0])}: waiting`);
        await sleep(WAIT_MS);
      }
    }
  }

  #failure(error: unknown): unknown {
    if (error instanceof TrexError || !(error instanceof Error)) return error;
    return new TrexError(`Redis at ${this.#options.url.shown}: ${masked(error.message.split('\n')[0])}`);
  }

  /** What is not out yet, as far as there is room. */
  async #send(): Promise<void> {
    const waiting: PendingBlock[] = [];
    for (const pending of this.#pending.blocks) if (!pending.isQueued) waiting.push(pending);
    for (let from = 0; from < waiting.length && !this.#isStopped; from += BATCH) {
      const batch = waiting.slice(from, from + BATCH);
      const jobs = batch.map(pending => this.#jobOf(pending));
      try {
        await this.#queue.addBulk(jobs);
      } catch (error) {
        if (!isPassing(error)) throw this.#failure(error);
        await this.#makeRoom(error);
        return;
      }
      for (const pending of batch) pending.isQueued = true;
    }
  }

  #jobOf({ name, block }: PendingBlock): Parameters<Queue['addBulk']>[0][number] {
    const paths = dataPaths(block);
    checkShared(paths);
    const data = paths.map(path => ({ path, sha256: this.#hashing.hashPath(path) }));
    const message: BlockMessage = { block, data };
    return {
      name: 'block',
      data: message,
      opts: { jobId: name, removeOnComplete: true, removeOnFail: true, attempts: 1 },
    };
  }

  /** A full Redis: workers must have room for their rows, so what waits there is taken out, and less is out from now on. */
  async #makeRoom(error: unknown): Promise<void> {
    if (isFull(error)) {
      this.#most = Math.max(1, Math.floor(Math.min(this.#most, this.#pending.size) / 2));
      this.#sayOnce('Redis is full: fewer points are out at a time');
      await this.#queue.drain().catch(() => {});
      this.#lastLook = Number.NEGATIVE_INFINITY;
    }
    await this.#receive();
    await sleep(WAIT_MS);
  }

  /** Takes what workers have answered; whether there was something. */
  async #receive(): Promise<boolean> {
    const key = repliesKey(this.#options.queue);
    const texts = await this.#patiently(() => this.#client.lrange(key, 0, BATCH - 1));
    if (texts.length === 0) return false;
    for (const text of texts) {
      const reply = readReply(text);
      if (typeof reply === 'string') this.#sayOnce(`warning: ${masked(reply)}: not taken`);
      else await this.#take(reply);
    }
    // They are kept by now: whoever stops here gets them again, and takes them for what they are.
    await this.#patiently(() => this.#client.ltrim(key, texts.length, -1));
    return true;
  }

  async #take(reply: Reply): Promise<void> {
    if (reply.kind === 'rows') {
      const rows = this.#pending.take(reply.rows);
      const failed = rows.find(row => row.error !== undefined);
      if (failed !== undefined) this.#sayOnce('a point failed', `: ${failed.error?.split('\n')[0]}`);
      await this.#keep(rows);
    } else if (reply.kind === 'given-up') {
      await this.#keep(this.#pending.giveUp(reply.job, reply.starts));
    } else this.#sayOnce(`warning: worker ${reply.worker} does not take points: ${reply.why}`);
  }

  #sayOnce(line: string, more = ''): void {
    if (this.#said.has(line)) return;
    this.#said.add(line);
    this.#options.say(line + more);
  }

  /** Says that this study is here, counts the workers, and looks for jobs that are gone. */
  async #look(): Promise<void> {
    if (performance.now() - this.#lastLook < LOOK_MS) return;
    this.#lastLook = performance.now();
    const { queue, name, submitter } = this.#options;
    const entry = JSON.stringify({ version: VERSION, name, submitter });
    await this.#patiently(async () => {
      await this.#client.set(studyKey(queue), entry, 'EX', KEEP_S);
      await this.#client.sadd(STUDIES, queue);
    });
    await this.#countWorkers();
    await this.#findLost();
  }

  async #countWorkers(): Promise<void> {
    const ids = await this.#patiently(() => this.#client.smembers(WORKERS));
    const texts = ids.length === 0 ? [] : await this.#patiently(() => this.#client.mget(ids.map(workerKey)));
    const gone = ids.filter((_, i) => texts[i] === null);
    if (gone.length > 0) await this.#patiently(() => this.#client.srem(WORKERS, gone));
    let [workers, threads] = [0, 0];
    for (const text of texts) {
      const entry = text === null ? undefined : readWorkerEntry(text);
      if (entry === undefined) continue;
      if (entry.version !== VERSION) {
        const { host, pid, version } = entry;
        this.#sayOnce(
          `warning: worker ${host}:${pid} is of trex ${version}, this is ${VERSION}: it gets no points`,
        );
        continue;
      }
      workers++;
      threads += entry.threads;
    }
    if (threads > this.#threads)
      this.#most = Math.min(MOST_OUT, Math.max(LEAST_OUT, BLOCKS_A_THREAD * threads));
    this.#threads = threads;
    const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
    const shown =
      workers === 0
        ? `no worker of trex ${VERSION} at ${this.#options.url.shown}: start \`trex worker\` on any machine`
        : `${plural(workers, 'worker')}, ${plural(threads, 'thread')}`;
    if (shown !== this.#workers) this.#options.say(shown);
    this.#workers = shown;
  }

  /** Jobs that Redis has lost go out again. A job that has ended is no loss: its rows were there before it ended. */
  async #findLost(): Promise<void> {
    const queued = [...this.#pending.blocks].filter(({ isQueued }) => isQueued).map(({ name }) => name);
    if (queued.length === 0) return;
    const there = await this.#patiently(async () => {
      const pipeline = this.#client.pipeline();
      for (const name of queued) pipeline.exists(jobKey(this.#options.queue, name));
      const answers = (await pipeline.exec()) ?? [];
      return answers.map(([error, found]) => {
        if (error !== null) throw error;
        return found === 1;
      });
    });
    if (there.every(Boolean)) return;
    while (await this.#receive());
    for (const [i, name] of queued.entries()) if (!there[i]) this.#pending.lost(name);
  }

  /** Leaves nothing behind. */
  async #forget(): Promise<void> {
    const { queue } = this.#options;
    await this.#client.srem(STUDIES, queue);
    await this.#client.del(studyKey(queue), repliesKey(queue), startsKey(queue));
    await this.#queue.obliterate({ force: true });
  }
}
