/** Keys of Redis. Those of a study hold its hash and that of the folder that it goes to, so that no two mix. */
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Hash } from '../../point-id.ts';
import type { Study } from '../../study.ts';

/** All keys begin with it, those of the queue itself too. */
export const PREFIX = 'trex';
/** What is left of a study that nobody goes on with is gone after a week. */
export const KEEP_S = 7 * 24 * 3600;
/** A worker that has not been heard of for so long is gone. */
export const WORKER_S = 15;

export const STUDIES = `${PREFIX}:studies`;
export const WORKERS = `${PREFIX}:workers`;
export const studyKey = (queue: string): string => `${PREFIX}:study:${queue}`;
export const workerKey = (worker: string): string => `${PREFIX}:worker:${worker}`;
/** Replies, the oldest first. */
export const repliesKey = (queue: string): string => `${PREFIX}:replies:${queue}`;
/** How often each job has been started. */
export const startsKey = (queue: string): string => `${PREFIX}:starts:${queue}`;
/** As BullMQ names the job of a queue. */
export const jobKey = (queue: string, job: string): string => `${PREFIX}:${queue}:${job}`;

const DIGITS = 16;
const ID_DIGITS = 32;

/** Of a study on its way to a folder of this machine: the same for whoever goes on there. */
export const queueName = ({ hash: { sha256 }, name }: Study, dir: string, hash: Hash): string =>
  `study-${hash(`${sha256} ${name}`).slice(0, DIGITS)}-${hash(`${hostname()} ${resolve(dir)}`).slice(0, DIGITS)}`;

/** The name of a job: of the points in it, neither digits alone nor with a `:`, both of which BullMQ refuses. */
export const jobName = (ids: readonly string[], hash: Hash): string =>
  `h${hash(ids.join(' ')).slice(0, ID_DIGITS)}`;
/** Keys that every worker of a queue writes, whoever else is there. */
export const ownKeys = (queue: string): string[] =>
  ['meta', 'stalled-check'].map(key => `${PREFIX}:${queue}:${key}`);
