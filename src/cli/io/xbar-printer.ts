/** What `trex xbar` prints: rows as JSON or CSV while they come, or a table at the end. */
import type { XbarRun } from '../../explore/xbar/xbar.ts';
import type { XbarRow } from '../../report/xbar-row.ts';
import { xbarCsvHeader, xbarCsvLine, xbarTable } from '../../report/xbar-table.ts';
import type { Formats } from './flags.ts';
import { stdoutPrinter } from './stdout.ts';
import { XBAR_PARTS } from './xbar-results.ts';

/** Rows that a table for people shows; of more, those of the front. */
const SHOWN = 60;

export interface XbarPrinter {
  row(row: XbarRow): Promise<void>;
  /** After the last row, or what came instead of it. */
  end(run: XbarRun, files: readonly string[]): Promise<void>;
}

export function xbarPrinter({ json, csv }: Formats): XbarPrinter {
  const out = stdoutPrinter();
  const table: XbarRow[] = [];
  let begun = false;
  const begin = async (): Promise<void> => {
    if (begun) return;
    begun = true;
    if (csv) await out.print(xbarCsvHeader(XBAR_PARTS));
    if (json) await out.print('[');
  };
  return {
    async row(row) {
      const first = !begun;
      await begin();
      if (csv) await out.print(xbarCsvLine(row, XBAR_PARTS));
      else if (json) await out.print(`${first ? '' : ','}\n${JSON.stringify(row)}`);
      else if (table.length <= SHOWN) table.push(row);
    },
    async end(run, files) {
      await begin();
      if (json) await out.print('\n]\n');
      if (!json && !csv && run.summary.rows > 0) await out.print(text(run, table, files));
      await out.flush();
    },
  };
}

function text({ plan, summary }: XbarRun, rows: readonly XbarRow[], files: readonly string[]): string {
  const { front } = summary;
  const all = summary.rows <= SHOWN;
  const shown = all ? rows : front.slice(0, SHOWN);
  const marked = new Set(all ? rows.filter(row => front.some(f => sameRow(f, row))) : shown);
  const of = all ? '' : `; the ${shown.length} of the front are shown, --csv has all`;
  const title = `${summary.rows} of ${plan.points} points; * no other has better ${summary.axes}${of}`;
  const note = 'a read is one input bit plane over all columns; TOPS of whole products, 1 MAC = 2 ops';
  return `${[title, note, '', xbarTable(shown, marked), ...(files.length > 0 ? ['', ...files] : [])].join('\n')}\n`;
}

/** Rows that were read back from a file are other objects. */
const sameRow = (a: XbarRow, b: XbarRow): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
