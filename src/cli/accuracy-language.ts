/** `trex accuracy --task lm`: loss and perplexity of a decoder's next token. */
import { deviceOptions } from '../accuracy/device-options.ts';
import { type LanguageRequest, languageAccuracy } from '../accuracy/language.ts';
import { diskFiles } from '../data/node/disk-files.ts';
import { openBackend } from '../numerics/mvm/node/open-backend.ts';
import { type LanguageResult, languageCsv, languageTable } from '../report/language-result.ts';
import { nodeFiles } from '../run/node/files.ts';
import type { BackendArguments, DeviceArguments } from './io/flags.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput, warn } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';

interface LanguageArguments
  extends Omit<LanguageRequest, 'device' | 'set' | 'tech'>,
    DeviceArguments,
    BackendArguments,
    FormatArguments {
  readonly seed: number;
  readonly quiet: boolean;
}

const output = commandOutput<LanguageResult>({
  formats: { json: { value: result => result }, csv: { value: languageCsv } },
  text: (result, width) => `${languageTable(result, width)}\n`,
});

/** @throws TrexError as `languageAccuracy`. */
export async function measureLanguage(args: LanguageArguments): Promise<void> {
  output.chosen(args);
  const backend = await openBackend(args);
  const bars = new ProgressBars(args.quiet);
  try {
    const result = await languageAccuracy(
      { ...args, device: deviceOptions(args) },
      {
        files: nodeFiles,
        disk: diskFiles,
        backend,
        pause: (part, done, total) => bars.counting(part, 'windows')(done, total),
      },
    );
    bars.done();
    warn(result.warnings, args.quiet);
    output.print(args, result);
  } finally {
    bars.done();
    await backend.dispose();
  }
}
