/** `trex explain ARCH`: the chip as it is simulated, with the origin and the source of every value. */
import type { CommandModule } from 'yargs';
import { explainText } from '../report/explain-text.ts';
import { loadArch } from '../run/node/load.ts';
import { text } from './io/flags.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput, warn } from './io/print.ts';

interface ExplainArguments extends FormatArguments {
  arch: string;
  tech: string | undefined;
  set: string[] | undefined;
}

const output = commandOutput<ReturnType<typeof loadArch>>({
  formats: { json: { describe: 'One JSON array', value: ({ origins }) => origins } },
  text: explainText,
});

export const explainCommand: CommandModule<object, ExplainArguments> = {
  command: 'explain <arch>',
  describe: 'Show every value of a chip with its origin and its source',
  builder: yargs =>
    yargs
      .positional('arch', { type: 'string', demandOption: true, describe: 'Architecture: name or path' })
      .options({
        tech: text('Technology of the crossbars: name or path', 'Model:'),
        set: {
          type: 'string',
          array: true,
          nargs: 1,
          describe: 'path=value on top of the files (repeatable)',
          group: 'Model:',
        },
        ...output.flags,
      })
      .example('$0 explain trex', 'Where each number of the chip comes from')
      .example('$0 explain trex --set pe.adcBanks=8', 'With a value changed') as never,
  handler: ({ arch, tech, set, ...args }) => {
    const loaded = loadArch(arch, { tech, set });
    output.print(args, loaded);
    warn(loaded.warnings);
  },
};
