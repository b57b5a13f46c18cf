/**
 * The fields of a JSON file that somebody else wrote: each is applied, known to change nothing, or refused with its line.
 * Whoever reads one asks for what is known, and then for `rest`.
 */
import { nearest, type TrexError } from '../base/errors.ts';
import { badFile } from './bad-file.ts';

/** Characters of a value that a message shows. */
const SHOWN = 60;

export class JsonFields {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #file: string;
  readonly #text: string;
  /** Names of the objects around these fields, from outside. */
  readonly #outer: readonly string[];
  readonly #asked = new Set<string>();

  constructor(file: string, text: string, fields: object, outer: readonly string[] = []) {
    this.#file = file;
    this.#text = text;
    this.#fields = fields as Readonly<Record<string, unknown>>;
    this.#outer = outer;
  }

  /** @throws TrexError (invalid file) for bytes that are no JSON object. */
  static parse(file: string, bytes: Uint8Array): JsonFields {
    const text = new TextDecoder().decode(bytes);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw badFile(file, `not JSON: ${(error as Error).message}`);
    }
    if (!isObject(value)) throw badFile(file, 'expected a JSON object');
    return new JsonFields(file, text, value);
  }

  get names(): readonly string[] {
    return Object.keys(this.#fields);
  }

  /** A value as it stands; undefined where it is absent or null. */
  value(name: string): unknown {
    this.#asked.add(name);
    return Object.hasOwn(this.#fields, name) ? (this.#fields[name] ?? undefined) : undefined;
  }

  /** "file:3: name: message". */
  error(name: string, message: string): TrexError {
    return badFile(`${this.#file}${this.#lineOf(name)}`, `${[...this.#outer, name].join('.')}: ${message}`);
  }

  expected(name: string, what: string): TrexError {
    const text = JSON.stringify(this.#fields[name]) ?? 'nothing';
    const shown = text.length > SHOWN ? `${text.slice(0, SHOWN - 3)}...` : text;
    return this.error(name, `expected ${what}, got ${shown}`);
  }

  boolean(name: string): boolean | undefined {
    const value = this.value(name);
    if (value !== undefined && typeof value !== 'boolean') throw this.expected(name, 'true or false');
    return value;
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    if (value !== undefined && typeof value !== 'string') throw this.expected(name, 'a string');
    return value;
  }

  /** Above 0. */
  positive(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !(value > 0)) throw this.expected(name, 'a number above 0');
    return value;
  }

  /** A list of numbers; one number is a list. */
  numbers(name: string): readonly number[] | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const list: unknown = typeof value === 'number' ? [value] : value;
    if (!Array.isArray(list) || list.length === 0 || list.some(v => typeof v !== 'number'))
      throw this.expected(name, 'a list of numbers');
    return list as number[];
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.some(v => typeof v !== 'string'))
      throw this.expected(name, 'a list of strings');
    return value as string[];
  }

  /** The fields of an object within these. */
  inner(name: string): JsonFields | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (!isObject(value)) throw this.expected(name, 'an object');
    return new JsonFields(this.#file, this.#text, value, [...this.#outer, name]);
  }

  /** Those of each object of a list; an absent list is empty. */
  inners(name: string): readonly JsonFields[] {
    const value = this.value(name) ?? [];
    if (!Array.isArray(value)) throw this.expected(name, 'a list of objects');
    return value.map((item: unknown) => {
      if (!isObject(item)) throw this.expected(name, 'a list of objects');
      return new JsonFields(this.#file, this.#text, item, [...this.#outer, name]);
    });
  }

  /** Only this value is supported. */
  only<T extends string | number | boolean>(name: string, value: T): void {
    const found = this.value(name);
    if (found !== undefined && found !== value)
      throw this.error(name, `${JSON.stringify(found)} is not supported, only ${JSON.stringify(value)}`);
  }

  /**
   * What has not been asked for and is not `harmless`; a field that is off (false, null, an empty list or object) is.
   * @throws TrexError (invalid file) with its line and the nearest field that is read.
   */
  rest(harmless: readonly string[] = []): void {
    for (const [name, value] of Object.entries(this.#fields)) {
      if (this.#asked.has(name) || harmless.includes(name) || isOff(value)) continue;
      const near = nearest(name, [...this.#asked]);
      throw this.error(name, `not known here${near === undefined ? '' : `; did you mean ${near}?`}`);
    }
  }

  /** ":12", where the name stands behind those of the objects around it. */
  #lineOf(name: string): string {
    let at = 0;
    for (const key of [...this.#outer, name]) {
      at = this.#text.indexOf(JSON.stringify(key), at);
      if (at < 0) return '';
    }
    return `:${this.#text.slice(0, at).split('\n').length}`;
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isOff = (value: unknown): boolean =>
  value === false ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);
