/** Whole numbers that a user gives. */
import { usageError } from './errors.ts';

/** `value`, if it is one within the bounds; without bounds any. @throws TrexError (usage) that names the option `flag`. */
export function wholeNumber(flag: string, value: number, min?: number, max?: number): number {
  if (Number.isSafeInteger(value) && value >= (min ?? -Infinity) && value <= (max ?? Infinity)) return value;
  const range = min === undefined ? '' : max === undefined ? ` of at least ${min}` : ` from ${min} to ${max}`;
  throw usageError(`--${flag} ${value}: expected a whole number${range}`);
}
