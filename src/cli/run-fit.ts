/** `trex run --fit`: what fits on the chip, and no run. */
import { fitText } from '../report/fit-text.ts';
import { batchWarnings } from '../run/batch-warnings.ts';
import { type FitReport, fitReport } from '../run/fit-report.ts';
import { type RunInput, runSpecOf } from '../run/run.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput, warn } from './io/print.ts';

const output = commandOutput<FitReport>({
  formats: { json: { value: report => report } },
  text: (report, width) => `${fitText(report, width)}\n`,
});

/** @throws TrexError for a network that the chip cannot hold */
export function printFit(input: RunInput, args: FormatArguments & { readonly quiet: boolean }): void {
  const report = fitReport(runSpecOf(input));
  const { tiles, batch, reloads } = report;
  const { arch, warnings } = input.arch;
  warn([...warnings, ...batchWarnings(arch, { tiles, batch, isReloaded: reloads > 0 })], args.quiet);
  output.print(args, report);
}
