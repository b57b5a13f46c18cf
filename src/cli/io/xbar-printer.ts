/** What `trex xbar` prints: rows as JSON or CSV while they come, or a table at the end. */
import type { XbarRun } from '../../explore/xbar/xbar.ts';
import { wrap } from '../../report/text-width.ts';
import type { XbarRow } from '../../report/xbar-row.ts';
import { xbarCsvHeader, xbarCsvLine, xbarTable } from '../../report/xbar-table.ts';
import { formatChoice, type OutputFormatName } from './output-format.ts';
import { stdoutPrinter } from './stdout.ts';
import { terminalWidth } from './terminal.ts';
import { XBAR_PARTS } from './xbar-results.ts';

/** Rows that a table for people shows; of more, those of the front. */
const SHOWN = 60;

export interface XbarPrinter {
  row(row: XbarRow): Promise<void>;
  /** After the last row, or what came instead of it. */
  end(run: XbarRun, files: readonly string[]): Promise<void>;
}

/** How rows stream in a format. */
interface RowStream {
  readonly describe?: string;
  begin(): string;
  row(row: XbarRow, isFirst: boolean): string;
  readonly end: string;
}

const STREAMS: { readonly [Name in OutputFormatName]?: RowStream } = {
  json: {
    describe: 'JSON on stdout, a row per line',
    begin: () => '[',
    row: (row, isFirst) => `${isFirst ? '' : ','}\n${JSON.stringify(row)}`,
    end: '\n]\n',
  },
  csv: {
    begin: () => xbarCsvHeader(XBAR_PARTS),
    row: row => xbarCsvLine(row, XBAR_PARTS),
    end: '',
  },
};

export const xbarFormats = formatChoice(STREAMS, ', or --out DIR for files');

/** `format`: of those that are offered; undefined for the table. */
export function xbarPrinter(format: OutputFormatName | undefined): XbarPrinter {
  const out = stdoutPrinter();
  const table: XbarRow[] = [];
  const stream = format === undefined ? undefined : STREAMS[format];
  if (stream === undefined)
    return {
      async row(row) {
        if (table.length <= SHOWN) table.push(row);
      },
      async end(run, files) {
        if (run.summary.rows > 0) await out.print(text(run, table, files, terminalWidth()));
        await out.flush();
      },
    };
  let begun = false;
  const begin = async (): Promise<void> => {
    if (!begun) await out.print(stream.begin());
    begun = true;
  };
  return {
    async row(row) {
      const isFirst = !begun;
      await begin();
      await out.print(stream.row(row, isFirst));
    },
    async end() {
      await begin();
      await out.print(stream.end);
      await out.flush();
    },
  };
}

function text(
  { plan, summary }: XbarRun,
  rows: readonly XbarRow[],
  files: readonly string[],
  width: number,
): string {
  const { front } = summary;
  const all = summary.rows <= SHOWN;
  const shown = all ? rows : front.slice(0, SHOWN);
  const marked = new Set(all ? rows.filter(row => front.some(f => sameRow(f, row))) : shown);
  const of = all ? '' : `; the ${shown.length} of the front are shown, --csv has all`;
  const title = `${summary.rows} of ${plan.points} points; * no other has better ${summary.axes}${of}`;
  const note = 'a read is one step of the input bits over all columns; TOPS of whole products, 1 MAC = 2 ops';
  return `${[...wrap(title, width, 2), ...wrap(note, width, 2), '', xbarTable(shown, marked, width), ...(files.length > 0 ? ['', ...files] : [])].join('\n')}\n`;
}

/** Rows that were read back from a file are other objects. */
const sameRow = (a: XbarRow, b: XbarRow): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
