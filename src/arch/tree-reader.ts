/** From the YAML parser's nodes to a tree with positions and sources; anchors, aliases and merge keys are resolved here. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Problem } from './problem.ts';
import { lineOf, type Span } from './span.ts';
import type { Branch, Entry, Leaf, Tree } from './tree.ts';

/** Values of one file, each alias counted as what it stands for: far above any real file, far below a memory's worth. */
const MAX_VALUES = 100_000;

interface Sized {
  readonly tree: Tree;
  /** Values in the tree, with every alias counted in full. */
  readonly size: number;
}

/** An alias shares the subtree of its anchor, so aliases cost no memory. */
export class TreeReader {
  readonly #at: (start: number, end: number) => Span;
  readonly #problems: Problem[];
  readonly #anchors = new Map<string, Sized>();
  #merged = 0;

  constructor(at: (start: number, end: number) => Span, problems: Problem[]) {
    this.#at = at;
    this.#problems = problems;
  }

  /** The tree of a node; `fallback` is where a value that is not there should be, `cited` the source so far. */
  read(node: Node | null, fallback: Span, path: readonly string[], cited: string | undefined): Sized {
    if (isAlias(node)) return this.#alias(node.source, this.#span(node, fallback), path);
    let read: Sized;
    if (isMap(node)) read = this.#map(node, fallback, path, cited);
    else if (isSeq(node)) read = this.#list(node, fallback, path, cited);
    else read = { tree: this.#leaf(node as Scalar | null, fallback, cited), size: 1 };
    const anchor = node === null ? undefined : (node as Scalar).anchor;
    if (anchor !== undefined) this.#anchors.set(anchor, read);
    return read;
  }

  #alias(name: string, span: Span, path: readonly string[]): Sized {
    const found = this.#anchors.get(name);
    if (found === undefined) {
      this.#problem(span, path, `no anchor &${name} is complete before this alias`);
      return nothing(span);
    }
    return found;
  }

  #map(node: YAMLMap, fallback: Span, path: readonly string[], cited: string | undefined): Sized {
    const own = node.items.find(pair => isScalar(pair.key) && pair.key.value === 'source')?.value;
    const source = isScalar(own) && typeof own.value === 'string' ? own.value : cited;
    const entries = new Map<string, Entry>();
    const merges: Sized[] = [];
    let size = 1;
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      const keySpan = this.#span(pair.key, fallback);
      if (!isScalar(pair.key) || pair.key.value === null) {
        this.#problem(keySpan, path, 'expected a plain key');
        continue;
      }
      const key = String(pair.key.value);
      const inner = [...path, key];
      const value = this.read(pair.value, keySpan, inner, source);
      if (key === '<<') merges.push(...this.#mergeSources(value, keySpan, path));
      else {
        const first = entries.get(key);
        if (first === undefined) entries.set(key, { key: keySpan, node: value.tree });
        else this.#problem(keySpan, inner, `duplicate key, first on line ${lineOf(first.key)}`);
        size = this.#limit(size + value.size, keySpan, inner);
      }
    }
    for (const { tree, size: more } of merges) {
      this.#merged = this.#limit(this.#merged + more, this.#span(node, fallback), path);
      for (const [key, entry] of (tree as Branch).entries) if (!entries.has(key)) entries.set(key, entry);
      size = this.#limit(size + more, this.#span(node, fallback), path);
    }
    return { tree: { type: 'map', entries, span: this.#span(node, fallback) }, size };
  }

  /** What `<<` merges in: one map or a list of maps. */
  #mergeSources(value: Sized, key: Span, path: readonly string[]): Sized[] {
    const { tree, size } = value;
    const maps = tree.type === 'list' ? tree.items : [tree];
    if (maps.every(map => map.type === 'map')) return maps.map(map => ({ tree: map, size }));
    this.#problem(key, [...path, '<<'], 'expected an alias of a block, or a list of them');
    return [];
  }

  #list(node: YAMLSeq, fallback: Span, path: readonly string[], cited: string | undefined): Sized {
    const span = this.#span(node, fallback);
    const items: Tree[] = [];
    let size = 1;
    for (const [i, item] of (node.items as (Node | null)[]).entries()) {
      const read = this.read(item, span, [...path, String(i)], cited);
      items.push(read.tree);
      size = this.#limit(size + read.size, span, path);
    }
    return { tree: { type: 'list', items, span }, size };
  }

  #leaf(node: Scalar | null, fallback: Span, cited: string | undefined): Leaf {
    const value = (node?.value ?? null) as Leaf['value'];
    const text = node?.source ?? String(value ?? '');
    return { type: 'leaf', value, text, span: this.#span(node, fallback), source: cited };
  }

  #span(node: Node | null, fallback: Span): Span {
    const range = node?.range;
    return range ? this.#at(range[0], Math.max(range[0] + 1, range[1])) : fallback;
  }

  #problem(span: Span, path: readonly string[], message: string): void {
    this.#problems.push({ span, path: path.join('.'), message });
  }

  /** Refuses, once, a file that aliases blow up ("billion laughs"). */
  #limit(size: number, span: Span, path: readonly string[]): number {
    if (size <= MAX_VALUES) return size;
    if (!this.#problems.some(p => p.message.startsWith('more than'))) {
      this.#problem(span, path, `more than ${MAX_VALUES} values once its aliases are written out`);
    }
    return 0;
  }
}

const nothing = (span: Span): Sized => ({
  tree: { type: 'leaf', value: null, text: '', span, source: undefined },
  size: 1,
});
