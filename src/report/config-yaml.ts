/** `config.expanded.yaml`: chip, technologies and network as they ran, with the origin and the source of every value. */
import { stringify } from 'yaml';
import type { Origin } from '../arch/origins.ts';

/** Sections of their own, since `tech` is a name in the architecture too; longer prefixes first. */
const SECTIONS = ['tech.static', 'tech.dynamic', 'tech', 'digital', 'derived', 'model'];
const FIRST = 'arch';
const COMMENT_COLUMN = 44;
const HEADER = `# The configuration of a run: every value as it was used.
# After each value: the line of the file that gives it, the option, "default", or for a derived value its formula.
# "source:" holds for the values of files below it, until the next one.
`;

type Tree = Origin | Map<string, Tree>;

/**
 * YAML of all values, in the order of `origins`; quantities keep the units they were written with.
 * Each file is a section: arch, tech (of a hybrid also tech.static and tech.dynamic), digital, derived, model.
 */
export function expandedYaml(origins: readonly Origin[]): string {
  const sections = new Map<string, Map<string, Tree>>();
  for (const origin of origins) {
    const section = SECTIONS.find(name => origin.path.startsWith(`${name}.`));
    const name = section ?? FIRST;
    const path = section === undefined ? origin.path : origin.path.slice(section.length + 1);
    const tree = sections.get(name) ?? new Map<string, Tree>();
    sections.set(name, tree);
    insert(tree, path.split('.'), origin);
  }
  const texts = [...sections].map(([name, tree]) => {
    const lines = [`${name}:`];
    writeMap(tree, '  ', { lines, source: undefined });
    return `${lines.join('\n')}\n`;
  });
  return [HEADER, ...texts].join('\n');
}

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
  out.lines.push(`${`${head} ${valueText(node)}`.padEnd(COMMENT_COLUMN)} # ${oneLine(placeText(node))}`);
}

function placeText({ origin }: Origin): string {
  if (origin.kind === 'file') return `${origin.file}:${origin.line}`;
  if (origin.kind === 'set') return origin.flag;
  return origin.kind === 'derived' ? `derived: ${origin.how}` : 'default';
}

/** A quantity as it is written, with its unit; anything else as the value that it is. */
const valueText = ({ value, text }: Origin): string =>
  typeof value === 'number' && Number(text) !== value ? scalar(text) : scalar(value);

/** Names and quantities, which YAML writes as they are: most values of a chip, and its general way is a sixth of a run's time. */
const PLAIN =
  /^(?!(?:true|false|null)$)(?:[a-z](?:[a-z0-9._/-]*[a-z0-9])?|\d+(?:\.\d+)? [a-z%][a-z0-9/%]*)$/i;

/** A scalar on one line, quoted where YAML needs it. */
export function scalar(value: unknown): string {
  if (typeof value === 'string' && PLAIN.test(value)) return value;
  if (typeof value === 'number' && Number.isFinite(value) && value !== 0) return String(value);
  const text = stringify(value, { lineWidth: 0 }).trimEnd();
  return text.includes('\n') ? JSON.stringify(value) : text;
}

/** Fit for a comment. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they would end the comment
const oneLine = (text: string): string => text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+/g, ' ').trim();
