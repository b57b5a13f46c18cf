/** `trex validate`: re-creates published results and writes docs/validation.md. */
import type { CommandModule } from 'yargs';
import { checkTarget, writeWhole } from '../run/node/write-file.ts';
import { validationPage } from '../validate/page.ts';

export const validateCommand: CommandModule<object, { write: string | undefined; quiet: boolean }> = {
  command: 'validate',
  describe: 'Re-create published results: docs/validation.md',
  builder: yargs =>
    yargs
      .option('write', { type: 'string', describe: 'Write the page to this file instead of stdout' })
      .option('quiet', { type: 'boolean', default: false, describe: 'No progress' })
      .example('$0 validate --write validation.md', 'The page, in minutes'),
  handler: async args => {
    if (args.write !== undefined) checkTarget(args.write);
    const page = await validationPage(what => {
      if (!args.quiet) process.stderr.write(`${what}\n`);
    });
    if (args.write === undefined) process.stdout.write(page);
    else writeWhole(args.write, page);
  },
};
