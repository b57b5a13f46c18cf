/** `trex export`: the rows of a study as a table, CSV or Parquet. */
import type { CommandModule } from 'yargs';
import { usageError } from '../base/errors.ts';
import { exportTable } from '../explore/studies/node/export-table.ts';
import { TABLE_FORMATS, type TableFormat } from '../explore/studies/node/table-writers.ts';
import { noProgressFlag } from './io/flags.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';

interface ExportArguments extends FormatArguments {
  readonly results: string;
  readonly out: string;
  readonly format: TableFormat | undefined;
  readonly quiet: boolean;
}

interface Shown {
  readonly table: string;
  readonly format: TableFormat;
  readonly rows: number;
  readonly failed: number;
  readonly columns: number;
}

const output = commandOutput<Shown>({
  formats: { json: { describe: 'What was written as JSON on stdout', value: shown => shown } },
  text: ({ table, rows, failed, columns }) =>
    `${table}: ${rows} rows${failed === 0 ? '' : `, ${failed} of them with an error`}, ${columns} columns\n`,
});

/** By the end of the name, or as it is said. @throws TrexError (usage) */
export function tableFormat(out: string, said: TableFormat | undefined): TableFormat {
  const named = TABLE_FORMATS.find(format => out.toLowerCase().endsWith(`.${format}`));
  if (said !== undefined && named !== undefined && said !== named)
    throw usageError(`--format ${said}: --out ${out} is named as ${named}`);
  const format = said ?? named;
  if (format === undefined)
    throw usageError(`--out ${out}: expected a name that ends in .csv or .parquet, or --format`);
  return format;
}

async function handler(args: ExportArguments): Promise<void> {
  output.chosen(args);
  const { results, out, quiet } = args;
  const format = tableFormat(out, args.format);
  const bars = new ProgressBars(quiet);
  try {
    const pause = bars.counting('export', 'rows');
    const { rows, failed, columns } = await exportTable({ results, out, format, pause });
    bars.done();
    output.print(args, { table: out, format, rows, failed, columns: columns.length });
  } finally {
    bars.done();
  }
}

export const exportCommand: CommandModule<object, ExportArguments> = {
  command: 'export <results>',
  describe: 'Write the results of a sweep as a table: CSV or Parquet',
  builder: yargs =>
    yargs
      .positional('results', {
        type: 'string',
        demandOption: true,
        describe: 'Folder of a sweep, or its results.ndjson',
      })
      .options({
        out: {
          type: 'string',
          demandOption: true,
          describe: 'The table: .csv or .parquet',
          group: 'Output:',
        },
        format: {
          choices: TABLE_FORMATS,
          describe: 'Format  [default: by the name of --out]',
          group: 'Output:',
        },
        ...output.flags,
        quiet: noProgressFlag,
      })
      .example('$0 export sweep1 --out sweep1.parquet', 'For DuckDB, pandas, Polars, R') as never,
  handler,
};
