/** `config.expanded.yaml`: chip, technologies and network as sections of one file, which name each other as `#section`. */
import { nearest } from '../base/errors.ts';
import { invalidFile } from './problem.ts';
import type { FileKind, FileRef } from './source-files.ts';
import { type Branch, keySpan, spanAt } from './tree.ts';

/** The section that a file of a kind is; a chip's `digital` and the devices of a hybrid are named. */
const SECTION_OF: Readonly<Record<FileKind, string>> = { arch: 'arch', tech: 'tech', models: 'model' };

const SECTION = /^(arch|tech(\.(static|dynamic|layers\.\d+))?|digital|derived|model|run)$/;
const NAMES = ['arch', 'tech', 'tech.static', 'tech.dynamic', 'digital', 'derived', 'model', 'run'];

/** The sections of values: where an origin with this path belongs, and its path there. */
export function sectionOfPath(path: string): { section: string; key: string } {
  const [, layer, inner] = /^tech\.(layers\.\d+)\.(?!match$|tech$)(.*)$/.exec(path) ?? [];
  if (layer !== undefined) return { section: `tech.${layer}`, key: inner };
  const prefix = ['tech.static', 'tech.dynamic', 'tech', 'digital', 'derived', 'model'].find(name =>
    path.startsWith(`${name}.`),
  );
  return prefix === undefined
    ? { section: 'arch', key: path }
    : { section: prefix, key: path.slice(prefix.length + 1) };
}

/** What a value that names another file is in the file of a whole configuration; undefined for any other value. */
export function sectionNamed(path: string): string | undefined {
  if (path === 'tech' || path === 'digital') return `#${path}`;
  if (path === 'tech.static' || path === 'tech.dynamic') return `#${path}`;
  const [, layer] = /^(tech\.layers\.\d+)\.tech$/.exec(path) ?? [];
  return layer === undefined ? undefined : `#${layer}`;
}

/** The section that a value names; undefined for a name or a path of a file. */
export const sectionRef = (text: string, from: FileRef): FileRef | undefined =>
  from.section !== undefined && text.startsWith('#') ? { ...from, section: text.slice(1) } : undefined;

/** The section of `whole` that is meant; undefined for the file of one chip, technology or network. */
export const sectionFor = (whole: Branch, kind: FileKind, ref: FileRef): string | undefined =>
  ref.section ?? (isWhole(whole) ? SECTION_OF[kind] : undefined);

/** Whether a file is that of a whole configuration. */
export const isWhole = (tree: Branch): boolean => tree.entries.get('arch')?.node.type === 'map';

/** @throws TrexError (invalid file) for a section that is not there or no block, and for a key that is none. */
export function sectionOf(whole: Branch, section: string): Branch {
  const unknown = [...whole.entries.keys()].filter(key => !SECTION.test(key));
  if (unknown.length > 0)
    throw invalidFile(
      unknown.map(key => {
        const near = nearest(key, NAMES);
        const hint = near === undefined ? `known: ${NAMES.join(', ')}` : `did you mean ${near}?`;
        return { span: keySpan(whole, [key])!, path: key, message: `unknown section, ${hint}` };
      }),
    );
  const node = whole.entries.get(section)?.node;
  if (node?.type === 'map') return node;
  const message = node === undefined ? `missing, expected a section ${section}` : 'expected a block';
  throw invalidFile([{ span: spanAt(whole, [section]), path: section, message }]);
}
