/** What the file of a whole configuration says of the files that it was made of, so that it warns of what they warn of. */
import type { FileRef, Files } from './source-files.ts';
import { leaves, nodeAt } from './tree.ts';
import { parseFile } from './yaml-source.ts';

/** Of a chip with its technologies. */
export interface ConfigNotes {
  /** What shipped files say of themselves, which is not said to their users. */
  readonly unsaid: readonly string[];
  /** Paths of the values that the user wrote for this chip. */
  readonly written: readonly string[];
}

const NO_NOTES: ConfigNotes = { unsaid: [], written: [] };

/** A warning without its place: "adc.bits: ADC 6 bit < 8 bit needed ...". It holds the figures, so that another value has another one. */
export const withoutPlace = (warning: string): string => warning.slice(warning.indexOf('  ') + 2);

/** Those of `notes` that are no `warnings`. */
export const unsaidOf = (notes: readonly string[], warnings: readonly string[]): string[] => [
  ...new Set(notes.filter(note => !warnings.includes(note)).map(withoutPlace)),
];

/** Of the file that `ref` is a section of; none for the file of a chip alone. */
export function configNotes(files: Files, ref: FileRef): ConfigNotes {
  if (ref.section === undefined) return NO_NOTES;
  const { tree } = parseFile(ref.name, files.read(ref).text);
  const texts = (key: keyof ConfigNotes): string[] => {
    const list = tree && nodeAt(tree, ['run', key]);
    return list?.type === 'list' ? [...leaves(list)].map(({ leaf }) => String(leaf.value)) : [];
  };
  return { unsaid: texts('unsaid'), written: texts('written') };
}
