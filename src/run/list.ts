/** What there is: the shipped architectures, technologies and models, and the reuse patterns that fit a model. */
import type { FileKind, Files } from '../arch/source-files.ts';
import { textAt } from '../arch/tree.ts';
import { readFileTree } from '../arch/use.ts';
import { usageError } from '../base/errors.ts';
import { listPatterns, type ModelSummary, modelSummary, type PatternRow } from '../workload/summary.ts';
import { loadModelFrom } from './load.ts';

/** A shipped file: its name, and what it says of itself. */
export interface FileRow {
  readonly name: string;
  readonly description: string;
  readonly source: string;
}

/** The shipped files of a kind: what each calls itself. */
export function fileRows(files: Files, kind: FileKind): FileRow[] {
  return files.list(kind).map(name => {
    const { tree } = readFileTree(files, kind, files.resolve(kind, name));
    const text = (key: string): string => String(textAt(tree, key)?.value ?? '');
    return { name, description: text('description'), source: text('source') };
  });
}

/** The shipped models: sizes, parameters, multiply-accumulates. */
export const modelRows = (files: Files): ModelSummary[] =>
  files.list('models').map(name => modelSummary(loadModelFrom(files, name).model));

/** The uniform patterns with `count` reuse encoders that fit a model, best first. @throws TrexError (usage) */
export function patternRows(
  files: Files,
  model: string | undefined,
  count: number | undefined,
): PatternRow[] {
  if (model === undefined || count === undefined) {
    throw usageError('list patterns needs --model and --reuse-count, e.g. --model deit-s --reuse-count 4');
  }
  return listPatterns(loadModelFrom(files, model).model, count);
}
