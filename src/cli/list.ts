/** `trex list`: the shipped architectures, technologies and models, and the reuse patterns that fit a model. */

import type { CommandModule } from 'yargs';
import type { Files } from '../arch/source-files.ts';
import { usageError } from '../base/errors.ts';
import { filesText, modelsText, patternsText } from '../report/list-table.ts';
import { fileRows, modelRows, patternRows } from '../run/list.ts';
import { nodeFiles } from '../run/node/files.ts';
import { number, text } from './io/flags.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput } from './io/print.ts';

interface ListOptions extends FormatArguments {
  readonly model?: string | undefined;
  readonly count?: number | undefined;
}

/** What can be listed: its rows, and how people read them. */
interface Listing<Row> {
  rows(files: Files, options: ListOptions): Row[];
  text(rows: readonly Row[], width: number): string;
}

const output = commandOutput<{ readonly rows: readonly unknown[]; text(width: number): string }>({
  formats: { json: { describe: 'One JSON array', value: ({ rows }) => rows } },
  text: ({ text }, width) => text(width),
});

const listing = <Row>(
  rows: Listing<Row>['rows'],
  show: Listing<Row>['text'],
): ((files: Files, options: ListOptions) => string) => {
  return (files, options) => {
    const found = rows(files, options);
    return output.textOf(options, { rows: found, text: width => show(found, width) });
  };
};

const LISTS = {
  arch: listing(files => fileRows(files, 'arch'), filesText),
  tech: listing(files => fileRows(files, 'tech'), filesText),
  models: listing(modelRows, modelsText),
  patterns: listing((files, { model, count }) => patternRows(files, model, count), patternsText),
} as const;

type ListName = keyof typeof LISTS;
const NAMES = Object.keys(LISTS) as ListName[];

/** What `trex list` prints. @throws TrexError (usage) for patterns without a model. */
export function listText(name: ListName | undefined, options: ListOptions = {}): string {
  if (name !== undefined) return LISTS[name](nodeFiles, options);
  const format = output.chosen(options);
  if (format !== undefined) throw usageError(`list --${format} needs one of: ${NAMES.join(', ')}`);
  return (['arch', 'tech', 'models'] as const).map(kind => `${kind}\n${listText(kind)}`).join('\n');
}

interface ListArguments extends FormatArguments {
  what: ListName | undefined;
  model: string | undefined;
  reuseCount: number | undefined;
}

export const listCommand: CommandModule<object, ListArguments> = {
  command: 'list [what]',
  describe: 'List architectures, technologies, models or reuse patterns',
  builder: yargs =>
    yargs
      .positional('what', { choices: NAMES, describe: 'What to list  [arch, tech and models]' })
      .options({
        model: text('Model that patterns must fit', 'Model:'),
        'reuse-count': number('Encoders that reuse attention', 'Model:'),
        ...output.flags,
      })
      .example('$0 list tech', 'Technologies with their sources')
      .example('$0 list patterns --model deit-s --reuse-count 4', 'Every reuse pattern that fits') as never,
  handler: ({ what, reuseCount: count, ...args }) => {
    process.stdout.write(listText(what, { ...args, count }));
  },
};
