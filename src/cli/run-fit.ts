/** `trex run --fit`: what fits on the chip, and no run. */
import { fitText } from '../report/fit-text.ts';
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
  warn(input.arch.warnings, args.quiet);
  output.print(args, fitReport(runSpecOf(input)));
}
