/** `use: other`: a file that starts from another file and gives only what differs. */
import { TrexError } from '../base/errors.ts';
import { invalidFile } from './problem.ts';
import { sectionFor, sectionOf, sectionRef } from './sections.ts';
import type { FileHash, FileKind, FileRef, Files } from './source-files.ts';
import { type Branch, type Leaf, mergeTrees, textAt } from './tree.ts';
import { parseFile } from './yaml-source.ts';

/** What a file says of itself, and what another that starts from it therefore does not inherit. */
const OWN_KEYS = ['name', 'description', 'source'];

export interface FileTree {
  readonly ref: FileRef;
  /** The file on top of those that it uses, without `use` itself. */
  readonly tree: Branch;
  /** The file that is started from first, each with what it uses below it; `tree` is the last. */
  readonly layers: readonly Branch[];
  /** The file first, then those that it uses. */
  readonly files: readonly FileHash[];
  /** The same, with the files that they are of: what their values name is found from there. */
  readonly refs: readonly FileRef[];
  readonly from: Files;
}

/**
 * Reads a file and all that it uses.
 * @throws TrexError (invalid file) for text that is no map, and for a cycle, which is shown as a chain.
 */
export function readFileTree(
  files: Files,
  kind: FileKind,
  found: FileRef,
  chain: readonly FileRef[] = [],
): FileTree {
  const { text, sha256 } = files.read(found);
  const { tree: whole, problems } = parseFile(found.name, text);
  if (whole === undefined || problems.length > 0) throw invalidFile(problems);
  const section = sectionFor(whole, kind, found);
  const ref = section === undefined ? found : { ...found, section };
  const tree = section === undefined ? whole : sectionOf(whole, section);
  const hash = { path: ref.name, sha256 };
  const use = textAt(tree, 'use');
  if (use === undefined) return { ref, tree, layers: [tree], files: [hash], refs: [ref], from: files };
  const below = resolveFrom(files, kind, use, 'use', ref);
  const path = [...chain, ref];
  if (path.some(r => r.path === below.path)) {
    const names = [...path, below].map(r => r.name).join(' -> ');
    throw invalidFile([
      { span: use.span, path: 'use', message: `files use each other in a circle: ${names}` },
    ]);
  }
  const base = readFileTree(files, kind, below, path);
  const merged = mergedFiles(base.tree, tree);
  return {
    ref,
    tree: merged,
    layers: [...base.layers, merged],
    files: [hash, ...base.files],
    refs: [ref, ...base.refs],
    from: files,
  };
}

/** What files became on top of those that they use: both are parsed once, and so they are put together once. */
const known = new WeakMap<Branch, WeakMap<Branch, Branch>>();

function mergedFiles(base: Branch, tree: Branch): Branch {
  const over = known.get(base) ?? new WeakMap<Branch, Branch>();
  known.set(base, over);
  const found = over.get(tree);
  if (found !== undefined) return found;
  const merged = mergeTrees(without(base, OWN_KEYS), without(tree, ['use'])) as Branch;
  over.set(tree, merged);
  return merged;
}

/**
 * The file that a value of another file (or of the command line) names.
 * @throws TrexError with the value's position.
 */
export function resolveFrom(files: Files, kind: FileKind, leaf: Leaf, path: string, from: FileRef): FileRef {
  const isFlag = leaf.span.source.kind === 'flag';
  const section = isFlag ? undefined : sectionRef(String(leaf.value), from);
  if (section !== undefined) return section;
  try {
    return files.resolve(kind, String(leaf.value), isFlag ? undefined : from);
  } catch (error) {
    if (!(error instanceof TrexError)) throw error;
    const { message, exitCode } = invalidFile([{ span: leaf.span, path, message: error.message }]);
    throw new TrexError(message, isFlag ? error.exitCode : exitCode);
  }
}

function without(tree: Branch, keys: readonly string[]): Branch {
  const entries = new Map([...tree.entries].filter(([key]) => !keys.includes(key)));
  return { ...tree, entries };
}
