/** One file, from its name to checked data: read, merge what it uses, put the command line on top, check, trace origins. */
import type * as z from 'zod';
import type { Finding } from './finding.ts';
import { problemsOf } from './issues.ts';
import { type Origin, originsOf } from './origins.ts';
import { knownLeaves, parseBlocks } from './parse-blocks.ts';
import { invalidFile, type Problem, problemLine } from './problem.ts';
import { applyOverrides, type Override } from './set.ts';
import type { FileHash, FileKind, FileRef, Files } from './source-files.ts';
import { readTables } from './tables.ts';
import { type Branch, type Path, plain, spanAt } from './tree.ts';
import { type FileTree, readFileTree } from './use.ts';

export interface LoadOptions<T> {
  /** Values on top of the file. */
  readonly set?: readonly Override[];
  /** Where the file stands in the chip, such as ['tech', 'static']: part of the paths of origins and of cited overrides. */
  readonly prefix?: Path;
  /** Every number must stand under a `source:`. */
  readonly sourced?: boolean;
  readonly check?: (value: T, tree: Branch) => readonly Finding[];
}

export interface Loaded<T> {
  readonly value: T;
  readonly ref: FileRef;
  readonly tree: Branch;
  /** The files that it is made of, from the lowest to the topmost, without the command line. */
  readonly layers: readonly Branch[];
  /** Worked out when they are asked for. */
  readonly origins: () => readonly Origin[];
  readonly files: readonly FileHash[];
  readonly warnings: readonly string[];
}

/**
 * Loads a file of `kind` that the user named: a shipped name or a path.
 * @throws TrexError: missing (4), or invalid with all its problems (3; 2 if all are in overrides).
 */
export function loadYaml<S extends z.ZodType>(
  files: Files,
  kind: FileKind,
  name: string,
  schema: S,
  options: LoadOptions<z.output<S>> = {},
): Loaded<z.output<S>> {
  return loadTree(readFileTree(files, kind, files.resolve(kind, name)), schema, options);
}

/** `loadYaml` for a file that is read already. */
export function loadTree<S extends z.ZodType>(
  read: FileTree,
  schema: S,
  options: LoadOptions<z.output<S>> = {},
): Loaded<z.output<S>> {
  const { set = [], prefix = [], sourced = false, check = () => [] } = options;
  const { tree, files } = readTables(read, applyOverrides(read.tree, set));
  const sound = parseBlocks(schema, tree);
  const result =
    sound === undefined ? schema.safeParse(plain(tree)) : { success: true as const, data: sound };
  const problems = [
    ...(result.success ? [] : problemsOf(result.error.issues, tree, schema, read.layers.length === 1)),
    ...(sourced ? unsourced(tree, schema) : []),
  ];
  if (!result.success || problems.length > 0) throw invalidFile(problems.map(p => cited(p, prefix)));
  const value = result.data;
  const findings = check(value, tree);
  const errors = findings.filter(finding => finding.severity === 'error');
  if (errors.length > 0) throw invalidFile(locate(errors, tree, prefix));
  return {
    value,
    ref: read.ref,
    tree,
    layers: read.layers,
    origins: once(() => originsOf(prefix, tree, schema, value)),
    files: [...read.files, ...files],
    warnings: locate(findings, tree, prefix).map(problemLine),
  };
}

/** What `make` gives, made at the first call. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Findings with the positions of the values that they are about. */
export function locate(findings: readonly Finding[], tree: Branch, prefix: Path = []): Problem[] {
  return findings.map(({ path, message }) =>
    cited({ span: spanAt(tree, path), path: path.join('.'), message }, prefix),
  );
}

/** An override is cited with the path that the user wrote. */
function cited(problem: Problem, prefix: Path): Problem {
  if (problem.span.source.kind === 'file') return problem;
  return { ...problem, path: [...prefix, problem.path].filter(key => key !== '').join('.') };
}

/** Numbers of files that say nowhere where they come from: the first one of each top-level block. */
function unsourced(tree: Branch, schema: z.ZodType): Problem[] {
  const numbers = knownLeaves(schema, tree).filter(({ leaf, dimension, isKnown }) => {
    if (leaf.source !== undefined || leaf.span.source.kind === 'flag') return false;
    return dimension !== undefined || (isKnown && typeof leaf.value === 'number');
  });
  const blocks = new Map<string, typeof numbers>();
  for (const number of numbers) {
    const block = number.path.length === 1 ? '' : String(number.path[0]);
    blocks.set(block, [...(blocks.get(block) ?? []), number]);
  }
  return [...blocks.values()].map(([{ path, leaf }, ...more]) => {
    const others = more.length === 0 ? '' : ` and ${more.length} more in its block`;
    const message = `no source for ${leaf.text}${others}: expected "source: ..." in the block or the file, "source: assumed ..." for a choice`;
    return { span: leaf.span, path: path.join('.'), message };
  });
}
