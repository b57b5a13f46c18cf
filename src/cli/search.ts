/** `trex search`: the Pareto front over encoders that reuse attention, devices and token keep ratios of each encoder and ADC bits, with a loss that is predicted from a few partial trainings. */

import type { CommandModule } from 'yargs';
import { usageError } from '../base/errors.ts';
import { jsonText } from '../base/json-text.ts';
import { frontCsv, frontDesigns, frontTable } from '../search/front.ts';
import { searchFiles } from '../search/node/search-files.ts';
import type { SearchFileOptions } from '../search/options.ts';
import { qualityText } from '../search/prediction-quality.ts';
import { ProgressBars } from './io/progress-bars.ts';
import { searchFlags } from './search-flags.ts';

interface SearchArguments extends SearchFileOptions {
  readonly json: boolean;
  readonly csv: boolean;
  readonly quiet: boolean;
}

async function handler(args: SearchArguments): Promise<void> {
  if (args.json && args.csv)
    throw usageError('--json and --csv both want stdout: choose one, or --out DIR for both');
  const bars = new ProgressBars(args.quiet);
  try {
    const { result, space, warnings } = await searchFiles(args, bars);
    bars.done();
    if (!args.quiet) for (const text of warnings) process.stderr.write(`warning: ${text}\n`);
    if (args.csv) process.stdout.write(frontCsv(result, space));
    else if (args.json) process.stdout.write(jsonText(frontDesigns(result, space)));
    else process.stdout.write(`${frontTable(result, space)}\n\n${qualityText(result.quality)}\n`);
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
      .example(
        '$0 search --model glyph-vit --weights best/base.safetensors --data glyphs --out front',
        'The front for a network that trex optimize has trained',
      ) as never,
  handler,
};
