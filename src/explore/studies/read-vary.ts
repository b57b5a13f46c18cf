/** `vary:` of a study, from the tree of its file to axes and blocks; every problem with its line. */
import * as z from 'zod';
import { problemsOf } from '../../arch/issues.ts';
import type { Problem } from '../../arch/problem.ts';
import type { Span } from '../../arch/span.ts';
import { type Branch, type Entry, plain, spanAt, type Tree } from '../../arch/tree.ts';
import { type Axis, isFinding } from './axis.ts';
import type { AnyBlockKind, Combinations, NamedAxis } from './block.ts';
import { type Condition, conditionSchema } from './condition.ts';
import type { Part } from './points.ts';
import { axisKinds, blockKinds } from './study-schema.ts';

/** An axis with where it stands. */
export interface ReadAxis extends NamedAxis {
  readonly span: Span;
}

/** A part with where it stands. */
export interface ReadPart extends Part {
  readonly axes: readonly ReadAxis[];
  readonly span: Span;
  readonly whenTree?: Branch | undefined;
}

const GRID = blockKinds.find(kind => kind.name === 'grid')!;
const KEYS = axisKinds.map(kind => kind.name);

/** The parts in the order of the file. */
export function readVary(tree: Tree, key: Span, problems: Problem[]): ReadPart[] {
  const entries = tree.type === 'list' ? tree.items : [tree];
  return entries.flatMap((entry, i) => {
    const path = tree.type === 'list' ? `vary.${i}` : 'vary';
    if (entry.type === 'map') return readEntry(entry, path, problems);
    const span = entry.type === 'leaf' && entry.value === null ? key : entry.span;
    problems.push({
      span,
      path,
      message: 'expected paths with their values, such as tech.adc.bits: [4, 5, 6]',
    });
    return [];
  });
}

/** Paths are a grid together; blocks stand beside them. */
function readEntry(entry: Branch, path: string, problems: Problem[]): ReadPart[] {
  const whenNode = entry.entries.get('when');
  const when = whenNode === undefined ? undefined : readCondition(whenNode, `${path}.when`, problems);
  const conditional = { when, whenTree: whenNode?.node.type === 'map' ? whenNode.node : undefined };
  const parts: ReadPart[] = [];
  let loose: [string, Entry][] = [];
  const flush = (): void => {
    if (loose.length === 0) return;
    const part = readBlock(GRID, loose, { path, span: loose[0][1].key }, problems);
    if (part !== undefined) parts.push({ ...part, ...conditional });
    loose = [];
  };
  for (const [key, at] of entry.entries) {
    const kind = blockKinds.find(known => known.name === key);
    if (key === 'when') continue;
    if (kind === undefined) {
      loose.push([key, at]);
      continue;
    }
    flush();
    if (at.node.type !== 'map') {
      problems.push({ span: at.key, path: `${path}.${key}`, message: 'expected paths with their values' });
      continue;
    }
    const part = readBlock(kind, [...at.node.entries], { path: `${path}.${key}`, span: at.key }, problems);
    if (part !== undefined) parts.push({ ...part, ...conditional });
  }
  flush();
  return parts;
}

/** @returns undefined for one with a problem, which is noted. */
function readCondition({ key, node }: Entry, path: string, problems: Problem[]): Condition | undefined {
  const tree = holder('when', { key, node });
  const schema = z.strictObject({ when: conditionSchema });
  const read = schema.safeParse(plain(tree));
  if (read.success) return read.data.when;
  for (const problem of problemsOf(read.error.issues, tree, schema))
    problems.push({ ...problem, path: problem.path.replace(/^when/, path) });
  return undefined;
}

function readBlock(
  kind: AnyBlockKind,
  entries: readonly (readonly [string, Entry])[],
  { path, span }: { readonly path: string; readonly span: Span },
  problems: Problem[],
): ReadPart | undefined {
  const before = problems.length;
  const isOption = ([name]: readonly [string, Entry]): boolean => Object.hasOwn(kind.options.shape, name);
  const tree: Branch = { type: 'map', entries: new Map(entries.filter(isOption)), span };
  const options = kind.options.safeParse(plain(tree));
  if (!options.success)
    for (const problem of problemsOf(options.error.issues, tree, kind.options))
      problems.push({
        ...problem,
        span: problem.span.end > problem.span.start + 1 ? problem.span : span,
        path: `${path}.${problem.path}`,
      });
  const axes = entries
    .filter(entry => !isOption(entry))
    .flatMap(([name, entry]) => {
      const axis = readAxis(name, entry, kind, problems);
      return axis === undefined ? [] : [{ path: name, axis, span: entry.key }];
    });
  if (problems.length > before || !options.success) return undefined;
  if (axes.length === 0) {
    problems.push({ span, path, message: 'expected a path with its values' });
    return undefined;
  }
  const combined: Combinations | { message: string; path: readonly (string | number)[] } = kind.combine(
    axes,
    options.data,
  );
  if ('message' in combined) {
    const [at] = combined.path;
    problems.push({
      span: axes.find(axis => axis.path === at)?.span ?? span,
      path: String(at ?? path),
      message: combined.message,
    });
    return undefined;
  }
  return { paths: axes.map(axis => axis.path), combinations: combined, mayRepeat: kind.samples, axes, span };
}

/** `{ key: node }` as a tree, for a schema of one key. */
const holder = (key: string, entry: Entry): Branch => ({
  type: 'map',
  entries: new Map([[key, entry]]),
  span: entry.key,
});

function readAxis(path: string, entry: Entry, block: AnyBlockKind, problems: Problem[]): Axis | undefined {
  const { key: span, node } = entry;
  const refuse = (message: string, at = span): undefined => {
    problems.push({ span: at, path, message });
  };
  const expected = `expected a list of values, or one of ${KEYS.map(key => `{ ${key}: ... }`).join(', ')}`;
  if (node.type === 'leaf') return refuse(`${expected}; what stays the same stands under iso`, node.span);
  const tree = node.type === 'list' ? holder('list', { key: span, node }) : node;
  const [first, ...more] = [...tree.entries.keys()];
  const kind = axisKinds.find(known => known.name === first);
  if (kind === undefined || more.length > 0) return refuse(expected, spanAt(node, []));
  const schema = z.strictObject({ [kind.name]: kind.schema });
  const read = schema.safeParse(plain(tree));
  if (!read.success) {
    for (const problem of problemsOf(read.error.issues, tree, schema))
      problems.push({ ...problem, path: `${path}.${problem.path}` });
    return undefined;
  }
  const axis = kind.axis(read.data[kind.name]);
  if (isFinding(axis)) {
    const at = [kind.name, ...axis.path];
    return refuse(axis.message, spanAt(tree, at));
  }
  if (axis.size === undefined && !block.samples)
    return refuse(`is a continuum: give ${kind.name} points, or a step`, spanAt(tree, [kind.name]));
  return axis;
}
