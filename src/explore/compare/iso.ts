/** What must be equal for a comparison to be fair (CiMLoop's iso variables): checked, cited by line, refused or allowed. */

import { unknownName, usageError } from '../../base/errors.ts';
import { largest, smallest } from '../../base/extremes.ts';
import { formatQuantity, significant } from '../../base/units.ts';
import { ISO, type Iso, type IsoRow, type IsoTarget } from '../../report/comparison.ts';
import { cited, citedText } from './cited.ts';
import { parseTarget } from './equal-error.ts';
import type { ChipMeasure } from './sizing.ts';
import type { Subject } from './subjects.ts';

/** Areas that differ by less count as equal: tiles are whole (assumed). */
const AREA_TOLERANCE = 0.01;

/** Values whose texts or numbers must agree, by what they stand for. */
const PATHS: Partial<Record<Iso, readonly string[]>> = {
  node: ['tech.static.node', 'tech.dynamic.node', 'digital.node'],
  precision: ['precision.weights', 'precision.inputs', 'precision.outputs'],
};

export interface IsoOptions {
  readonly iso: readonly Iso[];
  readonly allow: readonly Iso[];
}

/** What `--iso` says: names of what must be equal (none: the usual ones), and the error that all are brought to. */
export interface IsoChoice {
  readonly names: readonly Iso[];
  readonly target: IsoTarget | null;
}

/** "node,snr=20dB". @throws TrexError (usage) as parseIso(), and for two targets. */
export function parseIsoChoice(values: readonly string[]): IsoChoice {
  const words = wordsOf(values);
  const targets = words.map(parseTarget).filter(target => target !== undefined);
  if (targets.length > 1) throw usageError('--iso: one of snr and accuracy at a time');
  const others = words.filter(word => !word.includes('='));
  const names = targets.length > 0 && others.length === 0 ? [] : parseIso('iso', others);
  return { names, target: targets[0] ?? null };
}

const wordsOf = (values: readonly string[]): string[] =>
  values
    .flatMap(value => value.split(','))
    .map(name => name.trim())
    .filter(name => name !== '');

/** "node,precision" as names. @throws TrexError (usage) for an unknown or, in `--iso`, for no name. */
export function parseIso(flag: 'iso' | 'allow', values: readonly string[]): Iso[] {
  const names = wordsOf(values);
  if (names.length === 0 && (flag === 'iso' || values.length > 0))
    throw usageError(
      `--${flag} is empty: name what must be equal: ${ISO.join(', ')}, or snr=20dB, accuracy=97%`,
    );
  return [...new Set(names.map(name => known(flag, name)))];
}

/** One row per name. `network` is what all subjects run: one network from one set of options. */
export function checkIso(
  subjects: readonly Subject[],
  measures: readonly ChipMeasure[],
  network: string,
  { iso, allow }: IsoOptions,
): IsoRow[] {
  return iso.map(name => {
    const { equal, text } = checked(name, subjects, measures, network);
    return { name, equal, allowed: !equal && allow.includes(name), text };
  });
}

/** @throws TrexError (usage) that names every value that should be equal and is not. */
export function refuseUnfair(rows: readonly IsoRow[]): void {
  const broken = rows.filter(row => !row.equal && !row.allowed);
  if (broken.length === 0) return;
  const lines = broken.map(({ name, text }) => `not the same ${name}: ${text}`);
  const flags = broken.map(({ name }) => `--allow ${name}`).join(' ');
  throw usageError(`${lines.join('\n')}\n${flags} compares them nevertheless`);
}

function checked(
  name: Iso,
  subjects: readonly Subject[],
  measures: readonly ChipMeasure[],
  network: string,
): { equal: boolean; text: string } {
  if (name === 'network') return { equal: true, text: network };
  if (name === 'area' || name === 'arrays') return measured(name, subjects, measures);
  const paths = PATHS[name] as readonly string[];
  const differing = paths.filter(path => new Set(subjects.map(s => numberAt(s, path))).size > 1);
  if (differing.length === 0) {
    const values = paths.map(path => ({ path, text: cited(subjects[0].loaded, path)?.text ?? 'none' }));
    return { equal: true, text: valuesText(values) };
  }
  const each = differing.map(path => {
    const values = subjects.map(s => {
      const value = cited(s.loaded, path);
      return `${s.name} ${value === undefined ? 'has none' : citedText(value)}`;
    });
    return `${path}: ${values.join(', ')}`;
  });
  return { equal: false, text: each.join('; ') };
}

/** What no line gives alone: the measure, with the lines that it rests on. */
function measured(
  name: 'area' | 'arrays',
  subjects: readonly Subject[],
  measures: readonly ChipMeasure[],
): { equal: boolean; text: string } {
  const values = measures.map(m => (name === 'area' ? m.area_m2 : m.crossbars));
  const [low, high] = [smallest(values), largest(values)];
  // Those that got tiles are as near to the largest as whole tiles come; the text says how near.
  const fixed = measures.filter(m => !m.sized);
  const aim = largest(measures.map(m => m.own_m2));
  const near = fixed.every(m => aim - m.area_m2 <= AREA_TOLERANCE * aim);
  const equal = name === 'area' ? near : low === high;
  const show = (value: number): string =>
    name === 'area' ? formatQuantity(value, 'm2') : `${value} crossbars on the chip`;
  const tilesText = subjects.map((subject, i) => `${subject.name} ${measures[i].tiles} tiles`).join(', ');
  if (equal) {
    const apart = Math.max(AREA_TOLERANCE, 1 - low / high);
    const within = name === 'area' ? `, within ${significant(100 * apart, 2)} %` : '';
    return { equal, text: `${show(high)}${within}; ${tilesText}` };
  }
  const each = subjects.map(({ name: subject, loaded }, i) => {
    const tiles = cited(loaded, 'chip.tiles');
    return `${subject} ${show(values[i])}, ${measures[i].tiles} tiles, chip.tiles ${tiles === undefined ? 'none' : citedText(tiles)}`;
  });
  return { equal, text: each.join('; ') };
}

/** As a number where it is one, so that "32 nm" and "0.032 um" are the same. */
function numberAt({ loaded }: Subject, path: string): unknown {
  const at = (p: string): unknown => loaded.origins.find(origin => origin.path === p)?.value;
  return at(path) ?? at(path.replace(/^tech\.(static|dynamic)\./, 'tech.'));
}

/** "32 nm" for the node of all blocks, else "weights 8, inputs 8". */
function valuesText(values: readonly { readonly path: string; readonly text: string }[]): string {
  if (values.every(({ path, text }) => path.endsWith('.node') && text === values[0].text))
    return values[0].text;
  return values.map(({ path, text }) => `${path.replace(/^precision\./, '')} ${text}`).join(', ');
}

function known(flag: string, name: string): Iso {
  const found = ISO.find(iso => iso === name);
  if (found === undefined) throw unknownName(`--${flag}`, name, ISO);
  return found;
}
