/** `config.expanded.yaml`: chip, technologies, network and options as they ran, with the origin and the source of every value. */
import { stringify } from 'yaml';
import type { Origin } from '../arch/origins.ts';
import { sectionNamed, sectionOfPath } from '../arch/sections.ts';
import type { ConfigRun } from './result.ts';

const COMMENT_COLUMN = 44;
const HEADER = `# The configuration of a run: every value as it was used. \`trex run\` of this file repeats it; "#..." names a section below.
# After each value: the line of the file that gives it, the option, "default", or for a derived value its formula.
# "source:" holds for the values of files below it, until the next one.
# "derived" follows from the rest and is not read again.
`;
/** Of sections that are read again: the loader wants one, and comments cannot give it. */
const CITED = 'source: as this run used it, see the comments';

type Tree = Origin | Map<string, Tree>;

/**
 * YAML of all values, in the order of `origins`; quantities keep the units they were written with.
 * Each file is a section: arch, tech (of a hybrid also tech.static, tech.dynamic and its layers), digital, derived, model;
 * `run` are the options. What `trex run` reads.
 */
export function expandedYaml(origins: readonly Origin[], run?: ConfigRun): string {
  const sections = new Map<string, Map<string, Tree>>();
  for (const origin of origins) {
    // The rows of a table stand in its place.
    if (isTable(origin)) continue;
    const { section, key } = sectionOfPath(origin.path);
    const tree = sections.get(section) ?? new Map<string, Tree>();
    sections.set(section, tree);
    insert(tree, key.split('.'), origin);
  }
  const texts = [...sections].map(([name, tree]) => {
    const lines = [`${name}:`, ...(name === 'derived' ? [] : [`  ${CITED}`])];
    writeMap(tree, '  ', { lines, source: undefined });
    return `${lines.join('\n')}\n`;
  });
  const options = run === undefined ? [] : [stringify({ run }, { lineWidth: 0 })];
  return [HEADER, ...texts, ...options].join('\n');
}

const isTable = ({ path }: Origin): boolean => /(^|\.)noise\.measured\.file$/.test(path);

interface Output {
  readonly lines: string[];
  /** What the last `source:` comment said. */
  source: string | undefined;
}

function insert(tree: Map<string, Tree>, [key, ...rest]: readonly string[], origin: Origin): void {
  if (rest.length === 0) {
    tree.set(key, origin);
    return;
  }
  const below = tree.get(key);
  const branch = below instanceof Map ? below : new Map<string, Tree>();
  if (branch !== below) tree.set(key, branch);
  insert(branch, rest, origin);
}

function writeMap(tree: Map<string, Tree>, indent: string, out: Output): void {
  for (const [key, node] of tree) writeNode(`${indent}${scalar(key)}:`, node, indent, out);
}

/** A list: the keys of its items are their numbers. */
function writeList(tree: Map<string, Tree>, indent: string, out: Output): void {
  for (const node of tree.values()) writeNode(`${indent}-`, node, indent, out);
}

function writeNode(head: string, node: Tree, indent: string, out: Output): void {
  if (node instanceof Map) {
    out.lines.push(head);
    if ([...node.keys()].every((key, i) => key === String(i))) writeList(node, `${indent}  `, out);
    else writeMap(node, `${indent}  `, out);
    return;
  }
  if (node.origin.kind === 'file') {
    const source = oneLine(node.source ?? 'none given');
    if (source !== out.source) out.lines.push(`${indent}# source: ${source}`);
    out.source = source;
  }
  const value = `${head} ${valueText(node)}`.padEnd(COMMENT_COLUMN);
  out.lines.push(`${value} # ${oneLine(placeText(node))}`);
}

function placeText({ path, text, origin }: Origin): string {
  const named = sectionNamed(path) === undefined ? '' : `${text}, `;
  return `${named}${place(origin)}`;
}

function place(origin: Origin['origin']): string {
  if (origin.kind === 'file') return `${origin.file}:${origin.line}`;
  if (origin.kind === 'set') return origin.flag;
  return origin.kind === 'derived' ? `derived: ${origin.how}` : 'default';
}

/** A quantity as it is written, with its unit; the section of a file; anything else as the value that it is. */
function valueText({ path, value, text, exact }: Origin): string {
  const section = sectionNamed(path);
  if (section !== undefined) return scalar(section);
  return typeof value === 'number' && Number(text) !== value ? scalar(exact ?? text) : scalar(value);
}

/** Names and quantities, which YAML writes as they are: most values of a chip, and its general way is a sixth of a run's time. */
const PLAIN =
  /^(?!(?:true|false|null)$)(?:[a-z](?:[a-z0-9._/-]*[a-z0-9])?|\d+(?:\.\d+)? [a-z%][a-z0-9/%]*)$/i;

/** A value on one line: a scalar quoted where YAML needs it, a whole block of defaults in braces. */
export function scalar(value: unknown): string {
  if (typeof value === 'string' && PLAIN.test(value)) return value;
  if (typeof value === 'number' && Number.isFinite(value) && value !== 0) return String(value);
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  const text = stringify(value, { lineWidth: 0 }).trimEnd();
  return text.includes('\n') ? JSON.stringify(value) : text;
}

/** Fit for a comment. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they would end the comment
const oneLine = (text: string): string => text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+/g, ' ').trim();
