/** A parsed file whose every value knows where it stands and which `source:` it stands under. */
import type { Span } from './span.ts';

/** Key that chooses between the shapes of a block. A `law` does not: most keys of a cell or an ADC hold for all its laws. */
const TAGS = ['form'];

export interface Leaf {
  readonly type: 'leaf';
  readonly value: string | number | boolean | null;
  /** As it is written in the file. */
  readonly text: string;
  readonly span: Span;
  /** The nearest `source:` of its own file; undefined if there is none. */
  readonly source: string | undefined;
}

interface List {
  readonly type: 'list';
  readonly items: readonly Tree[];
  readonly span: Span;
}

export interface Branch {
  readonly type: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly span: Span;
}

export interface Entry {
  /** Where the key stands. */
  readonly key: Span;
  readonly node: Tree;
}

export type Tree = Leaf | List | Branch;
export type Path = readonly (string | number)[];

/** The value at a path; undefined if there is none. */
export function nodeAt(tree: Tree, path: Path): Tree | undefined {
  let node: Tree | undefined = tree;
  for (const key of path) {
    if (node?.type === 'map') node = node.entries.get(String(key))?.node;
    else if (node?.type === 'list') node = node.items[Number(key)];
    else return undefined;
  }
  return node;
}

/** Where to point for a path: at its value; at the key of its block; for what is missing, at the enclosing block. */
export function spanAt(tree: Tree, path: Path): Span {
  const node = nodeAt(tree, path);
  if (node !== undefined && node.type !== 'map') return node.span;
  for (let depth = path.length; depth > 0; depth--) {
    const at = path.slice(0, depth);
    const key = keySpan(tree, at);
    if (key !== undefined) return key;
    // The item of a list that lacks something stands for it, and not the key of the list.
    const item = typeof at.at(-1) === 'number' ? nodeAt(tree, at) : undefined;
    if (item !== undefined) return { ...item.span, end: item.span.start + 1 };
  }
  return { ...tree.span, end: tree.span.start + 1 };
}

/** Where the key of a path stands; undefined for what is missing and for items of lists. */
export function keySpan(tree: Tree, path: Path): Span | undefined {
  const parent = nodeAt(tree, path.slice(0, -1));
  return parent?.type === 'map' ? parent.entries.get(String(path[path.length - 1]))?.key : undefined;
}

/** The value as plain data, with maps free of a prototype, so that no key is special. */
export function plain(tree: Tree): unknown {
  if (tree.type === 'leaf') return tree.value;
  if (tree.type === 'list') return tree.items.map(plain);
  const object: Record<string, unknown> = Object.create(null);
  for (const [key, { node }] of tree.entries) object[key] = plain(node);
  return object;
}

/** Every leaf with its path, in file order, without the `source:` texts. */
export function* leaves(tree: Tree, path: Path = []): Generator<{ path: Path; leaf: Leaf }> {
  if (tree.type === 'leaf') yield { path, leaf: tree };
  else if (tree.type === 'list') {
    for (const [i, item] of tree.items.entries()) yield* leaves(item, [...path, i]);
  } else {
    for (const [key, { node }] of tree.entries) if (key !== 'source') yield* leaves(node, [...path, key]);
  }
}

/** Blocks and lists that say that nothing is there, though they may say whence. */
export function* empties(tree: Tree, path: Path = []): Generator<{ path: Path; node: List | Branch }> {
  if (tree.type === 'leaf') return;
  const below: (readonly [string | number, Tree])[] =
    tree.type === 'list'
      ? [...tree.items.entries()]
      : [...tree.entries].filter(([key]) => key !== 'source').map(([key, { node }]) => [key, node]);
  if (below.length === 0) yield { path, node: tree };
  for (const [key, node] of below) yield* empties(node, [...path, key]);
}

/**
 * `over` on top of `base`: maps merge, scalars and lists replace; a block of another form replaces too, because
 * its keys are others, and so does an empty one, which says that nothing is there. A block that the command line
 * reaches into still stands where its file put it.
 */
export function mergeTrees(base: Tree, over: Tree): Tree {
  if (base.type !== 'map' || over.type !== 'map' || TAGS.some(tag => differs(base, over, tag))) return over;
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const below = entries.get(key);
    if (below === undefined || isEmpty(entry.node)) entries.set(key, entry);
    else {
      const stays = below.node.type === 'map' && entry.node.type === 'map' && isFlag(entry.key);
      entries.set(key, { key: stays ? below.key : entry.key, node: mergeTrees(below.node, entry.node) });
    }
  }
  return { type: 'map', entries, span: isFlag(over.span) ? base.span : over.span };
}

function differs(base: Branch, over: Branch, tag: string): boolean {
  const [was, is] = [base, over].map(branch => textAt(branch, tag)?.value);
  return was !== undefined && is !== undefined && was !== is;
}

const isEmpty = (node: Tree): boolean => node.type === 'map' && node.entries.size === 0;

const isFlag = (span: Span): boolean => span.source.kind === 'flag';

/** The text of a top-level key, such as `name` or `use`; undefined if it is not there or not a text. */
export function textAt(tree: Tree, key: string): Leaf | undefined {
  const node = nodeAt(tree, [key]);
  return node?.type === 'leaf' && typeof node.value === 'string' ? node : undefined;
}
