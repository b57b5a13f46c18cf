/**
 * A JSON reader for file headers that may be hostile: no name twice, bounded depth and counts (RFC 8259 grammar).
 *
 * JSON.parse reads the strings only: of a name that is there twice it keeps the last, it puts names that are numbers first, it
 * builds all of a hostile array before anyone can count it, and its messages differ from engine to engine.
 */
import { shown } from './tensor.ts';

/** What a header may hold at most. */
export interface JsonLimits {
  /** Nested objects and arrays. */
  readonly depth: number;
  /** Members of one object. */
  readonly members: number;
  /** Elements of one array. */
  readonly elements: number;
}

export type Json = null | boolean | number | string | Json[] | JsonObject;
/** A Map, so that no name has a meaning of its own. */
export type JsonObject = Map<string, Json>;

const space = /[ \t\n\r]*/y;
const numberToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const words: readonly (readonly [string, Json])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/** Reads one JSON value that fills `text`. @throws Error with the reason and the character where it stands. */
export function parseJson(text: string, limits: JsonLimits): Json {
  let at = 0;

  const fail = (reason: string): Error => new Error(`${reason} at character ${at}`);

  function skip(): void {
    space.lastIndex = at;
    space.test(text);
    at = space.lastIndex;
  }

  function take(char: string): boolean {
    skip();
    if (text[at] !== char) return false;
    at++;
    return true;
  }

  function string(): string {
    skip();
    if (text[at] !== '"') throw fail('expected a string');
    let end = at + 1;
    while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
    const token = text.slice(at, end + 1);
    try {
      const value = JSON.parse(token) as string;
      at = end + 1;
      return value;
    } catch {
      throw fail('broken string');
    }
  }

  function object(depth: number): JsonObject {
    const members: JsonObject = new Map();
    if (take('}')) return members;
    do {
      const name = string();
      if (members.has(name)) throw fail(`'${shown(name)}' is there twice`);
      if (members.size === limits.members) throw fail(`more than ${limits.members} names`);
      if (!take(':')) throw fail(`expected ':'`);
      members.set(name, value(depth));
    } while (take(','));
    if (!take('}')) throw fail(`expected ',' or '}'`);
    return members;
  }

  function array(depth: number): Json[] {
    const elements: Json[] = [];
    if (take(']')) return elements;
    do {
      if (elements.length === limits.elements) throw fail(`more than ${limits.elements} elements`);
      elements.push(value(depth));
    } while (take(','));
    if (!take(']')) throw fail(`expected ',' or ']'`);
    return elements;
  }

  function value(depth: number): Json {
    skip();
    const first = text[at];
    if (first === '{' || first === '[') {
      if (depth === limits.depth) throw fail(`nested deeper than ${limits.depth}`);
      at++;
      return first === '{' ? object(depth + 1) : array(depth + 1);
    }
    if (first === '"') return string();
    for (const [word, meaning] of words) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return meaning;
      }
    }
    numberToken.lastIndex = at;
    const token = numberToken.exec(text)?.[0];
    if (token === undefined) throw fail('expected a JSON value');
    at += token.length;
    return Number(token);
  }

  const result = value(0);
  skip();
  if (at < text.length) throw fail('something follows the JSON value');
  return result;
}
