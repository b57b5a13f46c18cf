/** The unit that was meant: `pj`, `Ghz`, `kΩ`, `mm²`. */
import { type Dimension, parseQuantity, unitNames } from './units.ts';

/** As people write them elsewhere. */
const plain = (unit: string): string =>
  unit
    .replace(/[\u03a9\u2126]|ohms?\b/gi, 'ohm')
    .replaceAll('\u00b2', '2')
    .replaceAll('^', '')
    .replace(/^(sec|seconds?)$/i, 's');

/** Come in millions; of all else that is measured here a part is a thousandth. */
const COUNTED = ['Hz', 'ohm', 'bit', 'B'];

/** Whether `m` is one of the two prefixes that differ by their case alone, and not the one of this dimension: no chip takes megaseconds. */
const isOddMega = (name: string, dimension: string): boolean =>
  name.length > dimension.length && name.startsWith(COUNTED.includes(dimension) ? 'm' : 'M');

/** How many letters of the two have the same case. */
const sameCase = (a: string, b: string): number => [...a].filter((letter, i) => letter === b[i]).length;

/** The same quantity with the right spelling of its unit, where there is one; undefined where there is none. */
export function respelled(text: string, dimension: Dimension): string | undefined {
  const match = /^\s*([+-]?[\d.]+(?:[eE][+-]?\d+)?)\s*(\S+)\s*$/.exec(text);
  if (match === null) return undefined;
  const [, digits, unit] = match;
  const parts = unit.split('/').map((part, i) => {
    const wanted = plain(part);
    const base = dimension.split('/')[i] ?? '';
    const known = unitNames(base).filter(name => name === part || !isOddMega(name, base));
    return known
      .filter(name => name.toLowerCase() === wanted.toLowerCase())
      .sort((a, b) => sameCase(b, wanted) - sameCase(a, wanted))[0];
  });
  const right = `${digits} ${parts.join('/')}`;
  return parseQuantity(right, dimension) === undefined ? undefined : right;
}
