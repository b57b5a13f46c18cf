/** What is compared: technologies on one architecture, or architectures, each loaded as a chip. */
import { type LoadedArch, loadArchFrom } from '../../arch/load.ts';
import { archSchema } from '../../arch/schema.ts';
import { isWhole } from '../../arch/sections.ts';
import { type FileKind, type FileRef, type Files, isPath } from '../../arch/source-files.ts';
import { type Branch, textAt } from '../../arch/tree.ts';
import { parseFile } from '../../arch/yaml-source.ts';
import { usageError } from '../../base/errors.ts';

const DEFAULT_ARCH = 'trex';
/** Keys that a technology file may have as well. */
const SHARED_KEYS = ['name', 'description', 'use', 'source', 'vector'];

export interface Subject {
  /** Of the table's column: the file's own name, or its path where two files have the same. */
  readonly name: string;
  readonly loaded: LoadedArch;
}

/** A subject that can be loaded once more with other settings. */
export interface Reloadable extends Subject {
  /** @throws TrexError for settings that its files refuse. */
  load(set: readonly string[]): LoadedArch;
}

/** What was given: technologies on an architecture, or architectures. */
export interface Subjects {
  readonly subjects: readonly Reloadable[];
}

export interface SubjectOptions {
  /** Names or paths, all of technologies or all of architectures. */
  readonly names: readonly string[];
  /** The architecture of technologies; default trex. */
  readonly arch?: string | undefined;
  /** The technology of architectures; default each one's own. */
  readonly tech?: string | undefined;
  readonly set: readonly string[];
}

/** @throws TrexError: fewer than two, a mix of kinds (2), a missing or invalid file. */
export function loadSubjects(files: Files, { names, arch, tech, set }: SubjectOptions): Subjects {
  if (names.length < 2)
    throw usageError('compare needs two or more files, e.g. trex compare fefet-32nm sram-32nm');
  const kinds = names.map(name => kindOf(files, name));
  const [kind] = kinds;
  const other = kinds.findIndex(k => k !== kind);
  if (other >= 0) {
    const [a, t] = kind === 'arch' ? [names[0], names[other]] : [names[other], names[0]];
    throw usageError(
      `${a} is an architecture, ${t} a technology: compare takes files of one kind; technologies stand on --arch`,
    );
  }
  if (kind === 'arch' && arch !== undefined)
    throw usageError(`--arch ${arch}: ${names.join(' and ')} are architectures themselves`);
  if (kind === 'tech' && tech !== undefined)
    throw usageError(`--tech ${tech}: ${names.join(' and ')} are technologies themselves`);
  const load = (name: string, more: readonly string[]): LoadedArch => {
    const all = [...set, ...more];
    return kind === 'arch'
      ? loadArchFrom(files, name, { tech, set: all })
      : loadArchFrom(files, arch ?? DEFAULT_ARCH, { tech: name, set: all });
  };
  const loaded = names.map(name => load(name, []));
  const own = loaded.map(({ arch: { name, techName } }) => (kind === 'arch' ? name : techName));
  const subjects = loaded.map((chip, i) => {
    const clash = own.some((name, j) => j !== i && name === own[i]);
    return {
      name: clash ? names[i] : own[i],
      loaded: chip,
      load: (more: readonly string[]) => load(names[i], more),
    };
  });
  return { subjects };
}

/** A shipped name says what it is; of a path, the keys of the file do. @throws TrexError for a missing file. */
function kindOf(files: Files, nameOrPath: string): 'arch' | 'tech' {
  if (!isPath(nameOrPath)) {
    if (files.list('arch').includes(nameOrPath)) return 'arch';
    return files.list('tech').includes(nameOrPath) ? 'tech' : nearestKind(files, nameOrPath);
  }
  return kindOfFile(files, files.resolve('tech', nameOrPath));
}

/** Nothing is called so: the error of the kind that has the nearer name. */
function nearestKind(files: Files, nameOrPath: string): never {
  for (const kind of ['tech', 'arch'] as const) {
    try {
      files.resolve(kind, nameOrPath);
    } catch (error) {
      if (kind === 'arch' || /did you mean/.test((error as Error).message)) throw error;
    }
  }
  throw new Error(`${nameOrPath} is a file after all`);
}

function kindOfFile(files: Files, ref: FileRef, depth = 0): 'arch' | 'tech' {
  const { tree } = parseFile(ref.name, files.read(ref).text);
  if (tree !== undefined && isWhole(tree)) return 'arch';
  if (tree === undefined || tree.entries.has('level')) return 'tech';
  const known = Object.keys(archSchema.shape).filter(key => !SHARED_KEYS.includes(key));
  if (known.some(key => tree.entries.has(key))) return 'arch';
  return depth < 8 ? kindBelow(files, tree, ref, depth) : 'tech';
}

/** A file that only renames another is of that one's kind. */
function kindBelow(files: Files, tree: Branch, ref: FileRef, depth: number): 'arch' | 'tech' {
  const use = textAt(tree, 'use')?.value;
  if (typeof use !== 'string') return 'tech';
  if (isPath(use)) return kindOfFile(files, files.resolve('tech', use, ref), depth + 1);
  const shipped: FileKind[] = ['arch', 'tech'];
  return shipped.find(kind => files.list(kind).includes(use)) === 'arch' ? 'arch' : 'tech';
}
