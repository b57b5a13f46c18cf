/** A chip as it is simulated, with the origin and the source of every value, as tables for people. */

import { isAssumed, type Origin } from '../arch/origins.ts';
import { largest } from '../base/extremes.ts';
import { table, WIDTH } from './table.ts';
import { displayWidth, wrap } from './text-width.ts';

const INDENT = '  ';
const GAP = 2;
/** Columns that a source needs beside its value; else it stands in a line before the values that have it. */
const LEAST_SOURCE = 24;
/** Parts of a chip, each a table of its own; longer prefixes first. */
const PARTS = ['derived', 'digital', 'tech.static', 'tech.dynamic', 'tech'];

/** The expanded tree as one table per part of the chip, in `width` columns; a `"` repeats the source above. */
export function explainText(
  { origins: all }: { readonly origins: readonly Origin[] },
  width = WIDTH,
): string {
  const parts = new Map<string, Origin[]>();
  for (const origin of all) {
    const part = PARTS.find(p => origin.path.startsWith(`${p}.`)) ?? 'chip';
    parts.set(part, [...(parts.get(part) ?? []), origin]);
  }
  const tables = [...parts].map(([part, origins]) => partText(part, origins, width));
  const assumed = all.filter(isAssumed).length;
  return `${tables.join('\n\n')}\n\n${assumed} of ${all.length} values are assumed: their source says so.\n`;
}

function partText(part: string, origins: readonly Origin[], width: number): string {
  const textOf = (key: string): string | undefined =>
    origins.find(o => o.path === (part === 'chip' ? key : `${part}.${key}`))?.text;
  const title = [part, textOf('name')].filter(Boolean).join(' ');
  const description = textOf('description');
  const heading = wrap(description === undefined ? title : `${title}: ${description}`, width, INDENT.length);
  const shown = origins.filter(({ path }) => !/(^|\.)description$/.test(path));
  const rows = shown.map(origin => ({
    cells: [
      part === 'chip' ? origin.path : origin.path.slice(part.length + 1),
      origin.text,
      placeText(origin),
    ],
    source: sourceText(origin),
  }));
  const head = ['path', 'value', 'origin'];
  const widths = head.map((name, i) => largest([name, ...rows.map(row => row.cells[i])].map(displayWidth)));
  const room = width - INDENT.length - widths.reduce((sum, w) => sum + w + GAP, 0);
  const isRepeated = (i: number): boolean => i > 0 && rows[i].source === rows[i - 1].source;
  const cells =
    room >= LEAST_SOURCE
      ? [
          [...head, 'source'],
          ...rows.map(({ cells, source }, i) => [...cells, source !== '' && isRepeated(i) ? '"' : source]),
        ]
      : [
          head,
          ...rows.flatMap(({ cells, source }, i) =>
            isRepeated(i) ? [cells] : [[`source: ${source === '' ? 'none' : source}`], cells],
          ),
        ];
  const align = ['left', 'left', 'left', 'left'] as const;
  const lines = table(cells, { align, width: width - INDENT.length }).split('\n');
  return [...heading, ...lines.map(line => (line === '' ? '' : INDENT + line))].join('\n');
}

function placeText({ origin }: Origin): string {
  if (origin.kind === 'file') return `${origin.file.replace(/^.*[\\/]/, '')}:${origin.line}`;
  return origin.kind === 'set' ? origin.flag.split(' ')[0] : origin.kind;
}

const sourceText = (origin: Origin): string =>
  (origin.origin.kind === 'derived' ? origin.origin.how : origin.source) ?? '';
