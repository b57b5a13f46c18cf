/** `trex optimize`: how many encoders must reuse attention to meet a target, which ones, and what accuracy is left. */

import type { CommandModule } from 'yargs';
import { optimizeFiles } from '../optimize/node/optimize-files.ts';
import { isTraining, type OptimizeFileOptions } from '../optimize/options.ts';
import type { OptimizeResult } from '../report/optimize-result.ts';
import { optimizeTable, patternsCsv } from '../report/optimize-table.ts';
import { loadArch } from '../run/node/load.ts';
import { goesOnFrom, keeps } from './io/interrupt.ts';
import { checkInputsStay, checkOutputDir, writeOutputDir } from './io/output-dir.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput, warn } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';
import { commandLine, options } from './io/shell.ts';
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
  if (dir !== undefined) {
    if (force) checkInputsStay(dir, [args.arch, args.model, args.tech]);
    checkOutputDir(dir, { force });
  }
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

function summary({ args, result }: Shown, width: number): string {
  const files = args.out === undefined ? '' : `files   ${args.out}\n`;
  return `${optimizeTable(result, width)}\n\n${files}${nextStep(args, result.row.reuse.pattern)}`;
}

/** The run that gives the row, figure by figure; empty where no options of `run` say the same. */
function nextStep(args: OptimizeFileOptions, reuse: string): string {
  const { arch, model, tech, tokens, set } = args;
  const encoding = encodingSet(args);
  if (encoding === undefined) return '';
  const words = options({ model, tech, tokens, set: [...set, ...encoding], reuse });
  return `next    ${commandLine(['run', arch, ...words])}\n`;
}

/** `--encoding` as values of the files; a hybrid's exceptions for single layers have no path on the command line. */
function encodingSet({ arch, tech, set, encoding }: OptimizeFileOptions): string[] | undefined {
  if (encoding === undefined) return [];
  const { devices } = loadArch(arch, { tech, set }).arch;
  if (devices.layers !== undefined) return undefined;
  const paths = devices.static === devices.dynamic ? ['tech'] : ['tech.static', 'tech.dynamic'];
  return paths.map(path => `${path}.encoding=${encoding}`);
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
