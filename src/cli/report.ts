/** `trex report RESULT`: a page of figures about a run or a study, in one file that needs nothing else. */
import type { CommandModule } from 'yargs';
import { usageError } from '../base/errors.ts';
import { reportDocument } from '../report/html/document.ts';
import { reportScript } from '../run/node/report-script.ts';
import { checkTarget, writeWhole } from '../run/node/write-file.ts';
import { flag, quietFlag, text } from './io/flags.ts';
import { warn } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';
import { besideSource, reportOfRun, reportOfStudy, sourceOf } from './io/reported.ts';

const NAME = 'report.html';

interface ReportArguments {
  readonly result: string;
  readonly out: string | undefined;
  readonly open: boolean;
  readonly baseline: string | undefined;
  readonly quiet: boolean;
}

async function handler({ result, out, open, baseline, quiet }: ReportArguments): Promise<void> {
  const source = sourceOf(result);
  if (baseline !== undefined && source.kind === 'study')
    throw usageError(`--baseline ${baseline} has no effect on a study`);
  const target = out ?? besideSource(source, NAME);
  checkTarget(target);
  const bars = new ProgressBars(quiet);
  try {
    if (source.kind === 'study') writeWhole(target, reportDocument(reportOfStudy(source), reportScript()));
    else {
      const { report, warnings } = await reportOfRun(source, { bars, baseline });
      bars.done();
      warn(warnings, quiet);
      writeWhole(target, reportDocument(report, reportScript()));
    }
  } finally {
    bars.done();
  }
  process.stdout.write(`report  ${target}\n`);
  if (open) await (await import('./io/open-file.ts')).openFile(target);
}

export const reportCommand: CommandModule<object, ReportArguments> = {
  command: 'report <result>',
  describe: 'Write a page of figures about a run or a study, one file of HTML',
  builder: yargs =>
    yargs
      .positional('result', {
        type: 'string',
        demandOption: true,
        describe: 'A folder or result.json of `trex run`, or the folder of a study',
      })
      .options({
        out: text(`The file [default: ${NAME} beside the result]`, 'Output:'),
        open: flag('Show it in the browser'),
        baseline: text(
          'A result to compare with [default: the same network without reuse, where it reuses]',
          'Compare:',
        ),
        quiet: quietFlag,
      })
      .example('$0 report trex-out/deit-s --open', 'Floorplan, timeline and roofline of a run')
      .example('$0 report study1', 'Trade-offs and main effects of a study') as never,
  handler,
};
