/** `when:` of a study: what the values of a point must be. All of its lines must hold. */
import * as z from 'zod';
import { quantityOf } from './tables/quantity.ts';
import { canonical, measureOf, shownValue, type Value, type Values } from './value.ts';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** One value, several of which one must be there, or bounds. */
const testSchema = z.union(
  [
    scalar,
    z.array(scalar).min(1),
    z.strictObject({ min: scalar.optional(), max: scalar.optional(), not: scalar.optional() }),
  ],
  { error: 'expected a value, a list of values, or { min, max, not }' },
);
type Test = z.output<typeof testSchema>;

export const conditionSchema = z.record(z.string(), testSchema);
export type Condition = z.output<typeof conditionSchema>;

const isList = (test: Test): test is readonly (string | number | boolean | null)[] & Test =>
  Array.isArray(test);

/** Whether a value passes; bounds of another dimension pass nothing. */
export function passes(test: Test, value: Value): boolean {
  if (test === null || typeof test !== 'object') return same(test, value);
  if (isList(test)) return test.some(one => same(one, value));
  const { min, max, not } = test;
  if (not !== undefined && same(not, value)) return false;
  return (min === undefined || compare(value, min) >= 0) && (max === undefined || compare(value, max) <= 0);
}

/** 0.9 V is 900 mV. */
const same = (a: Value, b: Value): boolean => canonical(a) === canonical(b) || compare(a, b) === 0;

/** Below 0, 0 or above 0; NaN for what has no order. */
function compare(a: Value, b: Value): number {
  const [x, y] = [measureOf(a), measureOf(b)];
  if (x === undefined || y === undefined) return Number.NaN;
  if (x.unit === y.unit) return x.number - y.number;
  const [p, q] = [quantityOf(String(a)), quantityOf(String(b))];
  if (p === undefined || q?.dimension !== p.dimension) return Number.NaN;
  return rounded(p.si) - rounded(q.si);
}

/** Digits that the way to SI leaves alone. */
const DIGITS = 12;
const rounded = (si: number): number => Number(si.toPrecision(DIGITS));

/** Whether a point fulfils every line; a value that it does not have fulfils none. */
export const holds = (condition: Condition, values: Values): boolean =>
  Object.entries(condition).every(
    ([path, test]) => Object.hasOwn(values, path) && passes(test, values[path]),
  );

/** A test that no value at all passes, in words; undefined for one that some may. */
export function contradiction(test: Test): string | undefined {
  if (test === null || typeof test !== 'object' || isList(test)) return undefined;
  const { min, max } = test;
  if (min === undefined || max === undefined || compare(min, max) <= 0) return undefined;
  return `no value is from ${shownValue(min)} to ${shownValue(max)}`;
}
