/** `trex run --profile`: how latency and energy are spread over inputs that make the network do different work. */
import { jsonText } from '../base/json-text.ts';
import { arrivalRate, runProfile } from '../explore/profile/profile.ts';
import type { ProfileResult } from '../report/profile-result.ts';
import { profileCsv, profileText } from '../report/profile-table.ts';
import { hashOf } from '../run/node/read-file.ts';
import { configOf, type RunInput } from '../run/run.ts';
import { checkInputsStay, checkOutputDir, writeOutputDir } from './io/output-dir.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput, warn } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';
import type { Sources } from './io/watch.ts';

/** A row an input: far more than a data set has. */
const MAX_BYTES = 2 ** 28;

interface ProfileArguments extends FormatArguments {
  readonly profile: string;
  readonly arrival: string | undefined;
  readonly fold: boolean;
  readonly out: string | undefined;
  readonly force: boolean;
  readonly quiet: boolean;
}

const output = commandOutput<ProfileResult>({
  formats: { json: { value: result => result }, csv: { value: result => profileCsv(result) } },
  text: (result, width) => `${profileText(result, width)}\n`,
  both: ', or --out DIR for both',
});

/** @throws TrexError as `runProfile`, and for an output folder that cannot be one. */
export async function runOverProfile(
  input: RunInput,
  args: ProfileArguments,
  { disk }: Pick<Sources, 'disk'>,
): Promise<void> {
  const { profile: path, arrival = null, fold, out, force } = args;
  if (arrival !== null) arrivalRate(arrival);
  const bytes = await disk.read(path, MAX_BYTES);
  const { sha256 } = hashOf(path, bytes);
  const profile = { path, text: new TextDecoder().decode(bytes), sha256 };
  if (out !== undefined) {
    if (force) checkInputsStay(out, [input.options.arch, input.options.model, path]);
    checkOutputDir(out, { force });
  }
  const bars = new ProgressBars(args.quiet);
  try {
    const pause = bars.counting('run', 'kinds of work');
    const result = await runProfile(input, { profile, arrival, fold }, { pause });
    bars.done();
    warn(result.warnings, args.quiet);
    if (out !== undefined) {
      const config = configOf(input);
      const files = {
        'profile.json': jsonText(result),
        'rows.csv': profileCsv(result),
        'config.expanded.yaml': config,
      };
      writeOutputDir(out, files, { force });
    }
    output.print(args, result);
  } finally {
    bars.done();
  }
}
