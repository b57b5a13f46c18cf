/** Values of a study: what stands in a file as a number, a text, a switch, or a block of them. */

export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** Values by their paths, such as `tech.adc.bits`. */
export type Values = Readonly<Record<string, Value>>;

/** Digits that survive the arithmetic of steps: a tenth stays a tenth. */
const DIGITS = 12;

/** A number and the unit that it is written in; '' for a plain number. */
export interface Measure {
  readonly number: number;
  readonly unit: string;
}

/** "0.5 GHz" or 0.5; undefined for what is neither. */
export function measureOf(value: Value | undefined): Measure | undefined {
  if (typeof value === 'number') return { number: value, unit: '' };
  if (typeof value !== 'string') return undefined;
  const [, digits, unit] = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(\S+)\s*$/.exec(value) ?? [];
  return digits === undefined ? undefined : { number: Number(digits), unit };
}

/** As a file has it. */
export const written = ({ number, unit }: Measure): Value => {
  const rounded = Number(number.toPrecision(DIGITS));
  return unit === '' ? rounded : `${rounded} ${unit}`;
};

/** Keys in one order, whoever wrote them: equal values have equal texts. */
export function canonical(value: Value): string {
  if (typeof value === 'number' && Number.isFinite(value)) return `${value}`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  let members = '';
  for (const { key, text } of orderOf(Object.keys(value)))
    members += `${members === '' ? '' : ','}${text}${canonical(value[key])}`;
  return `{${members}}`;
}

interface Ordered {
  readonly key: string;
  /** As it stands before its value. */
  readonly text: string;
}

/** Points of a study have one set of keys after another. */
let last: { readonly keys: readonly string[]; readonly order: readonly Ordered[] } = { keys: [], order: [] };

function orderOf(keys: readonly string[]): readonly Ordered[] {
  if (keys.length === last.keys.length && keys.every((key, i) => key === last.keys[i])) return last.order;
  const order = [...keys].sort().map(key => ({ key, text: `${JSON.stringify(key)}:` }));
  last = { keys, order };
  return order;
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** How a value stands in a line for people. */
export const shownValue = (value: Value): string => (typeof value === 'string' ? value : canonical(value));
