/**
 * What submitter and workers say to each other through Redis. Whoever can write there can write anything: what comes out is read
 * by these schemas, points and rows are held against their ids, and files against their hashes.
 */
import * as z from 'zod';
import { TrexError } from '../../../../base/errors.ts';
import { masked } from '../../../../base/masked.ts';
import { openedLine } from '../../../../base/sealed.ts';
import { VERSION } from '../../../../base/version.ts';
import { type Block, ROW_SCHEMA_VERSION, type SealedRow } from '../../job.ts';
import { METRIC_NAMES, type MetricName } from '../../metric-names.ts';
import { type Hash, pointId } from '../../point-id.ts';

const MOST_TEXT = 10_000;
const id = z.string().regex(/^h[0-9a-f]{32}$/);
const short = z.string().max(MOST_TEXT);
const values = z.record(z.string(), z.json());
const count = z.int().min(0);

/** What a worker finds: a study that has points for it. */
const studySchema = z.strictObject({ version: short, name: short, submitter: short });
export type StudyEntry = z.infer<typeof studySchema>;

/** What a submitter finds: a worker, and how much it does at a time. */
const workerSchema = z.strictObject({ version: short, host: short, pid: count, threads: count });
export type WorkerEntry = z.infer<typeof workerSchema>;

/** Data that points read by path: weights, sets of images. Only the path and the hash travel. */
export interface DataHash {
  readonly path: string;
  readonly sha256: string;
}

/** What a job carries. */
export interface BlockMessage {
  readonly block: Block;
  readonly data: readonly DataHash[];
}

const blockSchema = z.strictObject({
  block: z.strictObject({
    version: short,
    metrics: z.array(z.enum(METRIC_NAMES as readonly [MetricName, ...MetricName[]])).min(1),
    iso: values,
    files: z.array(z.strictObject({ path: short, sha256: short, text: z.string() })),
    jobs: z.array(z.strictObject({ id, point: values, seed: z.int(), inputs: short })).min(1),
  }),
  data: z.array(z.strictObject({ path: short, sha256: short })),
});

/** What a worker answers about the job `job`. */
export type Reply =
  | {
      readonly kind: 'rows';
      readonly job: string;
      readonly worker: string;
      readonly rows: readonly SealedRow[];
    }
  /** It ended its workers so many times that nobody takes it any more. */
  | { readonly kind: 'given-up'; readonly job: string; readonly worker: string; readonly starts: number }
  /** Another worker may take it. */
  | { readonly kind: 'refused'; readonly job: string; readonly worker: string; readonly why: string };

const head = { job: id, worker: short };
const replySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rows'),
    ...head,
    rows: z.array(z.strictObject({ id, line: z.string(), error: z.string().exactOptional() })),
  }),
  z.strictObject({ kind: z.literal('given-up'), ...head, starts: count }),
  z.strictObject({ kind: z.literal('refused'), ...head, why: short }),
]);

const lineSchema = z.looseObject({
  schemaVersion: z.literal(ROW_SCHEMA_VERSION),
  id,
  error: z.looseObject({ message: z.string() }).optional(),
  provenance: z.looseObject({ version: z.literal(VERSION) }),
});

/** Undefined for what nobody of ours wrote. */
export const readStudyEntry = (text: string): StudyEntry | undefined => read(text, studySchema);
export const readWorkerEntry = (text: string): WorkerEntry | undefined => read(text, workerSchema);

function read<T>(text: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * What a job carries, held against its hashes.
 * @throws TrexError that says what is wrong with it
 */
export function readBlockMessage(data: unknown, hash: Hash): BlockMessage {
  const parsed = blockSchema.safeParse(data);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw new TrexError(`a job is none of trex ${VERSION}: ${path.join('.')}: ${message}`);
  }
  const message: BlockMessage = parsed.data;
  const { block } = message;
  if (block.version !== VERSION)
    throw new TrexError(`a job is of trex ${block.version}, this is ${VERSION}: both ends need the same`);
  for (const { path, sha256, text } of block.files)
    if (hash(text) !== sha256) throw new TrexError(`a job: the text of ${path} is not what its hash says`);
  const { metrics, iso } = block;
  for (const { id, point, seed, inputs } of block.jobs)
    if (pointId({ metrics, iso, point, seed, inputs }, hash) !== id)
      throw new TrexError(`a job: point ${id} is not what its id says`);
  return message;
}

/** A reply; a text says what is wrong with it. */
export function readReply(text: string): Reply | string {
  const reply = read<Reply>(text, replySchema);
  if (reply === undefined) return 'a reply is none of this version of trex';
  if (reply.kind === 'refused') return { ...reply, why: masked(reply.why) };
  if (reply.kind === 'rows')
    for (const row of reply.rows) {
      const wrong = wrongRow(row);
      if (wrong !== undefined) return `row ${row.id} of ${reply.worker}: ${wrong}`;
    }
  return reply;
}

/** Its line goes into the results as it is. */
function wrongRow({ id, line, error }: SealedRow): string | undefined {
  if (line.indexOf('\n') !== line.length - 1) return 'is not one line';
  const opened = openedLine(new TextEncoder().encode(line.slice(0, -1)));
  if ('wrong' in opened) return opened.wrong;
  const found = lineSchema.safeParse(opened.content);
  if (!found.success) return `is no row of trex ${VERSION}`;
  return found.data.id === id && found.data.error?.message === error ? undefined : 'is not what its id says';
}
