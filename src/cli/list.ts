/** `trex list`: the shipped architectures, technologies and models, and the reuse patterns that fit a model. */
import type { CommandModule } from 'yargs';
import type { FileKind } from '../arch/source-files.ts';
import { textAt } from '../arch/tree.ts';
import { readFileTree } from '../arch/use.ts';
import { usageError } from '../base/errors.ts';
import { listFiles, nodeFiles } from '../run/node/files.ts';
import { loadModel } from '../run/node/load.ts';
import { listPatterns, type ModelSummary, modelSummary, type PatternRow } from '../workload/summary.ts';

const WIDTH = 100;

export const listKinds = ['arch', 'tech', 'models', 'patterns'] as const;
export type ListKind = (typeof listKinds)[number];

export interface FileRow {
  readonly name: string;
  readonly description: string;
  readonly source: string;
}

interface ListArguments {
  what: ListKind | undefined;
  model: string | undefined;
  'reuse-count': number | undefined;
  json: boolean;
}

/** The shipped files of a kind: what each calls itself. */
export function fileRows(kind: FileKind): FileRow[] {
  return listFiles(kind).map(name => {
    const { tree } = readFileTree(nodeFiles, kind, nodeFiles.resolve(kind, name));
    const text = (key: string): string => String(textAt(tree, key)?.value ?? '');
    return { name, description: text('description'), source: text('source') };
  });
}

/** The shipped models: sizes, parameters, multiply-accumulates. */
export const modelRows = (): ModelSummary[] =>
  listFiles('models').map(name => modelSummary(loadModel(name).model));

/** The uniform patterns with `count` reuse encoders that fit a model, best first. @throws TrexError (usage) */
export function patternRows(model: string | undefined, count: number | undefined): PatternRow[] {
  if (model === undefined || count === undefined) {
    throw usageError('list patterns needs --model and --reuse-count, e.g. --model deit-s --reuse-count 4');
  }
  return listPatterns(loadModel(model).model, count);
}

export const listCommand: CommandModule<object, ListArguments> = {
  command: 'list [what]',
  describe: 'List architectures, technologies, models or reuse patterns',
  builder: yargs =>
    yargs
      .positional('what', { choices: listKinds, describe: 'What to list  [arch, tech and models]' })
      .option('model', { type: 'string', describe: 'Model that patterns must fit', group: 'Model:' })
      .option('reuse-count', { type: 'number', describe: 'Encoders that reuse attention', group: 'Model:' })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON array', group: 'Output:' })
      .example('$0 list tech', 'Technologies with their sources')
      .example('$0 list patterns --model deit-s --reuse-count 4', 'Every reuse pattern that fits'),
  handler: args => {
    process.stdout.write(
      listText(args.what, {
        model: args.model,
        count: args.reuseCount as number | undefined,
        json: args.json,
      }),
    );
  },
};

/** What `trex list` prints. @throws TrexError (usage) for patterns without a model. */
export function listText(
  what: ListKind | undefined,
  options: { model?: string | undefined; count?: number | undefined; json?: boolean } = {},
): string {
  const { model, count, json = false } = options;
  if (what === undefined) {
    if (json) throw usageError(`list --json needs one of: ${listKinds.join(', ')}`);
    const all = (['arch', 'tech', 'models'] as const).map(kind => `${kind}\n${listText(kind)}`);
    return all.join('\n');
  }
  const rows =
    what === 'models' ? modelRows() : what === 'patterns' ? patternRows(model, count) : fileRows(what);
  if (json) return `${JSON.stringify(rows, null, 2)}\n`;
  if (what === 'models') return columns((rows as ModelSummary[]).map(modelCells));
  if (what === 'patterns') return columns((rows as PatternRow[]).map(patternCells));
  return (rows as FileRow[]).map(fileText).join('');
}

const fileText = ({ name, description, source }: FileRow): string =>
  `  ${name}: ${description}\n      ${source}\n`;

function modelCells({ name, encoders, dim, heads, tokens, params, macs }: ModelSummary): string[] {
  return [
    name,
    `${encoders} encoders`,
    `dim ${dim}`,
    `${heads} heads`,
    `${tokens} tokens`,
    `${(params / 1e6).toFixed(2)} M params`,
    `${(macs.total / 1e9).toFixed(3)} G MACs`,
  ];
}

const patternCells = ({ pattern, encoders }: PatternRow): string[] => [
  pattern,
  `encoders ${encoders.join(', ')}`,
];

/** Left-aligned columns, cut at the width of a page. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (w, row) => row.map((cell, i) => Math.max(w[i] ?? 0, cell.length)),
    [],
  );
  return rows
    .map(
      row => `  ${row.map((cell, i) => cell.padEnd(widths[i])).join('  ')}`.trimEnd().slice(0, WIDTH) + '\n',
    )
    .join('');
}
