/** Takes typed fields out of a parsed config.json; a field that is absent or null has transformers' default. */
import type { TrexError } from '../../base/errors.ts';
import { invalidFile } from './tensor.ts';

/** transformers' number of labels where a configuration names none. */
const DEFAULT_LABELS = 2;

export class ConfigReader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #file: string;

  constructor(config: unknown, file: string) {
    this.#file = file;
    if (typeof config !== 'object' || config === null || Array.isArray(config))
      throw invalidFile(`${file}: expected a JSON object`);
    this.#fields = config as Record<string, unknown>;
  }

  error(field: string, message: string): TrexError {
    return invalidFile(`${this.#file}: ${field}: ${message}`);
  }

  /** A whole number from 1. */
  count(field: string, absent: number): number {
    const value = this.#get(field) ?? absent;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
      throw this.#expected(field, 'a whole number of at least 1', value);
    return value;
  }

  positive(field: string, absent: number): number {
    const value = this.#get(field) ?? absent;
    if (typeof value !== 'number' || !(value > 0) || value === Number.POSITIVE_INFINITY)
      throw this.#expected(field, 'a number above 0', value);
    return value;
  }

  string(field: string, absent: string): string {
    const value = this.#get(field) ?? absent;
    if (typeof value !== 'string') throw this.#expected(field, 'a string', value);
    return value;
  }

  boolean(field: string, absent: boolean): boolean {
    const value = this.#get(field) ?? absent;
    if (typeof value !== 'boolean') throw this.#expected(field, 'true or false', value);
    return value;
  }

  /** One side of a square, given as a number or as two equal ones. */
  square(field: string, absent: number): number {
    const value = this.#get(field);
    if (!Array.isArray(value)) return this.count(field, absent);
    if (value.length === 2 && value[0] !== value[1])
      throw this.error(field, `${JSON.stringify(value)} is not square`);
    const side: unknown = value[0];
    if (value.length !== 2 || typeof side !== 'number' || !Number.isSafeInteger(side) || side < 1)
      throw this.#expected(field, 'a whole number, or two equal ones', value);
    return side;
  }

  /** The first of a list of strings, if there is one. */
  firstOf(field: string): string | undefined {
    const value = this.#get(field) ?? [];
    if (!Array.isArray(value) || value.some(v => typeof v !== 'string'))
      throw this.#expected(field, 'a list of strings', value);
    return value[0] as string | undefined;
  }

  /** Outputs of the classifier: the size of id2label, or num_labels. */
  labels(): number {
    const names = this.#get('id2label');
    if (names === undefined) return this.count('num_labels', DEFAULT_LABELS);
    const isObject = typeof names === 'object' && names !== null && !Array.isArray(names);
    const count = isObject ? Object.keys(names).length : 0;
    if (count === 0) throw this.#expected('id2label', 'an object with a name for each label', names);
    return count;
  }

  /** The field is there and is not empty. */
  holds(field: string): boolean {
    const value = this.#get(field) ?? {};
    return typeof value !== 'object' || Object.keys(value as object).length > 0;
  }

  #get(field: string): unknown {
    return Object.hasOwn(this.#fields, field) ? (this.#fields[field] ?? undefined) : undefined;
  }

  #expected(field: string, what: string, got: unknown): TrexError {
    const text = JSON.stringify(got);
    return this.error(field, `expected ${what}, got ${text.length > 60 ? `${text.slice(0, 57)}...` : text}`);
  }
}
