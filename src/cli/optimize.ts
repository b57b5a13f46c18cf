/** `trex optimize`: how many encoders must reuse attention to meet a target, which ones, and what accuracy is left. */

import type { CommandModule } from 'yargs';
import { optimizeFiles } from '../optimize/node/optimize-files.ts';
import { isTraining, type OptimizeFileOptions } from '../optimize/options.ts';
import type { OptimizeResult } from '../report/optimize-result.ts';
import { optimizeTable, patternsCsv } from '../report/optimize-table.ts';
import { goesOnFrom, keeps } from './io/interrupt.ts';
import { checkOutputDir, writeOutputDir } from './io/output-dir.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput, warn } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';
import { optimizeFlags, optimizeOutputFlags } from './optimize-flags.ts';

interface OptimizeArguments extends OptimizeFileOptions, FormatArguments {
  readonly quiet: boolean;
}

interface Shown {
  readonly args: OptimizeFileOptions;
  readonly result: OptimizeResult;
}

const output = commandOutput<Shown>({
  formats: {
    json: { describe: 'The row as JSON on stdout', value: ({ result }) => result.row },
    csv: {
      describe: 'The patterns as CSV on stdout',
      value: ({ result }) => patternsCsv(result.patterns),
    },
  },
  text: summary,
  both: ', or --out DIR for both',
});

async function handler(args: OptimizeArguments): Promise<void> {
  output.chosen(args);
  // With training the folder is a store that goes on; without it appears whole.
  const [dir, { force }] = [isTraining(args) ? undefined : args.out, args];
  if (dir !== undefined) checkOutputDir(dir, { force });
  if (isTraining(args)) keeps(goesOnFrom(args.out!));
  const bars = new ProgressBars(args.quiet);
  try {
    const { result, files } = await optimizeFiles(args, bars);
    bars.done();
    if (dir !== undefined) writeOutputDir(dir, files, { force });
    warn(result.warnings, args.quiet);
    output.print(args, { args, result });
  } finally {
    bars.done();
  }
}

function summary({ args, result }: Shown): string {
  const files = args.out === undefined ? '' : `files   ${args.out}\n`;
  const { pattern } = result.row.reuse;
  const next = `next    trex run ${args.arch} --model ${args.model} --reuse ${pattern}\n`;
  return `${optimizeTable(result)}\n\n${files}${next}`;
}

export const optimizeCommand: CommandModule<object, OptimizeArguments> = {
  command: 'optimize',
  describe: 'Choose the encoders that reuse attention for a delay, energy, area or EDAP',
  builder: yargs =>
    yargs
      .options(optimizeFlags)
      .options(output.flags)
      .options(optimizeOutputFlags)
      .example('$0 optimize --model deit-s --arch trex --target-delay 7ms', 'The row of Table IV for 7 ms')
      .example(
        '$0 optimize --model net.yaml --target-delay 60us --evaluator "python my_eval.py" --out best',
        'Candidates trained by your own program',
      ) as never,
  handler,
};
