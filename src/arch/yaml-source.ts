/** YAML text to a tree with positions (`yaml` 2.9: parseDocument, LineCounter). */
import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import type { Problem } from './problem.ts';
import type { Source, Span } from './span.ts';
import type { Branch, Tree } from './tree.ts';
import { TreeReader } from './tree-reader.ts';

const MAX_DEPTH = 64;

export interface Parsed {
  readonly source: Source;
  /** Undefined where the text is not even a map; with problems of its own, a map may be incomplete. */
  readonly tree: Branch | undefined;
  readonly problems: readonly Problem[];
}

/** Files parsed last, by their texts: whoever compares chips or changes a value reads the same ones again. */
const recent = new Map<string, Parsed>();
const MOST_RECENT = 16;

/** Parses a whole file. Every problem of the text is listed; none is thrown. */
export function parseFile(name: string, text: string): Parsed {
  // By the text first: the engine knows one that it has looked up before without reading it again.
  const before = recent.get(text);
  const parsed = before?.source.name === name ? before : parseText(name, text);
  // Behind the others, so that the oldest stands first.
  recent.delete(text);
  recent.set(text, parsed);
  if (recent.size > MOST_RECENT) recent.delete(recent.keys().next().value!);
  return parsed;
}

function parseText(name: string, text: string): Parsed {
  const source = fileSource(name, text);
  const { tree, problems } = parseValue(source, text);
  const at: Span = { source, start: 0, end: 1 };
  if (problems.length > 0) return { source, tree: tree?.type === 'map' ? tree : undefined, problems };
  if (tree === undefined || (tree.type === 'leaf' && tree.value === null)) {
    const message = 'the file is empty: expected keys and values, such as "name: my-chip"';
    return { source, tree: undefined, problems: [{ span: at, path: '', message }] };
  }
  if (tree.type !== 'map') {
    // What stands in a file that is none of ours is nobody's business.
    const got = tree.type === 'list' ? 'a list' : 'a text';
    const message = `expected keys and values, such as "name: my-chip", got ${got}`;
    const unseen: Source = { ...source, text: '' };
    return {
      source,
      tree: undefined,
      problems: [{ span: { source: unseen, start: 0, end: 1 }, path: '', message }],
    };
  }
  return { source, tree, problems };
}

/** A file's text with the places of its lines. */
export function fileSource(name: string, text: string): Source {
  // Its text is made of a file of bytes, which has no lines.
  if (/\.onnx$/i.test(name)) return { kind: 'file', name, text };
  const lines = new LineCounter();
  for (let i = 0; i !== -1 && i <= text.length; i = text.indexOf('\n', i) + 1 || -1) lines.addNewLine(i);
  return { kind: 'file', name, text, lines };
}

/** Parses one YAML value of a source: a file's whole text, or the value of an override. */
export function parseValue(source: Source, text: string): { tree: Tree | undefined; problems: Problem[] } {
  const whole: Span = { source, start: 0, end: Math.max(1, text.length) };
  const at = (start: number, end: number): Span => (source.kind === 'flag' ? whole : { source, start, end });
  const deep = tooDeep(text);
  if (deep !== undefined) {
    const message = 'blocks or brackets are nested too deep for any file of this kind';
    return { tree: undefined, problems: [{ span: at(deep, deep + 1), path: '', message }] };
  }
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false });
  const errors = firstOfEachLine([...document.errors, ...document.warnings], text);
  const problems = errors.map(error => ({
    span: at(error.pos[0], error.pos[1]),
    path: '',
    message:
      error.code === 'MULTIPLE_DOCS'
        ? 'expected one document, got several (a second one starts after "---")'
        : `not valid YAML: ${error.message}`,
  }));
  if (problems.length > 0 || document.contents === null) return { tree: undefined, problems };
  const reader = new TreeReader(at, problems);
  const { tree } = reader.read(document.contents, whole, [], undefined);
  return { tree, problems };
}

/** One slip makes the parser complain again and again about the rest of the line. */
function firstOfEachLine(errors: readonly YAMLError[], text: string): YAMLError[] {
  const lines = new Set<number>();
  return errors.filter(({ pos }) => {
    const line = text.lastIndexOf('\n', pos[0] - 1);
    return !lines.has(line) && lines.add(line);
  });
}

/**
 * Where a text nests deeper than the parser, which calls itself, should go; undefined if nowhere. Brackets in
 * texts and comments count too: no real file has so many.
 */
function tooDeep(text: string): number | undefined {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '[' || c === '{') depth++;
    else if ((c === ']' || c === '}') && depth > 0) depth--;
    if (depth > MAX_DEPTH) return i;
  }
  const run = /(?:[-?:]\s+){64}|^ {200}/m.exec(text);
  return run === null ? undefined : run.index;
}
