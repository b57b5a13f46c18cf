/** The building blocks of the file schemas: quantities with units, counts, blocks that carry a source. */
import * as z from 'zod';
import { MOST_ACTION_S, MOST_QUANTITY } from './limits.ts';
import { respelled } from './unit-spelling.ts';
import { DIMENSIONS, type Dimension, parseQuantity, quantityPattern } from './units.ts';

/** A file is read once: compiling a checker for it takes longer than the check. */
z.config({ jitless: true });

/** What has been built already: of one dimension and range, one serves all fields. */
const quantities = new Map<string, ReturnType<typeof newQuantity>>();

/** A quantity written with its unit; in code it is the SI number. `min` and `max` are in SI too. */
export function quantity(
  dimension: Dimension,
  range: { min?: number; max?: number; positive?: boolean } = {},
) {
  const { min = 0, max = MOST_QUANTITY, positive = false } = range;
  const key = `${dimension} ${min} ${max} ${positive}`;
  const known = quantities.get(key) ?? newQuantity(dimension, min, max, positive);
  quantities.set(key, known);
  return known;
}

function newQuantity(dimension: Dimension, min: number, max: number, positive: boolean) {
  const expected = `expected a quantity in ${dimension} (e.g. "${DIMENSIONS[dimension]}")`;
  return z
    .string({ error: expected })
    .transform((text, context) => {
      const value = parseQuantity(text, dimension);
      if (value === undefined) {
        const right = respelled(text, dimension);
        context.addIssue(
          right === undefined ? expected : `expected a quantity in ${dimension} (did you mean "${right}"?)`,
        );
      } else if (value > max && max === MOST_QUANTITY)
        context.addIssue(`expected at most ${max} ${dimension}`);
      else if (value < min || value > max || (positive && value <= 0)) {
        context.addIssue(`expected ${rangeText(dimension, min, max, positive)}`);
      } else return value;
      return z.NEVER;
    })
    .meta({ dimension, examples: [DIMENSIONS[dimension]], pattern: quantityPattern(dimension) });
}

/** The time of one action, seconds: what the event kernel can hold. */
export const actionTime = (range: { positive?: boolean } = {}) =>
  quantity('s', { max: MOST_ACTION_S, positive: range.positive ?? false });

/** An integer from `min` to `max`, both included. */
export function count(min: number, max: number) {
  const error = `expected an integer from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** A number without a unit, for exponents and factors. */
export function factor(min = -Infinity, max = Infinity) {
  const bounded = min > -Infinity || max < Infinity;
  const range = max < Infinity ? ` from ${min} to ${max}` : ` of at least ${min}`;
  const error = `expected a number${bounded ? range : ''}`;
  let schema = z.number({ error });
  if (min > -Infinity) schema = schema.min(min, { error });
  if (max < Infinity) schema = schema.max(max, { error });
  return schema;
}

const source = z
  .string()
  .min(1)
  .optional()
  .meta({ description: 'where the numbers of this block come from; "assumed" marks a choice' });

/** A block of a file: strict keys, and where its numbers come from. */
export const block = <T extends z.core.$ZodShape>(shape: T) => z.strictObject({ ...shape, source });

function rangeText(dimension: Dimension, min: number, max: number, positive: boolean): string {
  const unit = ` ${dimension}`;
  const scale = dimension === '%' ? 100 : 1;
  if (max < MOST_QUANTITY) return `${min * scale}${unit} to ${max * scale}${unit}`;
  return positive ? `a value above 0${unit}` : `a value of at least ${min * scale}${unit}`;
}
