/** Whether the paths of a study are ones of the files that it names: a slip is told with its line, not by every point. */

import * as z from 'zod';
import { problemsOf } from '../../arch/issues.ts';
import type { Problem } from '../../arch/problem.ts';
import { archSchema } from '../../arch/schema.ts';
import { isTag, keysOf, schemaAt } from '../../arch/schema-walk.ts';
import { applyOverrides, type Override, parseOverride } from '../../arch/set.ts';
import type { FileKind, FileRef, Files } from '../../arch/source-files.ts';
import type { Span } from '../../arch/span.ts';
import { type Branch, nodeAt, plain, textAt } from '../../arch/tree.ts';
import { readFileTree, resolveFrom } from '../../arch/use.ts';
import { nearest, TrexError } from '../../base/errors.ts';
import { techSchema } from '../../tech/schema.ts';
import { modelSchema } from '../../workload/model.ts';
import type { FileRoot, Word } from './metric.ts';
import type { MetricName } from './metric-names.ts';
import { Routes } from './routes.ts';
import type { Value } from './value.ts';

/** A path of a study with where it stands, and its values as far as they can be listed. */
export interface StudyPath {
  readonly path: string;
  readonly span: Span;
  readonly values: readonly Value[];
}

const KINDS = { arch: 'arch', tech: 'tech', model: 'models' } as const satisfies {
  [word in Word]?: FileKind;
};
const SCHEMAS = { arch: archSchema, tech: techSchema, digital: techSchema, model: modelSchema } as const;

interface Read {
  readonly ref: FileRef;
  readonly tree: Branch;
}

/** Names of files that are not there, and paths that none of the files knows. */
export function unknownPaths(
  paths: readonly StudyPath[],
  metrics: readonly MetricName[],
  files: Files,
): Problem[] {
  const problems: Problem[] = [];
  const read = (word: keyof typeof KINDS): Read[] =>
    paths
      .filter(({ path }) => path === word)
      .flatMap(({ path, span, values }) =>
        values.flatMap(value => {
          try {
            const { ref, tree } = readFileTree(files, KINDS[word], files.resolve(KINDS[word], String(value)));
            return [{ ref, tree }];
          } catch (error) {
            if (!(error instanceof TrexError)) throw error;
            problems.push({ span, path, message: error.message.split('\n')[0] });
            return [];
          }
        }),
      );
  const [archs, techs, models] = [read('arch'), read('tech'), read('model')];
  const named = (key: 'tech' | 'digital'): Read[] =>
    archs.flatMap(({ ref, tree }) => {
      const leaf = textAt(tree, key);
      if (leaf === undefined) return [];
      const found = readFileTree(files, 'tech', resolveFrom(files, 'tech', leaf, key, ref));
      return [{ ref: found.ref, tree: found.tree }];
    });
  if (problems.length > 0) return problems;
  const of: Record<FileRoot, readonly Read[]> = {
    arch: archs,
    tech: techs.length > 0 ? techs : named('tech'),
    digital: named('digital'),
    model: models,
  };
  const placed = placedPaths(paths, new Routes(metrics));
  for (const one of placed) {
    const { path, span, root, keys } = one;
    const trees = of[root].flatMap(({ tree }) => shapesOf(tree, one, placed));
    const found = trees.map(tree => unknownKey(keys, tree, root));
    const wrong = found.find(message => message !== undefined);
    // Of several files one that knows it is enough: points with the others say so.
    if (found.includes(undefined)) {
      const refused = noneFits(
        one,
        trees.filter((_, i) => found[i] === undefined),
      );
      if (refused !== undefined) problems.push({ span, path, message: refused });
    } else if (wrong !== undefined) problems.push({ span, path, message: wrong });
  }
  return problems;
}

/** A path into a file. */
interface PlacedPath extends StudyPath {
  readonly root: FileRoot;
  readonly keys: readonly string[];
}

const placedPaths = (paths: readonly StudyPath[], routes: Routes): PlacedPath[] =>
  paths.flatMap(path => {
    const route = routes.of(path.path);
    if (!('root' in route)) return [];
    const { root } = route;
    return [{ ...path, root, keys: route.path.split('.').slice(root === 'arch' ? 0 : 1) }];
  });

/** A file as it is, and with each block or tag (`law: ramp`) on the way to a path that the study itself puts there. */
function shapesOf(tree: Branch, { root, keys }: PlacedPath, placed: readonly PlacedPath[]): Branch[] {
  let shapes = [tree];
  for (const other of placed) {
    const { length } = other.keys;
    if (other.root !== root || length > keys.length) continue;
    const isOnWay = (depth: number): boolean => other.keys.slice(0, depth).every((key, i) => key === keys[i]);
    const isBlock = length < keys.length && isOnWay(length);
    const isItsTag = isOnWay(length - 1) && !isOnWay(length) && isTag(SCHEMAS[root], tree, other.keys);
    if (!isBlock && !isItsTag) continue;
    const over = other.values.map(value => overrideOf(other, value));
    shapes = shapes.flatMap(shape => [shape, ...over.map(one => applyOverrides(shape, [one]))]);
    if (shapes.length > MOST_SHAPES) return shapes.slice(0, MOST_SHAPES);
  }
  return shapes;
}

/** Files with tags of the study that a path is looked for in. */
const MOST_SHAPES = 256;

const overrideOf = ({ path, keys }: PlacedPath, value: Value): Override =>
  parseOverride(`${keys.join('.')}=${JSON.stringify(value)}`, path);

/** Why no file takes any of the values, in words about the first; undefined where one takes one. */
function noneFits(placed: PlacedPath, trees: readonly Branch[]): string | undefined {
  const { root, keys, values } = placed;
  const key = keys.at(-1)!;
  let first: string | undefined;
  for (const value of values) {
    // A block goes on top of what the file has there.
    if (typeof value === 'object') return undefined;
    for (const tree of trees) {
      const leaf = schemaAt(SCHEMAS[root], tree, keys);
      // Of a tag the schema is the one that the file has chosen.
      if (leaf === undefined || isTag(SCHEMAS[root], tree, keys)) return undefined;
      const { value: node, span } = overrideOf(placed, value);
      const schema = z.strictObject({ [key]: leaf });
      const read = schema.safeParse({ [key]: plain(node) });
      if (read.success) return undefined;
      const holder: Branch = { type: 'map', entries: new Map([[key, { key: span, node }]]), span };
      first ??= problemsOf(read.error.issues, holder, schema)[0].message;
    }
  }
  return first;
}

/** What is wrong with a path in a file; undefined for one that may stand there. */
function unknownKey(keys: readonly string[], tree: Branch, root: FileRoot): string | undefined {
  // The devices of a hybrid stand in files of their own.
  if (textAt(tree, 'level')?.value === 'hybrid' && ['static', 'dynamic'].includes(keys[0])) return undefined;
  for (const [depth, key] of keys.entries()) {
    const above = keys.slice(0, depth);
    const known = keysOf(schemaAt(SCHEMAS[root], tree, above), nodeAt(tree, above));
    // A list, a record, or a value that is a block only under the path: its points are checked as a whole.
    if (known.length === 0) return undefined;
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    const names = known.filter(name => name !== 'source').join(', ');
    return `unknown key ${key}, ${near === undefined ? `known there: ${names}` : `did you mean ${near}?`}`;
  }
  return undefined;
}
