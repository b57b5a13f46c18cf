/** `trex explain ARCH`: the chip as it is simulated, with the origin and the source of every value. */
import type { CommandModule } from 'yargs';
import { explainText, PAGE } from '../report/explain-text.ts';
import { loadArch } from '../run/node/load.ts';
import { flag, text } from './io/flags.ts';
import { print, warn } from './io/print.ts';

interface ExplainArguments {
  arch: string;
  tech: string | undefined;
  set: string[] | undefined;
  json: boolean;
}

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
        json: flag('One JSON array'),
      })
      .example('$0 explain trex', 'Where each number of the chip comes from')
      .example('$0 explain trex --set pe.adcBanks=8', 'With a value changed') as never,
  handler: ({ arch, tech, set, json }) => {
    const loaded = loadArch(arch, { tech, set });
    const width = Math.max(PAGE, process.stdout.columns ?? PAGE);
    print({ json }, { json: () => loaded.origins, text: () => explainText(loaded, width) });
    warn(loaded.warnings);
  },
};
