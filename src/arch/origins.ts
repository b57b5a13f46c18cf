/** Where each value of a chip comes from: a line of a file, the command line, a default, or other values. */
import type * as z from 'zod';
import { valueAt } from './finding.ts';
import { defaultsOf } from './schema-walk.ts';
import { lineOf } from './span.ts';
import { type Branch, empties, leaves, type Path, type Tree } from './tree.ts';

/** A value, and where it is from. */
export interface Origin {
  /** Dotted path, such as "tech.static.read.time". */
  readonly path: string;
  /** SI number for a quantity. */
  readonly value: unknown;
  /** As it was written; for a derived value, with an engineering prefix. */
  readonly text: string;
  /** With all its digits, where `text` has fewer. */
  readonly exact?: string;
  readonly origin: OriginPlace;
  /** The `source:` that the value stands under. */
  readonly source?: string;
}

/** A line of a file, an option such as `--set`, the default of the schema, or a formula. */
export type OriginPlace =
  | { readonly kind: 'file'; readonly file: string; readonly line: number }
  | { readonly kind: 'set'; readonly flag: string }
  | { readonly kind: 'default' }
  | { readonly kind: 'derived'; readonly how: string };

/** A source that begins with "assumed" marks a choice, not a published number. */
export const isAssumed = (origin: Origin): boolean => /^\s*assumed\b/i.test(origin.source ?? '');

/** One origin per value of a file, and per block that it leaves empty, then one per default. `value` is the checked file, `prefix` its place in the chip. */
export function originsOf(prefix: Path, tree: Branch, schema: z.ZodType, value: unknown): Origin[] {
  const name = (path: Path): string => [...prefix, ...path].join('.');
  const written = [...leaves(tree)].map(({ path, leaf }) => ({
    path: name(path),
    value: valueAt(value, path),
    text: leaf.text,
    origin: placeOf(leaf),
    ...(leaf.source === undefined ? {} : { source: leaf.source }),
  }));
  const nothing = [...empties(tree)].map(({ path, node }) => ({
    path: name(path),
    value: node.type === 'list' ? [] : {},
    text: node.type === 'list' ? '[]' : '{}',
    origin: placeOf(node),
  }));
  const defaults = [...defaultsOf(schema, tree)].map(({ path, text }) => ({
    path: name(path),
    value: valueAt(value, path),
    text,
    origin: { kind: 'default' as const },
  }));
  return [...written, ...nothing, ...defaults];
}

function placeOf({ span }: Tree): OriginPlace {
  const { source } = span;
  if (source.kind === 'flag') return { kind: 'set', flag: source.name };
  return { kind: 'file', file: source.name, line: lineOf(span) };
}
