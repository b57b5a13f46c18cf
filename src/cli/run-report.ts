/** `trex run --report`: the run under observation, and its page. */
import { reportDocument } from '../report/html/document.ts';
import { nodeFiles } from '../run/node/files.ts';
import { reportScript } from '../run/node/report-script.ts';
import { writeWhole } from '../run/node/write-file.ts';
import { type ReportHooks, runReported } from '../run/report.ts';
import type { Run, RunInput } from '../run/run.ts';
import { storedFiles } from '../run/stored-files.ts';

/** @throws TrexError as `runLoaded`, and where the page cannot be written. */
export async function runToReport(
  input: RunInput,
  hooks: Omit<ReportHooks, 'files'>,
  path: string,
): Promise<Run> {
  // What it is compared with reads the same files, wherever they came from.
  const files = storedFiles(path, input.files, nodeFiles);
  const { run, report } = await runReported(input, Object.assign({}, hooks, { files }));
  writeWhole(path, reportDocument(report, reportScript()));
  return run;
}
