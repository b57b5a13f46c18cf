/** `trex search`: the Pareto front over encoders that reuse attention, devices and token keep ratios of each encoder and ADC bits, with a loss that is predicted from a few partial trainings. */

import type { CommandModule } from 'yargs';
import { frontCsv, frontDesigns, frontTable } from '../search/front.ts';
import { searchFiles } from '../search/node/search-files.ts';
import type { SearchFileOptions } from '../search/options.ts';
import { qualityText } from '../search/prediction-quality.ts';
import { goesOnFrom, keeps } from './io/interrupt.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput, warn } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';
import { searchFlags, searchOutputFlags } from './search-flags.ts';

interface SearchArguments extends SearchFileOptions, FormatArguments {
  readonly quiet: boolean;
}

const output = commandOutput<Pick<Awaited<ReturnType<typeof searchFiles>>, 'result' | 'space'>>({
  formats: {
    json: {
      describe: 'The front as JSON on stdout',
      value: ({ result, space }) => frontDesigns(result, space),
    },
    csv: { describe: 'The front as CSV on stdout', value: ({ result, space }) => frontCsv(result, space) },
  },
  text: ({ result, space }, width) =>
    `${frontTable(result, space, width)}\n\n${qualityText(result.quality)}\n`,
  both: ', or --out DIR for both',
});

async function handler(args: SearchArguments): Promise<void> {
  output.chosen(args);
  if (args.out !== undefined) keeps(goesOnFrom(args.out));
  const bars = new ProgressBars(args.quiet);
  try {
    const { result, space, warnings } = await searchFiles(args, bars);
    bars.done();
    warn(warnings, args.quiet);
    output.print(args, { result, space });
  } finally {
    bars.done();
  }
}

export const searchCommand: CommandModule<object, SearchArguments> = {
  command: 'search',
  describe:
    'The front of latency, energy, area and predicted loss over reuse, devices, ADC bits and tokens kept',
  builder: yargs =>
    yargs
      .options(searchFlags)
      .options(output.flags)
      .options(searchOutputFlags)
      .example(
        '$0 search --model glyph-vit --weights best/base.safetensors --data glyphs --out front',
        'The front for a network that trex optimize has trained',
      ) as never,
  handler,
};
