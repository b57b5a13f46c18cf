/** `trex check FILE...`: every error of every file, each with its line. */
import type { CommandModule } from 'yargs';
import { isPath } from '../arch/source-files.ts';
import { TrexError } from '../base/errors.ts';
import { checkFiles } from '../run/check.ts';
import { nodeFiles } from '../run/node/files.ts';
import { warn } from './io/print.ts';

const KINDS = { arch: 'arch', tech: 'tech', model: 'models' } as const;

interface CheckArguments {
  files: string[];
  kind: keyof typeof KINDS | undefined;
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
      .example('$0 check my-chip.yaml', 'All errors of a file, with line and column')
      .example('$0 check trex fefet-32nm deit-s', 'Files that came with the program'),
  handler: async ({ files, kind }) => {
    // Studies come with all that they can measure, and are told by their path.
    const others = files.some(isPath) ? [(await import('../explore/studies/check-study.ts')).studyKind] : [];
    const report = checkFiles(nodeFiles, files, kind && KINDS[kind], others);
    for (const line of report.lines) process.stdout.write(`${line}\n`);
    warn(report.warnings);
    if (report.errors.length > 0) throw new TrexError(report.errors.join('\n'), report.exitCode);
  },
};
