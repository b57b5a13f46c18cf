/** Whether the paths of a study are ones of the files that it names: a slip is told with its line, not by every point. */

import type { Problem } from '../../arch/problem.ts';
import { archSchema } from '../../arch/schema.ts';
import { keysOf, schemaAt } from '../../arch/schema-walk.ts';
import type { FileKind, FileRef, Files } from '../../arch/source-files.ts';
import type { Span } from '../../arch/span.ts';
import { type Branch, nodeAt, textAt } from '../../arch/tree.ts';
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
  const routes = new Routes(metrics);
  for (const { path, span } of paths) {
    const route = routes.of(path);
    if (!('root' in route)) continue;
    const keys = route.path.split('.').slice(route.root === 'arch' ? 0 : 1);
    const found = of[route.root].map(({ tree }) => unknownKey(keys, tree, route.root));
    const wrong = found.find(one => one !== undefined);
    // Of several files one that knows it is enough: points with the others say so.
    if (wrong !== undefined && !found.includes(undefined)) problems.push({ span, path, message: wrong });
  }
  return problems;
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
