/** Takes typed fields out of a parsed config.json, and knows which it was asked for; a field that is absent or null has transformers' default. */
import type { TrexError } from '../../base/errors.ts';
import type { Size } from '../size.ts';
import { invalidFile, shown } from './tensor.ts';

/** transformers' number of labels where a configuration names none. */
const DEFAULT_LABELS = 2;

export class ConfigReader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #file: string;
  readonly #path: string;
  readonly #asked = new Set<string>();

  /** `path` stands in front of the fields' names: `vision_config.`. */
  constructor(config: unknown, file: string, path = '') {
    this.#file = file;
    this.#path = path;
    if (typeof config !== 'object' || config === null || Array.isArray(config))
      throw invalidFile(`${file}: ${path === '' ? '' : `${path.slice(0, -1)}: `}expected a JSON object`);
    this.#fields = config as Record<string, unknown>;
  }

  error(field: string, message: string): TrexError {
    return invalidFile(`${this.#file}: ${this.#path}${shown(field)}: ${message}`);
  }

  /** The object of that name; one that is absent has no fields. */
  inside(field: string): ConfigReader {
    return new ConfigReader(this.#get(field) ?? {}, this.#file, `${this.#path}${field}.`);
  }

  /** Fields that nobody asked for. */
  rest(): string[] {
    return Object.keys(this.#fields).filter(field => !this.#asked.has(field));
  }

  /** Fields that somebody asked for. */
  asked(): ReadonlySet<string> {
    return this.#asked;
  }

  has(field: string): boolean {
    return this.#get(field) !== undefined;
  }

  /** A whole number from 1. */
  count(field: string, absent: number): number {
    const value = this.#get(field) ?? absent;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
      throw this.#expected(field, 'a whole number of at least 1', value);
    return value;
  }

  /** A whole number from 1; undefined where null stands in the file, which says that there is none. */
  countOrNull(field: string, absent: number): number | undefined {
    const none = !this.has(field) && Object.hasOwn(this.#fields, field);
    return none ? undefined : this.count(field, absent);
  }

  /** A whole number from 0. */
  whole(field: string, absent: number): number {
    const value = this.#get(field) ?? absent;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
      throw this.#expected(field, 'a whole number of at least 0', value);
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

  /** Height and width, given as one number or as two. */
  size(field: string, absent: number): Size {
    const value = this.#get(field);
    if (!Array.isArray(value)) {
      const side = this.count(field, absent);
      return { height: side, width: side };
    }
    const whole = value.every(side => typeof side === 'number' && Number.isSafeInteger(side) && side >= 1);
    if (value.length !== 2 || !whole) throw this.#expected(field, 'a whole number, or two', value);
    const [height, width] = value as [number, number];
    return { height, width };
  }

  /** The first of a list of strings, if there is one. */
  firstOf(field: string): string | undefined {
    const value = this.#get(field) ?? [];
    if (!Array.isArray(value) || value.some(v => typeof v !== 'string'))
      throw this.#expected(field, 'a list of strings', value);
    return value[0] as string | undefined;
  }

  /** A list of strings; undefined: there is none. */
  strings(field: string): readonly string[] | undefined {
    const value = this.#get(field);
    if (value !== undefined && (!Array.isArray(value) || value.some(v => typeof v !== 'string')))
      throw this.#expected(field, 'a list of strings', value);
    return value as readonly string[] | undefined;
  }

  /** A whole number from 1; undefined where it is absent or null. */
  optionalCount(field: string): number | undefined {
    return this.has(field) ? this.count(field, 1) : undefined;
  }

  /** Outputs of the classifier: the size of id2label, num_labels, or what its tensor shows. */
  labels(shown: number | undefined): number {
    const names = this.#get('id2label');
    if (names === undefined) return this.count('num_labels', shown ?? DEFAULT_LABELS);
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
    this.#asked.add(field);
    return Object.hasOwn(this.#fields, field) ? (this.#fields[field] ?? undefined) : undefined;
  }

  #expected(field: string, what: string, got: unknown): TrexError {
    const text = JSON.stringify(got);
    return this.error(field, `expected ${what}, got ${text.length > 60 ? `${text.slice(0, 57)}...` : text}`);
  }
}
