/** `trex explain ARCH`: the chip as it is simulated, with the origin and the source of every value. */
import { basename } from 'node:path';
import type { CommandModule } from 'yargs';
import type { LoadedArch } from '../arch/load.ts';
import { isAssumed, type Origin } from '../arch/origins.ts';
import { loadArch } from '../run/node/load.ts';

const WIDTH = 100;
const LONGEST_VALUE = 20;
/** Parts of a chip, each a table of its own; longer prefixes first. */
const PARTS = ['derived', 'digital', 'tech.static', 'tech.dynamic', 'tech'];

interface ExplainArguments {
  arch: string;
  tech: string | undefined;
  set: string[] | undefined;
  json: boolean;
}

/** The expanded tree as one aligned table per part of the chip; a `"` repeats the source above. */
export function explainText(loaded: Pick<LoadedArch, 'origins'>, width = WIDTH): string {
  const parts = new Map<string, Origin[]>();
  for (const origin of loaded.origins) {
    const part = PARTS.find(p => origin.path.startsWith(`${p}.`)) ?? 'chip';
    parts.set(part, [...(parts.get(part) ?? []), origin]);
  }
  const tables = [...parts].map(([part, origins]) => table(part, origins, width));
  const assumed = loaded.origins.filter(isAssumed).length;
  return `${tables.join('\n\n')}\n\n${assumed} of ${loaded.origins.length} values are assumed: their source says so.\n`;
}

export const explainCommand: CommandModule<object, ExplainArguments> = {
  command: 'explain <arch>',
  describe: 'Show every value of a chip with its origin and its source',
  builder: yargs =>
    yargs
      .positional('arch', { type: 'string', demandOption: true, describe: 'Architecture: name or path' })
      .option('tech', {
        type: 'string',
        describe: 'Technology of the crossbars: name or path',
        group: 'Model:',
      })
      .option('set', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'path=value on top of the files (repeatable)',
        group: 'Model:',
      })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON array', group: 'Output:' })
      .example('$0 explain trex', 'Where each number of the chip comes from')
      .example('$0 explain trex --set pe.adcBanks=8', 'With a value changed'),
  handler: ({ arch, tech, set, json }) => {
    const loaded = loadArch(arch, { tech, set });
    const width = Math.max(WIDTH, process.stdout.columns ?? WIDTH);
    process.stdout.write(json ? `${JSON.stringify(loaded.origins, null, 2)}\n` : explainText(loaded, width));
    for (const warning of loaded.warnings) process.stderr.write(`warning: ${warning}\n`);
  },
};

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
  const widths = [0, 1, 2].map(column => Math.max(...all.map(row => row[column].length)));
  const lines = all.map(row => {
    const start = widths.map((w, column) => row[column].padEnd(w)).join('  ');
    return cut(`  ${start}  ${row[3]}`.trimEnd(), width);
  });
  return [heading, ...lines].join('\n');
}

function placeText({ origin }: Origin): string {
  if (origin.kind === 'file') return `${basename(origin.file)}:${origin.line}`;
  return origin.kind === 'set' ? origin.flag.split(' ')[0] : origin.kind;
}

const sourceText = (origin: Origin): string =>
  (origin.origin.kind === 'derived' ? origin.origin.how : origin.source) ?? '';

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 3)}...`;
