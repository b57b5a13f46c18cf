/** `trex check FILE...`: every error of every file, each with its line. */
import type { CommandModule } from 'yargs';
import { isPath } from '../arch/source-files.ts';
import { TrexError } from '../base/errors.ts';
import { checkFiles } from '../run/check.ts';
import { warn } from './io/print.ts';
import { watched, watchFlag } from './io/watch.ts';

const KINDS = { arch: 'arch', tech: 'tech', model: 'models' } as const;

interface CheckArguments {
  files: string[];
  kind: keyof typeof KINDS | undefined;
  watch: boolean;
}

export const checkCommand: CommandModule<object, CheckArguments> = {
  command: 'check <files..>',
  describe: 'Check architecture, technology, model and study files; exit 3 if one is invalid',
  builder: yargs =>
    yargs
      .positional('files', { type: 'string', array: true, demandOption: true, describe: 'Names or paths' })
      .option('kind', {
        choices: Object.keys(KINDS) as (keyof typeof KINDS)[],
        describe: 'Kind of file  [from its content]',
      })
      .option('watch', watchFlag)
      .example('$0 check my-chip.yaml', 'All errors of a file, with line and column')
      .example('$0 check trex fefet-32nm deit-s', 'Files that came with the program'),
  handler: async ({ files: names, kind, watch }) => {
    // Studies come with all that they can measure, and are told by their path.
    const others = names.some(isPath) ? [(await import('../explore/studies/check-study.ts')).studyKind] : [];
    return watched(watch, ({ files }) => {
      const report = checkFiles(files, names, kind && KINDS[kind], others);
      for (const line of report.lines) process.stdout.write(`${line}\n`);
      warn(report.warnings);
      if (report.errors.length > 0) throw new TrexError(report.errors.join('\n'), report.exitCode);
    });
  },
};
