/** `--set tile.pes=4`: one value of a file, given on the command line. */
import { usageError } from '../base/errors.ts';
import { invalidFile } from './problem.ts';
import type { Source, Span } from './span.ts';
import { type Branch, type Entry, mergeTrees, type Tree } from './tree.ts';
import { parseValue } from './yaml-source.ts';

/** A path and its value from the command line, cited as they were written. */
export interface Override {
  readonly path: readonly string[];
  readonly value: Tree;
  readonly span: Span;
}

/** Which file each override is for. */
export interface RoutedOverrides {
  readonly arch: readonly Override[];
  readonly tech: readonly Override[];
  readonly digital: readonly Override[];
  readonly model: readonly Override[];
}

/**
 * Parses "pe.crossbars=16"; `flag` is how it is cited.
 * @throws TrexError (usage) for what is not path=value.
 */
export function parseOverride(text: string, flag = `--set ${text}`): Override {
  const key = `${flag}\n${text}`;
  const known = recent.get(key) ?? newOverride(text, flag);
  if (recent.size >= MOST_RECENT) recent.clear();
  recent.set(key, known);
  return known;
}

/** Sound ones: points of a study have the same few again and again. */
const recent = new Map<string, Override>();
const MOST_RECENT = 4096;

function newOverride(text: string, flag: string): Override {
  const equals = text.indexOf('=');
  const path = text.slice(0, Math.max(0, equals)).trim().split('.');
  if (equals < 1 || path.some(key => key === '')) {
    throw usageError(`${flag}: expected path=value, e.g. --set pe.crossbars=16`);
  }
  const value = text.slice(equals + 1).trim();
  if (value === '') throw usageError(`${flag}: no value after "="`);
  const source: Source = { kind: 'flag', name: flag, text };
  const { tree, problems } = parseValue(source, value);
  if (problems.length > 0) throw invalidFile(problems);
  if (tree === undefined) throw usageError(`${flag}: no value after "="`);
  return { path, value: tree, span: { source, start: 0, end: text.length } };
}

/** A flag of its own that stands for one path, such as `--tech name`. @throws TrexError (usage) for no name. */
export function flagOverride(key: string, value: string, flag: string): Override {
  if (value.trim() === '') throw usageError(`${flag}: expected a name or a path, got nothing`);
  const source: Source = { kind: 'flag', name: `${flag} ${value}`, text: value };
  const span = { source, start: 0, end: value.length };
  return { path: [key], value: { type: 'leaf', value, text: value, span, source: undefined }, span };
}

/**
 * Sorts overrides by the file that they are for: `tech.` and `digital.` the technology files, `model.` the model;
 * `tech=` and `digital=` themselves are values of the architecture.
 */
export function routeOverrides(overrides: readonly Override[]): RoutedOverrides {
  const routed = {
    arch: [] as Override[],
    tech: [] as Override[],
    digital: [] as Override[],
    model: [] as Override[],
  };
  for (const override of overrides) {
    const first = override.path[0];
    if (override.path.length > 1 && (first === 'tech' || first === 'digital' || first === 'model')) {
      routed[first].push({ ...override, path: override.path.slice(1) });
    } else routed.arch.push(override);
  }
  return routed;
}

/** The overrides for the part of a file below `key`, and the rest. */
export function splitOverrides(
  overrides: readonly Override[],
  key: string,
): { below: Override[]; rest: Override[] } {
  const isBelow = ({ path }: Override): boolean => path.length > 1 && path[0] === key;
  return {
    below: overrides.filter(isBelow).map(override => ({ ...override, path: override.path.slice(1) })),
    rest: overrides.filter(override => !isBelow(override)),
  };
}

/** Blocks with overrides on top, by their file's tree and the texts of the overrides. */
const changed = new WeakMap<Branch, Map<string, Entry>>();
const MOST_CHANGED = 1024;

/**
 * A file's tree with the overrides on top, in their order. A block with the same overrides is the same node again, so that what
 * is known of it needs no second look.
 */
export function applyOverrides(tree: Branch, overrides: readonly Override[]): Branch {
  if (overrides.length === 0) return tree;
  const blocks = new Map<string, Override[]>();
  for (const override of overrides) {
    const [key] = override.path;
    const own = blocks.get(key);
    if (own === undefined) blocks.set(key, [override]);
    else own.push(override);
  }
  const entries = new Map(tree.entries);
  for (const [key, own] of blocks) entries.set(key, entryWith(tree, key, own));
  return { ...tree, entries };
}

function entryWith(tree: Branch, key: string, overrides: readonly Override[]): Entry {
  const known = changed.get(tree) ?? new Map<string, Entry>();
  changed.set(tree, known);
  const text = overrides
    .map(({ path, span: { source } }) => JSON.stringify([path, source.name, source.text]))
    .join('\n');
  const found = known.get(text);
  if (found !== undefined) return found;
  const below = tree.entries.get(key);
  const block: Branch = { ...tree, entries: new Map(below === undefined ? [] : [[key, below]]) };
  const entry = merged(block, overrides).entries.get(key)!;
  if (known.size >= MOST_CHANGED) known.clear();
  known.set(text, entry);
  return entry;
}

function merged(tree: Branch, overrides: readonly Override[]): Branch {
  return overrides.reduce<Branch>((below, { path, value, span }) => {
    const over = path.reduceRight<Tree>(
      (node, key) => ({ type: 'map', entries: new Map([[key, { key: span, node }]]), span }),
      value,
    );
    return mergeTrees(below, over) as Branch;
  }, tree);
}
