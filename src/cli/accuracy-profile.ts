/** `trex accuracy --profile`: what each input makes a network do, as a file for `trex run --profile`. */
import { accuracyProfile, measuredProfileCsv, type ProfileRequest } from '../accuracy/measured-profile.ts';
import { diskFiles } from '../data/node/disk-files.ts';
import { type MeasuredProfile, measuredProfileText } from '../report/measured-profile.ts';
import { nodeFiles } from '../run/node/files.ts';
import { checkTarget, writeWhole } from '../run/node/write-file.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput, warn } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';

interface MeasuredProfileArguments extends FormatArguments {
  readonly profile: string;
  readonly quiet: boolean;
}

interface Shown {
  readonly measured: MeasuredProfile;
  readonly path: string;
}

const output = commandOutput<Shown>({
  formats: {
    json: { value: ({ measured }) => measured },
    csv: { value: ({ measured }) => measuredProfileCsv(measured) },
  },
  text: ({ measured, path }, width) =>
    `${measuredProfileText(measured, width)}\nprofile ${path}, for trex run --profile\n`,
  both: '; the profile is written anyway',
});

/** @throws TrexError as `accuracyProfile`, and for a file that cannot be written. */
export async function writeAccuracyProfile(
  request: ProfileRequest,
  args: MeasuredProfileArguments,
): Promise<void> {
  const { profile: path, quiet } = args;
  checkTarget(path);
  const bars = new ProgressBars(quiet);
  try {
    const measured = await accuracyProfile(request, {
      files: nodeFiles,
      disk: diskFiles,
      onInputs: text => bars.say(`inputs  ${text}`),
      pause: (what, done, total) => bars.counting(what, 'inputs')(done, total),
    });
    bars.done();
    warn(measured.warnings, quiet);
    writeWhole(path, measuredProfileCsv(measured));
    output.print(args, { measured, path });
  } finally {
    bars.done();
  }
}
