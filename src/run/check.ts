/** Checks files: every error of every one, each with its line. */
import { archSchema } from '../arch/schema.ts';
import { isWhole } from '../arch/sections.ts';
import { type FileKind, type FileRef, type Files, isPath } from '../arch/source-files.ts';
import type { Branch } from '../arch/tree.ts';
import { parseFile } from '../arch/yaml-source.ts';
import { EXIT, type ExitCode, nearest, TrexError } from '../base/errors.ts';
import { techSchema } from '../tech/schema.ts';
import { encoderFields, imageFields } from '../workload/model-fields.ts';
import { loadArchFrom, loadModelFrom, loadTechFrom } from './load.ts';
import { requestOfConfig } from './rerun.ts';

const SHIPPED: readonly FileKind[] = ['arch', 'tech', 'models'];

/** What is wrong with some files. */
export interface CheckReport {
  /** "arch/trex.yaml: ok", one per sound file. */
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
  /** One text per unsound file, with all its errors. */
  readonly errors: readonly string[];
  readonly exitCode: ExitCode;
}

/** Top-level keys of each kind. */
const KEYS: Record<FileKind, ReadonlySet<string>> = {
  arch: new Set(Object.keys(archSchema.shape)),
  tech: new Set(techSchema.options.flatMap(option => Object.keys(option.shape))),
  models: new Set(Object.keys(encoderFields).concat(Object.keys(imageFields))),
};

/** Also what shipped files say of themselves: here they are asked. */
const LOAD: Record<FileKind, (files: Files, name: string) => readonly string[]> = {
  arch: (files, name) => [...loadArchFrom(files, name).notes, ...networkNotes(files, name)],
  tech: (files, name) => loadTechFrom(files, name).notes,
  models: (files, name) => loadModelFrom(files, name).warnings,
};

/** Of the network and the options in the file of a whole configuration. */
const networkNotes = (files: Files, name: string): readonly string[] =>
  requestOfConfig(name, files) === undefined ? [] : loadModelFrom(files, name).warnings;

/** A kind of file that is known by what it holds and whose check stands on a higher floor. */
export interface OtherKind {
  /** Whether these top-level keys are of one. */
  isOne(keys: readonly string[]): boolean;
  /** @throws TrexError with all that is wrong; gives warnings. */
  check(files: Files, path: string): readonly string[];
}

/** Checks files, given by name or path, with those that they use. Nothing is thrown for a bad file. */
export function checkFiles(
  files: Files,
  names: readonly string[],
  kind?: FileKind,
  others: readonly OtherKind[] = [],
): CheckReport {
  const lines: string[] = [];
  const warnings = new Set<string>();
  const errors: string[] = [];
  let exitCode: ExitCode = EXIT.ok;
  for (const given of names) {
    try {
      const { name, load } = find(files, given, kind, others);
      for (const warning of load()) warnings.add(warning);
      lines.push(`${name}: ok`);
    } catch (error) {
      if (!(error instanceof TrexError)) throw error;
      errors.push(error.message);
      if (exitCode !== EXIT.invalidFile) exitCode = error.exitCode;
    }
  }
  return { lines, warnings: [...warnings], errors, exitCode };
}

/** The file that is meant, and how to load it: by its kind, or by what it holds. */
function find(
  files: Files,
  given: string,
  kind: FileKind | undefined,
  others: readonly OtherKind[],
): { name: string; load: () => readonly string[] } {
  const named = kind ?? SHIPPED.find(k => !isPath(given) && files.list(k).includes(given));
  if (named !== undefined)
    return { name: files.resolve(named, given).name, load: () => LOAD[named](files, given) };
  const path = isPath(given) ? given : `./${given}`;
  const ref = resolvePath(files, given, path);
  const { tree } = parseFile(ref.name, files.read(ref).text);
  const other = others.find(known => known.isOne([...(tree?.entries.keys() ?? [])]));
  const load = other === undefined ? LOAD[kindOf(tree)] : other.check;
  return { name: ref.name, load: () => load(files, path) };
}

function resolvePath(files: Files, given: string, path: string): FileRef {
  try {
    return files.resolve('arch', path);
  } catch (error) {
    throw isPath(given) ? error : unknown(files, given);
  }
}

function unknown(files: Files, name: string): TrexError {
  const near = nearest(
    name,
    SHIPPED.flatMap(k => files.list(k)),
  );
  const hint = near === undefined ? '`trex list` shows the names that there are' : `did you mean ${near}?`;
  return new TrexError(`no file is called '${name}': ${hint}`, EXIT.missing);
}

/** What the file at a path is of, by what it holds. @throws TrexError (4) where it is not there */
export const kindOfFile = (files: Files, path: string): FileKind => {
  const ref = files.resolve('arch', path);
  return kindOf(parseFile(ref.name, files.read(ref).text).tree);
};

/** By content: `level` is a technology's, `family` a model's; without them, what most of its keys belong to. */
function kindOf(tree: Branch | undefined): FileKind {
  if (tree !== undefined && isWhole(tree)) return 'arch';
  const keys = [...(tree?.entries.keys() ?? [])];
  if (keys.includes('level')) return 'tech';
  if (keys.includes('family')) return 'models';
  const share = (known: ReadonlySet<string>): number => keys.filter(key => known.has(key)).length;
  const shares = { arch: share(KEYS.arch), tech: share(KEYS.tech), models: share(KEYS.models) };
  return (['arch', 'tech', 'models'] as const).reduce((best, k) => (shares[k] > shares[best] ? k : best));
}
