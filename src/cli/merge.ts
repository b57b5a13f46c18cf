/** `trex merge`: the results of a study's shards as those of the whole. */
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { type MergeOutcome, merge } from '../explore/studies/node/merge.ts';
import { RESULTS } from '../explore/studies/node/results-file.ts';
import { goesOnFrom, keeps } from './io/interrupt.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput } from './io/print.ts';

interface MergeArguments extends FormatArguments {
  readonly dirs: string[];
  readonly out: string;
}

interface Shown {
  readonly out: string;
  readonly outcome: MergeOutcome;
}

const output = commandOutput<Shown>({
  formats: {
    json: {
      describe: 'What was merged as JSON on stdout',
      value: ({ out, outcome }) => ({ ...outcome, results: join(out, RESULTS) }),
    },
  },
  text: ({ out, outcome: { name, points, failed } }) =>
    `${name}: ${points} points${failed === 0 ? '' : `, ${failed} of them with an error`}\nresults ${join(out, RESULTS)}\n`,
});

async function handler(args: MergeArguments): Promise<void> {
  output.chosen(args);
  const { dirs, out } = args;
  keeps(goesOnFrom(out));
  output.print(args, { out, outcome: await merge(dirs, out) });
}

export const mergeCommand: CommandModule<object, MergeArguments> = {
  command: 'merge <dirs..>',
  describe: 'Put the shards of a study together',
  builder: yargs =>
    yargs
      .positional('dirs', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Folders of `trex sweep --shard`, all n of them',
      })
      .options({
        out: { type: 'string', demandOption: true, describe: 'Folder of the whole', group: 'Output:' },
        ...output.flags,
      })
      .example('$0 merge part1 part2 part3 --out whole', 'Three shards of one study') as never,
  handler,
};
