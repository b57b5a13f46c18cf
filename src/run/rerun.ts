/** An earlier result, or its configuration, as the request that it answers. */
import * as z from 'zod';
import { problemsOf } from '../arch/issues.ts';
import { invalidFile } from '../arch/problem.ts';
import { isWhole } from '../arch/sections.ts';
import { type FileHash, type Files, isPath, type StoredFile } from '../arch/source-files.ts';
import { type Branch, plain } from '../arch/tree.ts';
import { parseFile } from '../arch/yaml-source.ts';
import { EXIT, TrexError } from '../base/errors.ts';
import { sha256Hex } from '../base/sha256.ts';
import { VERSION } from '../base/version.ts';
import { chipAccuracySchema } from '../report/chip-accuracy.ts';
import { SCHEMA_VERSION } from '../report/result.ts';
import type { RunRequest } from './run.ts';
import { changedFiles, storedFiles } from './stored-files.ts';

/** A run that was done before, from the files that its result holds. */
export interface Rerun {
  readonly run: RunRequest;
  readonly files: Files;
  /** That another version made it, or that files have changed since; a line each. */
  readonly warnings: readonly string[];
  /** The whole result. */
  readonly held: Readonly<Record<string, unknown>>;
}

const name = z.string().min(1);
const whole = (least: number) => z.int().min(least);
const options = {
  reuse: name,
  tokens: whole(1).nullable(),
  images: whole(1),
  seed: z.int(),
  arrival: name.optional(),
};
const generation = {
  prefill: whole(1).optional(),
  decode: whole(1).optional(),
  batch: whole(1).optional(),
};
const runSchema = z.strictObject({
  arch: name,
  tech: name.nullable(),
  model: name,
  ...options,
  set: z.array(z.string()),
  ...generation,
  accuracy: chipAccuracySchema.optional(),
});
const fileSchema = z.strictObject({
  path: name,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
  text: z.string().optional(),
});
/** Of a result, what says how to get it again; the figures are computed anew. */
const resultSchema = z.looseObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  version: name,
  run: runSchema,
  files: z.array(fileSchema).min(1),
});
const notes = z.array(name).optional();
const configSchema = z.strictObject({
  run: z.strictObject({
    version: name,
    reuse: options.reuse,
    tokens: options.tokens,
    images: options.images,
    seed: options.seed,
    arrival: options.arrival,
    ...generation,
    accuracy: chipAccuracySchema.optional(),
    unsaid: notes,
    written: notes,
  }),
});

/**
 * A `result.json` as the run that it is of. `host` tells whether its files are what they were.
 * @throws TrexError (invalid file) for a text that is no result, and for each value that is none of a result.
 */
export async function rerunOf(path: string, bytes: Uint8Array, host: Files): Promise<Rerun> {
  const text = new TextDecoder().decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TrexError(`${path}: not a result: ${(error as Error).message}`, EXIT.invalidFile);
  }
  const isResult = typeof value === 'object' && value !== null && 'run' in value && 'files' in value;
  if (!isResult)
    throw new TrexError(`${path}: not a result of trex run: it has no "run" and "files"`, EXIT.invalidFile);
  const checked = resultSchema.safeParse(value);
  if (!checked.success) throw wrong(path, text, checked.error.issues);
  const { run, files, version } = checked.data;
  const stored = files.filter(hasText);
  for (const { path: of, text: held, sha256 } of stored)
    if ((await sha256Hex(new TextEncoder().encode(held))) !== sha256)
      throw new TrexError(`${path}: the text of ${of} is not what its sha256 says`, EXIT.invalidFile);
  // Results of versions that kept hashes alone.
  const holdsAll = stored.length === files.length;
  const changed = changedFiles(files, host).join(', ');
  const instead = holdsAll ? 'it runs with the text that it holds' : 'it runs with what is here now';
  return {
    run,
    held: checked.data,
    files: holdsAll ? storedFiles(path, stored, host) : host,
    warnings: [
      ...(version === VERSION ? [] : [`${path} is a result of trex ${version}, this is ${VERSION}`]),
      ...(changed === '' ? [] : [`not here as ${path} read it: ${changed}; ${instead}`]),
    ],
  };
}

const hasText = (file: { readonly text?: string | undefined } & FileHash): file is StoredFile =>
  file.text !== undefined;

/** With the lines of the file. JSON is YAML. */
function wrong(path: string, text: string, issues: readonly z.core.$ZodIssue[]): TrexError {
  const { tree } = parseFile(path, text);
  if (tree !== undefined) return invalidFile(problemsOf(issues, tree, resultSchema));
  const lines = issues.map(issue => `${path}  ${issue.path.join('.')}: ${issue.message}`);
  return new TrexError(lines.join('\n'), EXIT.invalidFile);
}

/**
 * The request of a `config.expanded.yaml`; undefined for a shipped chip, and for the file of one alone.
 * @throws TrexError: no such file (4), not YAML, or options that are none (3).
 */
export function requestOfConfig(path: string, files: Files): RunRequest | undefined {
  if (!isPath(path)) return undefined;
  const ref = files.resolve('arch', path);
  const { tree, problems } = parseFile(ref.name, files.read(ref).text);
  if (tree === undefined || problems.length > 0) throw invalidFile(problems);
  if (!isWhole(tree)) return undefined;
  const run = tree.entries.get('run');
  const section: Branch = { ...tree, entries: new Map(run === undefined ? [] : [['run', run]]) };
  const checked = configSchema.safeParse(plain(section));
  if (!checked.success) throw invalidFile(problemsOf(checked.error.issues, section, configSchema));
  const { version: _, unsaid: __, written: ___, ...request } = checked.data.run;
  return { arch: path, model: path, ...request };
}
