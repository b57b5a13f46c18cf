/** `trex optimize`: how many encoders must reuse attention to meet a target, which ones, and what accuracy is left. */

import type { CommandModule } from 'yargs';
import { usageError } from '../base/errors.ts';
import { jsonText } from '../base/json-text.ts';
import { optimizeFiles } from '../optimize/node/optimize-files.ts';
import { isTraining, type OptimizeFileOptions } from '../optimize/options.ts';
import type { OptimizeResult } from '../report/optimize-result.ts';
import { optimizeTable, patternsCsv } from '../report/optimize-table.ts';
import { checkOutputDir, writeOutputDir } from './io/output-dir.ts';
import { ProgressBars } from './io/progress-bars.ts';
import { optimizeFlags } from './optimize-flags.ts';

interface OptimizeArguments extends OptimizeFileOptions {
  readonly json: boolean;
  readonly csv: boolean;
  readonly quiet: boolean;
}

async function handler(args: OptimizeArguments): Promise<void> {
  if (args.json && args.csv)
    throw usageError('--json and --csv both want stdout: choose one, or --out DIR for both');
  // With training the folder is a store that goes on; without it appears whole.
  const [dir, { force }] = [isTraining(args) ? undefined : args.out, args];
  if (dir !== undefined) checkOutputDir(dir, { force });
  const bars = new ProgressBars(args.quiet);
  try {
    const { result, files } = await optimizeFiles(args, bars);
    bars.done();
    if (dir !== undefined) writeOutputDir(dir, files, { force });
    if (!args.quiet) for (const text of result.warnings) process.stderr.write(`warning: ${text}\n`);
    print(args, result);
  } finally {
    bars.done();
  }
}

function print(args: OptimizeArguments, result: OptimizeResult): void {
  if (args.json) process.stdout.write(jsonText(result.row));
  else if (args.csv) process.stdout.write(patternsCsv(result.patterns));
  else {
    const files = args.out === undefined ? '' : `files   ${args.out}\n`;
    const { pattern } = result.row.reuse;
    const next = `next    trex run ${args.arch} --model ${args.model} --reuse ${pattern}\n`;
    process.stdout.write(`${optimizeTable(result)}\n\n${files}${next}`);
  }
}

export const optimizeCommand: CommandModule<object, OptimizeArguments> = {
  command: 'optimize',
  describe: 'Choose the encoders that reuse attention for a delay, energy, area or EDAP',
  builder: yargs =>
    yargs
      .options(optimizeFlags)
      .example('$0 optimize --model deit-s --arch trex --target-delay 7ms', 'The row of Table IV for 7 ms')
      .example(
        '$0 optimize --model net.yaml --target-delay 60us --evaluator "python my_eval.py" --out best',
        'Candidates trained by your own program',
      ) as never,
  handler,
};
