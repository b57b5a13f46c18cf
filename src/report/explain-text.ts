/** A chip as it is simulated, with the origin and the source of every value, as tables for people. */

import { isAssumed, type Origin } from '../arch/origins.ts';
import { largest } from '../base/extremes.ts';

/** Of a page. */
export const PAGE = 100;
const LONGEST_VALUE = 20;
/** Parts of a chip, each a table of its own; longer prefixes first. */
const PARTS = ['derived', 'digital', 'tech.static', 'tech.dynamic', 'tech'];

/** The expanded tree as one aligned table per part of the chip; a `"` repeats the source above. */
export function explainText({ origins: all }: { readonly origins: readonly Origin[] }, width = PAGE): string {
  const parts = new Map<string, Origin[]>();
  for (const origin of all) {
    const part = PARTS.find(p => origin.path.startsWith(`${p}.`)) ?? 'chip';
    parts.set(part, [...(parts.get(part) ?? []), origin]);
  }
  const tables = [...parts].map(([part, origins]) => table(part, origins, width));
  const assumed = all.filter(isAssumed).length;
  return `${tables.join('\n\n')}\n\n${assumed} of ${all.length} values are assumed: their source says so.\n`;
}

function table(part: string, origins: readonly Origin[], width: number): string {
  const textOf = (key: string): string | undefined =>
    origins.find(o => o.path === (part === 'chip' ? key : `${part}.${key}`))?.text;
  const title = [part, textOf('name')].filter(Boolean).join(' ');
  const description = textOf('description');
  const heading = cut(description === undefined ? title : `${title}: ${description}`, width);
  const shown = origins.filter(({ path }) => !/(^|\.)description$/.test(path));
  const rows = shown.map((origin, i) => {
    const path = part === 'chip' ? origin.path : origin.path.slice(part.length + 1);
    const source = sourceText(origin);
    const repeats = i > 0 && source !== '' && source === sourceText(shown[i - 1]);
    return [path, cut(origin.text, LONGEST_VALUE), placeText(origin), repeats ? '"' : source];
  });
  const all = [['path', 'value', 'origin', 'source'], ...rows];
  const widths = [0, 1, 2].map(column => largest(all.map(row => row[column].length)));
  const lines = all.map(row => {
    const start = widths.map((w, column) => row[column].padEnd(w)).join('  ');
    return cut(`  ${start}  ${row[3]}`.trimEnd(), width);
  });
  return [heading, ...lines].join('\n');
}

function placeText({ origin }: Origin): string {
  if (origin.kind === 'file') return `${origin.file.replace(/^.*[\\/]/, '')}:${origin.line}`;
  return origin.kind === 'set' ? origin.flag.split(' ')[0] : origin.kind;
}

const sourceText = (origin: Origin): string =>
  (origin.origin.kind === 'derived' ? origin.origin.how : origin.source) ?? '';

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 3)}...`;
