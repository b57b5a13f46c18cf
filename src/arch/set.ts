/** `--set tile.pes=4`: one value of a file, given on the command line. */
import { usageError } from '../base/errors.ts';
import { invalidFile } from './problem.ts';
import type { Source, Span } from './span.ts';
import { type Branch, mergeTrees, type Tree } from './tree.ts';
import { parseValue } from './yaml-source.ts';

/** One word of the command line: a path and its value, cited as it was written. */
export interface SetWord {
  readonly path: readonly string[];
  readonly value: Tree;
  readonly span: Span;
}

/** Which file each word is for. */
export interface RoutedWords {
  readonly arch: readonly SetWord[];
  readonly tech: readonly SetWord[];
  readonly digital: readonly SetWord[];
  readonly model: readonly SetWord[];
}

/**
 * Parses "pe.crossbars=16"; `flag` is how it is cited.
 * @throws TrexError (usage) for a word that is not path=value.
 */
export function parseSet(word: string, flag = `--set ${word}`): SetWord {
  const equals = word.indexOf('=');
  const path = word.slice(0, Math.max(0, equals)).trim().split('.');
  if (equals < 1 || path.some(key => key === '')) {
    throw usageError(`${flag}: expected path=value, e.g. --set pe.crossbars=16`);
  }
  const text = word.slice(equals + 1).trim();
  if (text === '') throw usageError(`${flag}: no value after "="`);
  const source: Source = { kind: 'flag', name: flag, text: word };
  const { tree, problems } = parseValue(source, text);
  if (problems.length > 0) throw invalidFile(problems);
  if (tree === undefined) throw usageError(`${flag}: no value after "="`);
  return { path, value: tree, span: { source, start: 0, end: word.length } };
}

/** A flag of its own that stands for one path, such as `--tech name`. @throws TrexError (usage) for no name. */
export function textWord(key: string, value: string, flag: string): SetWord {
  if (value.trim() === '') throw usageError(`${flag}: expected a name or a path, got nothing`);
  const source: Source = { kind: 'flag', name: `${flag} ${value}`, text: value };
  const span = { source, start: 0, end: value.length };
  return { path: [key], value: { type: 'leaf', value, text: value, span, source: undefined }, span };
}

/**
 * Sorts words by the file that they reach into: `tech.` and `digital.` the technology files, `model.` the model;
 * `tech=` and `digital=` themselves are values of the architecture.
 */
export function routeSets(words: readonly SetWord[]): RoutedWords {
  const routed = {
    arch: [] as SetWord[],
    tech: [] as SetWord[],
    digital: [] as SetWord[],
    model: [] as SetWord[],
  };
  for (const word of words) {
    const first = word.path[0];
    if (word.path.length > 1 && (first === 'tech' || first === 'digital' || first === 'model')) {
      routed[first].push({ ...word, path: word.path.slice(1) });
    } else routed.arch.push(word);
  }
  return routed;
}

/** The words for the part of a file below `key`, and the rest. */
export function splitSets(words: readonly SetWord[], key: string): { below: SetWord[]; rest: SetWord[] } {
  const isBelow = (word: SetWord): boolean => word.path.length > 1 && word.path[0] === key;
  return {
    below: words.filter(isBelow).map(word => ({ ...word, path: word.path.slice(1) })),
    rest: words.filter(word => !isBelow(word)),
  };
}

/** A file's tree with the words on top, in their order. */
export function applySets(tree: Branch, words: readonly SetWord[]): Branch {
  return words.reduce<Branch>((below, { path, value, span }) => {
    const over = path.reduceRight<Tree>(
      (node, key) => ({ type: 'map', entries: new Map([[key, { key: span, node }]]), span }),
      value,
    );
    return mergeTrees(below, over) as Branch;
  }, tree);
}
