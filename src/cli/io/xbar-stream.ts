/** Runs the points of `trex xbar` that are not there yet: rows to stdout and to the folder while they come, a table at the end. */
import { EXIT, TrexError } from '../../base/errors.ts';
import type { XbarPlan } from '../../explore/xbar/plan.ts';
import { type Measure, xbarRows } from '../../explore/xbar/rows.ts';
import type { XbarSummary } from '../../explore/xbar/summary.ts';
import type { XbarRow } from '../../report/xbar-row.ts';
import { xbarCsvHeader, xbarCsvLine, xbarTable } from '../../report/xbar-table.ts';
import { interruptible } from './interrupt.ts';
import { progress } from './progress.ts';
import { type RowsFile, storedRows } from './rows-file.ts';
import { type Printer, stdoutPrinter } from './stdout.ts';
import type { XbarArguments } from './xbar-options.ts';
import { XBAR_PARTS } from './xbar-results.ts';

/** Rows that a table for people shows; of more, those of the front. */
const SHOWN = 60;
/** Rows between looks at the clock and at signals. */
const ROWS_PER_TURN = 64;

/** What is finished is kept and printed, whatever comes between. @throws TrexError: interrupted, or what a point threw. */
export async function streamRows(
  args: XbarArguments,
  plan: XbarPlan,
  summary: XbarSummary,
  file: RowsFile | undefined,
  pool: Measure | undefined,
): Promise<void> {
  const out = stdoutPrinter();
  const table: XbarRow[] = [];
  const sink = rowSink(args, out);
  const unit = 'points';
  const bar = progress('xbar', {
    stream: process.stderr,
    quiet: args.quiet,
    now: () => performance.now(),
    unit,
  });
  const turn = interruptible(async (done, total) => bar.update(done, total));
  let stopped: unknown;
  try {
    await sink.begin();
    if (file !== undefined && file.rows > 0) {
      for await (const row of storedRows(args.out as string)) {
        if (table.length < SHOWN + 1) table.push(row);
        await sink.row(row);
      }
    }
    for await (const row of xbarRows(plan, summary.rows, pool)) {
      summary.add(row);
      file?.append(row);
      if (table.length < SHOWN + 1) table.push(row);
      await sink.row(row);
      if (pool !== undefined || summary.rows % ROWS_PER_TURN === 0) {
        if (pool !== undefined) file?.flush();
        await turn(summary.rows, plan.points);
      }
    }
  } catch (error) {
    stopped = error;
  }
  bar.done();
  file?.flush();
  await sink.end();
  if (!args.json && !args.csv && summary.rows > 0) await out.print(text(args, plan, summary, table));
  await out.flush();
  if (!args.quiet)
    for (const warning of [...plan.warnings, ...summary.warnings])
      process.stderr.write(`warning: ${warning}\n`);
  if (stopped !== undefined) throw kept(stopped, args, summary.rows, plan.points);
}

/** Where rows go on stdout while they come. */
function rowSink({ json, csv }: XbarArguments, out: Printer) {
  let isFirst = true;
  return {
    begin: async (): Promise<void> => {
      if (csv) await out.print(xbarCsvHeader(XBAR_PARTS));
      if (json) await out.print('[');
    },
    row: async (row: XbarRow): Promise<void> => {
      if (csv) await out.print(xbarCsvLine(row, XBAR_PARTS));
      if (json) await out.print(`${isFirst ? '' : ','}\n${JSON.stringify(row)}`);
      isFirst = false;
    },
    end: async (): Promise<void> => {
      if (json) await out.print('\n]\n');
    },
  };
}

function text({ out, figure }: XbarArguments, plan: XbarPlan, summary: XbarSummary, rows: XbarRow[]): string {
  const { front } = summary;
  const all = summary.rows <= SHOWN;
  const shown = all ? rows : front.slice(0, SHOWN);
  const marked = new Set(all ? rows.filter(row => front.some(f => sameRow(f, row))) : shown);
  const of = all ? '' : `; the ${shown.length} of the front are shown, --csv has all`;
  const title = `${summary.rows} of ${plan.points} points; * no other has better ${summary.axes}${of}`;
  const note = 'a read is one input bit plane over all columns; TOPS of whole products, 1 MAC = 2 ops';
  const files = [
    ...(out === undefined ? [] : [`files   ${out}`]),
    ...(figure === undefined ? [] : [`figure  ${figure}`]),
  ];
  return `${[title, note, '', xbarTable(shown, marked), ...(files.length > 0 ? ['', ...files] : [])].join('\n')}\n`;
}

/** Rows that were read back from a file are other objects. */
const sameRow = (a: XbarRow, b: XbarRow): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

function kept(error: unknown, { out }: XbarArguments, done: number, total: number): unknown {
  if (!(error instanceof TrexError) || error.exitCode !== EXIT.interrupted) return error;
  const where = out === undefined ? 'they are printed' : `the same words go on from ${out}`;
  return new TrexError(`interrupted after ${done} of ${total} points; ${where}`, EXIT.interrupted);
}
