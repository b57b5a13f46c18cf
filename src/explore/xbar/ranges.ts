/** Lists and ranges of whole numbers on the command line: `32,64,128`, `4..8`, `32..256` by doubling, `32..128:32` by steps. */
import { unknownName, usageError } from '../../base/errors.ts';
import { parseQuantity } from '../../base/units.ts';
import { ENCODING_NAMES, type EncodingName } from '../../tech/encodings.ts';

const MOST_VALUES = 10_000;

/** What the numbers of an option may be. */
export interface RangeRule {
  /** The option, for messages. */
  readonly flag: string;
  readonly min: number;
  readonly max: number;
  /** How a range without a step goes on: by one, or by doubling as sizes of arrays do. */
  readonly step: 'one' | 'double';
}

/** Values in the order of the text, each once. @throws TrexError (usage) */
export function parseRange(text: string, rule: RangeRule): number[] {
  const values = text.split(',').flatMap(part => partValues(part.trim(), text, rule));
  if (values.length > MOST_VALUES) throw bad(text, rule, `${values.length} values, at most ${MOST_VALUES}`);
  for (const value of values) {
    if (!Number.isSafeInteger(value) || value < rule.min || value > rule.max)
      throw bad(text, rule, `expected whole numbers from ${rule.min} to ${rule.max}`);
  }
  return [...new Set(values)];
}

function partValues(part: string, text: string, rule: RangeRule): number[] {
  const [, from, to, step] = /^(\d+)\.\.(\d+)(?::(\d+))?$/.exec(part) ?? [];
  if (from === undefined) {
    if (!/^\d+$/.test(part)) throw bad(text, rule, `'${part}' is neither a number nor a range such as 4..8`);
    return [Number(part)];
  }
  const [low, high, by] = [Number(from), Number(to), step === undefined ? undefined : Number(step)];
  if (low > high || by === 0) throw bad(text, rule, 'expected from <= to and a step above 0');
  const doubles = by === undefined && rule.step === 'double';
  if (doubles && low === 0) throw bad(text, rule, 'a range that doubles begins above 0');
  const values: number[] = [];
  for (let value = low; value <= high; value = doubles ? 2 * value : value + (by ?? 1)) {
    values.push(value);
    if (values.length > MOST_VALUES) throw bad(text, rule, `more than ${MOST_VALUES} values`);
  }
  return values;
}

/** "32nm,22 nm": lengths in metres. @throws TrexError (usage) */
export function parseNodes(text: string): number[] {
  return text.split(',').map(part => {
    const value = parseQuantity(part.trim().replace(/(\d)\s*nm$/i, '$1 nm'), 'm');
    if (value === undefined || value <= 0)
      throw usageError(`--node ${text}: expected lengths, e.g. 32nm,22nm`);
    return value;
  });
}

/** What the quantities of an option may be written in. */
export interface QuantityRule {
  /** The option, for messages. */
  readonly flag: string;
  readonly unit: 'V' | 'K';
}

/** "0.8,0.9", "0.8 V,900mV", "0.7..1.0:0.1": quantities in SI, the unit of the option where none is written; each once. @throws TrexError (usage) */
export function parseQuantities(text: string, { flag, unit }: QuantityRule): number[] {
  const example = unit === 'V' ? '0.8,0.9 or 0.7..1.0:0.1' : '300,350 or 300..400:25';
  const wrong = (part: string) =>
    usageError(`--${flag} ${text}: '${part}' is no ${unit}: expected e.g. ${example}`);
  const one = (part: string): number => {
    const split = /^([\d.]+)\s*([a-zA-Z]*)$/.exec(part.trim());
    const value = split === null ? undefined : parseQuantity(`${split[1]} ${split[2] || unit}`, unit);
    if (value === undefined || value <= 0) throw wrong(part);
    return value;
  };
  const values = text.split(',').flatMap(part => {
    const [ends, step, ...more] = part.split(':');
    const [from, to, ...others] = ends.split('..');
    if (to === undefined && step === undefined) return [one(part)];
    if (to === undefined || step === undefined || more.length > 0 || others.length > 0) throw wrong(part);
    const [low, high, by] = [one(from), one(to), one(step)];
    const steps = Math.floor((high - low) / by + 1e-9);
    if (steps < 0 || steps > MOST_VALUES) throw wrong(part);
    // Steps of a tenth stay tenths.
    return Array.from({ length: steps + 1 }, (_, i) => Number((low + i * by).toPrecision(12)));
  });
  return [...new Set(values)];
}

/** "offset,differential". @throws TrexError (usage) */
export function parseEncodings(text: string): EncodingName[] {
  return text.split(',').map(part => {
    const name = ENCODING_NAMES.find(known => known === part.trim());
    if (name === undefined) throw unknownName('--encoding', part.trim(), [...ENCODING_NAMES]);
    return name;
  });
}

const bad = (text: string, { flag }: RangeRule, message: string) =>
  usageError(`--${flag} ${text}: ${message}`);
