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
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map(key => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join(',')}}`;
}

/** The text of `canonical({ ...base, ...over })`, for many values on one base: what is the same in all is put together once. */
export class CanonicalOn {
  readonly #base: Values;
  #keys: readonly string[] | undefined;
  /** Of `over` in the order of the text, and what stands before each and behind the last. */
  #sorted: readonly string[] = [];
  #fixed: readonly string[] = [];

  constructor(base: Values) {
    this.#base = base;
  }

  text(over: Values): string {
    const keys = Object.keys(over);
    if (this.#keys?.length !== keys.length || keys.some((key, i) => key !== this.#keys?.[i])) this.#lay(keys);
    let text = '';
    for (const [i, key] of this.#sorted.entries()) text += this.#fixed[i] + canonical(over[key]);
    return text + this.#fixed[this.#sorted.length];
  }

  #lay(keys: readonly string[]): void {
    const fixed: string[] = [];
    let next = '{';
    const all = [...new Set([...Object.keys(this.#base), ...keys])].sort();
    for (const [i, key] of all.entries()) {
      next += `${i === 0 ? '' : ','}${JSON.stringify(key)}:`;
      if (keys.includes(key)) {
        fixed.push(next);
        next = '';
      } else next += canonical(this.#base[key]);
    }
    this.#keys = keys;
    this.#sorted = all.filter(key => keys.includes(key));
    this.#fixed = [...fixed, `${next}}`];
  }
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** How a value stands in a line for people. */
export const shownValue = (value: Value): string => (typeof value === 'string' ? value : canonical(value));
