/** `trex run --report`: the run under observation, and its page. */
import { reportDocument } from '../report/html/document.ts';
import { nodeFiles } from '../run/node/files.ts';
import { reportScript } from '../run/node/report-script.ts';
import { type ReportHooks, runReported } from '../run/report.ts';
import type { Run, RunInput } from '../run/run.ts';
import { storedFiles } from '../run/stored-files.ts';

/** A run, and its page as text. @throws TrexError as `runLoaded`. */
export async function runToReport(
  input: RunInput,
  hooks: Omit<ReportHooks, 'files'>,
): Promise<{ readonly run: Run; readonly page: string }> {
  // What it is compared with reads the same files, wherever they came from.
  const files = storedFiles('the run', input.files, nodeFiles);
  const { run, report } = await runReported(input, Object.assign({}, hooks, { files }));
  return { run, page: reportDocument(report, reportScript()) };
}
