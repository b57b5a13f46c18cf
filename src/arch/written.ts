/** Values that a user wrote for a chip: on the command line, or in a file of differences (`use:`) where they differ from what it starts from. */
import type { FileKind, FileRef, Files } from './source-files.ts';
import { type Branch, leaves, nodeAt, type Path } from './tree.ts';

export interface Written {
  /** From the chip, such as tech.cell.bits. */
  readonly path: Path;
  /** Inside its file. */
  readonly below: Path;
  /** The argument, where it is of the command line. */
  readonly flag: string | undefined;
}

/** Whether a file came with the program: it describes a machine for whatever is made of it. */
export const isShipped = (files: Files, kind: FileKind, { name }: FileRef): boolean =>
  files.list(kind).some(own => name === `${kind}/${own}.yaml`);

/**
 * Of one file: `tree` with the command line on top, `layers` the files from the lowest to the topmost. What a whole file says it
 * may have to say, what a file takes over it did not write, and of a file that is `shipped` nothing is its user's. `noted` are paths from
 * the chip that the user wrote, as the file of a whole configuration says.
 */
export function writtenIn(
  { tree, layers }: { readonly tree: Branch; readonly layers: readonly Branch[] },
  prefix: Path,
  shipped: boolean,
  noted: ReadonlySet<string> = new Set(),
): Written[] {
  const [below, top] = shipped ? [] : layers.slice(-2);
  return [...leaves(tree)].flatMap(({ path, leaf }): Written[] => {
    const { kind, name } = leaf.span.source;
    const written = { path: [...prefix, ...path], below: path };
    if (kind === 'flag') return [{ ...written, flag: name }];
    if (noted.has(written.path.join('.'))) return [{ ...written, flag: undefined }];
    if (below === undefined || top === undefined || nodeAt(top, path) !== leaf) return [];
    const base = nodeAt(below, path);
    const moved = base !== leaf && !(base?.type === 'leaf' && base.value === leaf.value);
    return moved ? [{ ...written, flag: undefined }] : [];
  });
}
