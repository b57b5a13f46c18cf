/** Labels as they stand in files, numbers or names, and the classes that they belong to. */
import { nearest } from '../base/errors.ts';
import { badFile } from './bad-file.ts';
import { type DataFiles, readLines } from './data-files.ts';

/** More classes than any network has; a larger number is no class. */
const MAX_CLASSES = 2 ** 20;

export interface Labels {
  readonly labels: Int32Array;
  /** Names by label, or how many: the largest label + 1. */
  readonly classes: readonly string[] | number;
}

/**
 * Labels from their texts. All integers: they are the labels. Otherwise names of `classes`, or, without these, of all
 * names in the order of their code points, numbered from 0.
 * @throws TrexError (invalid file) at `where(i)` for a name that is no class, or a number out of range.
 */
export function readLabels(
  texts: readonly string[],
  where: (index: number) => string,
  classes?: readonly string[],
): Labels {
  if (texts.every(text => /^-?\d+$/.test(text))) return numbered(texts.map(Number), where, classes);
  const names = classes ?? [...new Set(texts)].sort(byCodePoint);
  const index = new Map(names.map((name, label) => [name, label]));
  const labels = texts.map((text, i) => {
    const label = index.get(text);
    if (label === undefined) throw badFile(where(i), noClass(text, names));
    return label;
  });
  return { labels: Int32Array.from(labels), classes: names };
}

/** Labels that are numbers already: 0 or more, below the number of classes. */
export function numbered(
  numbers: ArrayLike<number>,
  where: (index: number) => string,
  classes?: readonly string[],
): Labels {
  const most = classes?.length ?? MAX_CLASSES;
  const labels = Int32Array.from(numbers);
  let largest = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = numbers[i];
    if (!Number.isInteger(label) || label < 0 || label >= most) {
      throw badFile(where(i), `label ${label}: expected an integer from 0 to ${most - 1}`);
    }
    largest = Math.max(largest, label);
  }
  return { labels, classes: classes ?? largest + 1 };
}

/**
 * Names of classes, one per line, by label.
 * @throws TrexError: missing, no lines, an empty line, or a name twice.
 */
export async function readClasses(files: DataFiles, path: string): Promise<string[]> {
  const names = (await readLines(files, path)).map(line => line.trim());
  if (names.length === 0) throw badFile(path, 'no classes: expected one name per line');
  const seen = new Set<string>();
  names.forEach((name, i) => {
    if (name === '') throw badFile(`${path}:${i + 1}`, 'an empty line where a class should be');
    if (seen.has(name)) throw badFile(`${path}:${i + 1}`, `class '${name}' stands there twice`);
    seen.add(name);
  });
  return names;
}

/** As Python sorts strings; the default of JavaScript differs beyond the basic plane. */
export function byCodePoint(a: string, b: string): number {
  const [x, y] = [Array.from(a), Array.from(b)];
  const at = x.findIndex((char, i) => char !== y[i]);
  if (at < 0) return x.length - y.length;
  return at < y.length ? x[at].codePointAt(0)! - y[at].codePointAt(0)! : 1;
}

export function noClass(label: string, classes: readonly string[]): string {
  const near = nearest(label, classes);
  return `'${label}' is none of the ${classes.length} classes${near === undefined ? '' : `, did you mean ${near}?`}`;
}
