/** What zod found wrong with a file, in words and with positions: nearest keys, what is missing, what was expected. */
import type * as z from 'zod';
import { nearest } from '../base/errors.ts';
import type { Problem } from './problem.ts';
import { keysOf, schemaAt } from './schema-walk.ts';
import { type Branch, keySpan, nodeAt, type Path, spanAt, type Tree } from './tree.ts';
import { parseFile } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;

const LONGEST_SHOWN = 60;
const NOUN: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  array: 'a list',
};

/** One problem per wrong value, unknown key and missing key; a file that only says what differs misses one thing: `use`. */
export function problemsOf(
  issues: readonly Issue[],
  tree: Branch,
  schema: z.ZodType,
  usesNone = false,
): Problem[] {
  const missing = issues.filter(issue => isMissing(issue, tree));
  const needsUse =
    usesNone &&
    keysOf(schema, tree).includes('use') &&
    missing.filter(({ path }) => path.length === 1).length >= SEVERAL;
  const start = needsUse ? [missingUse(missing, tree)] : [];
  const others = needsUse ? issues.filter(issue => !missing.includes(issue)) : issues;
  const found = others.flatMap((issue): Problem[] => {
    const path = issue.path as Path;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map(key => unknownKey(key, path, tree, schema));
    }
    return [{ span: spanAt(tree, path), path: path.join('.'), message: sentence(issue, tree, schema) }];
  });
  return [...start, ...found];
}

/** Keys of the top level whose absence means that the file was to start from another. */
const SEVERAL = 2;

const isMissing = (issue: Issue, tree: Branch): boolean =>
  issue.code !== 'unrecognized_keys' &&
  issue.path.length > 0 &&
  nodeAt(tree, issue.path as Path) === undefined;

function missingUse(missing: readonly Issue[], tree: Branch): Problem {
  const keys = missing.map(({ path }) => path.join('.')).join(', ');
  const message = `missing, expected a file to start from (a name of \`trex list\` or a path), or also ${keys}`;
  return { span: spanAt(tree, ['use']), path: 'use', message };
}

/** The first problem of an object that JSON has brought, in words that follow the name of its file and its line. */
export function problemIn(value: object, issues: readonly Issue[], schema: z.ZodType): string {
  // JSON is YAML.
  const { tree } = parseFile('', JSON.stringify(value));
  const [{ path, message }] = tree === undefined ? issues : problemsOf(issues, tree, schema);
  const where = typeof path === 'string' ? path : path.join('.');
  return where === '' ? message : `${where}: ${message}`;
}

function unknownKey(key: string, path: Path, tree: Branch, schema: z.ZodType): Problem {
  const full = [...path, key];
  const block = nodeAt(tree, path);
  const known = keysOf(schemaAt(schema, tree, path), block);
  const unused = known.filter(k => block?.type !== 'map' || !block.entries.has(k));
  const near = nearest(key, unused) ?? nearest(key, known);
  const names = known.filter(k => k !== 'source').join(', ');
  const hint = near !== undefined ? `, did you mean ${near}?` : names === '' ? '' : `, known here: ${names}`;
  return {
    span: keySpan(tree, full) ?? spanAt(tree, full),
    path: full.join('.'),
    message: `unknown key${hint}`,
  };
}

function sentence(issue: Issue, tree: Branch, schema: z.ZodType): string {
  const node = nodeAt(tree, issue.path as Path);
  const expected = expectation(issue, tree, schema);
  if (node === undefined) return `missing, ${expected ?? issue.message}`;
  if (expected === undefined) return issue.message;
  const near = nearestValue(node, choices(issue) ?? []);
  return `${expected}, got ${show(node)}${near === undefined ? '' : ` (did you mean ${near}?)`}`;
}

/** "expected one of a, b"; undefined where the schema's own message is a whole sentence. */
function expectation(issue: Issue, tree: Branch, schema: z.ZodType): string | undefined {
  if (issue.message.startsWith('expected ')) return issue.message;
  switch (issue.code) {
    case 'invalid_type': {
      if (issue.expected !== 'object') return `expected ${NOUN[issue.expected] ?? issue.expected}`;
      const at = issue.path as Path;
      const keys = keysOf(schemaAt(schema, tree, at), nodeAt(tree, at)).filter(key => key !== 'source');
      return keys.length === 0 ? 'expected a block' : `expected a block with ${keys.join(', ')}`;
    }
    case 'invalid_value':
      return `expected ${oneOf(issue.values.map(String))}`;
    case 'too_small':
      if (issue.origin === 'string') return 'expected a text that is not empty';
      if (issue.origin === 'array' && issue.minimum === 1) return 'expected at least one entry';
      return `expected ${amount(issue.origin)} ${issue.inclusive ? 'of at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return `expected ${amount(issue.origin)} ${issue.inclusive ? 'of at most' : 'below'} ${issue.maximum}`;
    case 'invalid_union': {
      const options = choices(issue);
      if (options !== undefined) return `expected ${oneOf(options)}`;
      const each = issue.errors.map(errors =>
        expectation(errors[0], tree, schema)?.replace(/^expected /, ''),
      );
      return `expected ${[...new Set(each)].filter(e => e !== undefined).join(' or ')}`;
    }
    default:
      return undefined;
  }
}

/** What may stand there, of an enumeration or of the tag of a tagged union. */
function choices(issue: Issue): readonly string[] | undefined {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  const isTag = issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options);
  return isTag ? (issue.options as unknown[]).map(String) : undefined;
}

const amount = (origin: string): string => (origin === 'array' ? 'a length' : 'a number');

const oneOf = (values: readonly string[]): string =>
  values.length === 1 ? values[0] : `one of ${values.join(', ')}`;

/** The choice nearest to what was written; undefined if that is no text or nothing is near. */
const nearestValue = (node: Tree, values: readonly string[]): string | undefined =>
  node.type === 'leaf' && typeof node.value === 'string' ? nearest(node.value, values) : undefined;

/** A value as a message shows it: numbers as they were written, long texts cut. */
function show(node: Tree): string {
  if (node.type === 'map') return 'a block';
  if (node.type === 'list') return node.items.length === 0 ? 'an empty list' : 'a list';
  if (node.value === null) return 'nothing';
  const text = typeof node.value === 'string' ? JSON.stringify(node.value) : node.text;
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}
