/** Lists and ranges of whole numbers on the command line: `32,64,128`, `4..8`, `32..256` by doubling, `32..128:32` by steps. */
import { usageError } from '../../base/errors.ts';
import { parseQuantity } from '../../base/units.ts';

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

const bad = (text: string, { flag }: RangeRule, message: string) =>
  usageError(`--${flag} ${text}: ${message}`);
