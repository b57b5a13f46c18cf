/** What a point of a search must fulfil: `PATH <= VALUE [unit]` or `PATH >= VALUE [unit]`. */
import { DIMENSIONS, type Dimension, parseQuantity } from '../../base/units.ts';

/** A bound that a figure of a feasible point keeps. */
export interface Constraint {
  /** As it is written. */
  readonly text: string;
  /** Of a figure. */
  readonly path: string;
  readonly op: '<=' | '>=';
  /** SI. */
  readonly bound: number;
}

/** What is wrong with an expression, and which of its characters. */
export interface Misread {
  readonly message: string;
  readonly at: number;
  readonly length: number;
}

export const isMisread = (read: Constraint | Misread): read is Misread => 'message' in read;

const SPACE = /\s*/y;
const PATH = /[A-Za-z][\w-]*(?:\.[\w-]+)*/y;
const OP = /[<>=!]+|≤|≥/y;
const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const UNIT = /[^\s]+/y;

/** Reads one expression; whether its path is one is not judged. */
export function parseConstraint(text: string): Constraint | Misread {
  let at = 0;
  const take = (token: RegExp): { readonly word: string; readonly at: number } | undefined => {
    SPACE.lastIndex = at;
    const start = at + SPACE.exec(text)![0].length;
    token.lastIndex = start;
    const word = token.exec(text)?.[0];
    if (word === undefined) return undefined;
    at = start + word.length;
    return { word, at: start };
  };
  const missing = (what: string): Misread => {
    const rest = text.slice(at).trim();
    const start = rest === '' ? text.length : text.indexOf(rest, at);
    return {
      message: `expected ${what}${rest === '' ? '' : `, got ${rest}`}; such as area_m2 <= 800 mm2`,
      at: start,
      length: Math.max(1, rest.length),
    };
  };
  const path = take(PATH);
  if (path === undefined) return missing('the path of a figure');
  const op = take(OP);
  if (op === undefined) return missing('<= or >=');
  if (op.word !== '<=' && op.word !== '>=')
    return { message: `expected <= or >=, got ${op.word}`, at: op.at, length: op.word.length };
  const value = take(NUMBER);
  if (value === undefined) return missing('a number');
  const unit = take(UNIT);
  const rest = text.slice(at).trim();
  if (rest !== '') return missing('the end');
  const bound = boundOf(path.word, value.word, unit?.word);
  if (typeof bound === 'string') return { message: bound, at: unit!.at, length: unit!.word.length };
  return { text, path: path.word, op: op.word, bound };
}

/** SI, or what is wrong with the unit. */
function boundOf(path: string, value: string, unit: string | undefined): number | string {
  if (unit === undefined) return Number(value);
  const own = unitOf(path);
  const dimension = own === undefined ? '%' : dimensionOf(own);
  if (dimension === undefined)
    return unit === own ? Number(value) : `${path} is in ${own}: expected ${own} or no unit, got ${unit}`;
  const si = parseQuantity(`${value} ${unit}`, dimension);
  if (si !== undefined) return si;
  return own === undefined
    ? `${path} has no unit: expected a plain number or %, got ${unit}`
    : `${path} is in ${own}: expected a unit such as that of ${DIMENSIONS[dimension]}, got ${unit}`;
}

/** `m2` of `area_m2`; a spread is in the unit of its mean. */
export function unitOf(path: string): string | undefined {
  const [, unit] = /_([A-Za-z]\w*)(?:\.(?:mean|interval95))?$/.exec(path) ?? [];
  return unit;
}

const dimensionOf = (unit: string): Dimension | undefined =>
  Object.hasOwn(DIMENSIONS, unit) ? (unit as Dimension) : undefined;

/**
 * By how much a figure misses its bound, as a share of the bound; 0 where it does not, infinite for one that is not there.
 */
export function violationOf({ op, bound }: Constraint, figure: number | undefined): number {
  if (figure === undefined) return Number.POSITIVE_INFINITY;
  const excess = op === '<=' ? figure - bound : bound - figure;
  return Math.max(0, excess) / (bound === 0 ? 1 : Math.abs(bound));
}
