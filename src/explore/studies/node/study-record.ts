/** `study.json` beside the rows of a study: what they are of, and the files that they come from. */
import { join } from 'node:path';
import * as z from 'zod';
import { readJson } from '../../../accuracy/read-files.ts';
import { problemIn } from '../../../arch/issues.ts';
import { VERSION } from '../../../base/version.ts';
import { readBytes } from '../../../run/node/read-file.ts';
import { invalidFile } from '../../../workload/import/tensor.ts';
import type { Shard } from '../blocks-of.ts';
import { ROW_SCHEMA_VERSION } from '../job.ts';
import type { FileLookup } from '../point-files.ts';
import type { Study } from '../study.ts';
import type { Value } from '../value.ts';
import { STUDY } from './results-file.ts';

const recordSchema = z.strictObject({
  schemaVersion: z.literal(ROW_SCHEMA_VERSION),
  version: z.string(),
  name: z.string(),
  /** As its file has it. */
  study: z.record(z.string(), z.json() as z.ZodType<Value>),
  points: z.int(),
  shard: z.string().nullable(),
  /** With what they say of their sources. */
  files: z.array(
    z.strictObject({ path: z.string(), sha256: z.string(), source: z.string().exactOptional() }),
  ),
  /** The files behind each `provenance.inputs` of the rows. */
  inputs: z.record(z.string(), z.array(z.string())),
});

export type StudyRecord = z.output<typeof recordSchema>;

/** What is to be said of the rows of a study, or of a part of it. */
export const recordOf = (
  study: Study,
  lookup: FileLookup,
  points: number,
  shard: Shard | undefined,
): StudyRecord => ({
  schemaVersion: ROW_SCHEMA_VERSION,
  version: VERSION,
  name: study.name,
  study: { ...study.content },
  points,
  shard: shard === undefined ? null : `${shard.index}/${shard.count}`,
  files: [study.hash, ...lookup.all].map(file => ({ ...file })),
  inputs: Object.fromEntries(Object.entries(lookup.inputs).map(([hash, paths]) => [hash, [...paths]])),
});

/** @throws TrexError: missing (4), not of this program (3) */
export function readRecord(dir: string): StudyRecord {
  const path = join(dir, STUDY);
  const content = readJson(path, readBytes(path));
  const read = recordSchema.safeParse(content);
  if (!read.success) throw invalidFile(`${path}: ${problemIn(content, read.error.issues, recordSchema)}`);
  return read.data;
}
