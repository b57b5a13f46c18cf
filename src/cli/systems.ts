/** `trex systems [models..]`: networks of many systems on one chip, side by side. */
import type { CommandModule } from 'yargs';
import { wholeNumber } from '../base/whole-number.ts';
import { startSystemPool } from '../explore/systems/node/system-pool.ts';
import { SYSTEMS_DEFAULTS, systems } from '../explore/systems/systems.ts';
import { defaultThreads } from '../numerics/mvm/node/open-backend.ts';
import type { SystemsTable } from '../report/system-row.ts';
import { systemsCsv, systemsFigure, systemsText } from '../report/systems-table.ts';
import { nodeFiles } from '../run/node/files.ts';
import { checkTarget, writeWhole } from '../run/node/write-file.ts';
import { noProgressFlag, number, seedFlag, setFlag, text } from './io/flags.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';

interface SystemsArguments extends FormatArguments {
  readonly models: string[] | undefined;
  readonly arch: string;
  readonly tech: string | undefined;
  readonly set: string[];
  readonly seed: number;
  readonly threads: number | undefined;
  readonly figure: string | undefined;
  readonly quiet: boolean;
}

interface Shown {
  readonly table: SystemsTable;
  readonly figure: string | undefined;
}

const output = commandOutput<Shown>({
  formats: {
    json: { value: ({ table }) => table },
    csv: { describe: 'A row per network as CSV on stdout', value: ({ table }) => systemsCsv(table) },
  },
  text: ({ table, figure }, width) =>
    `${systemsText(table, width)}\n${figure === undefined ? '' : `\nfigure  ${figure}\n`}`,
});

async function handler(args: SystemsArguments): Promise<void> {
  output.chosen(args);
  const { arch, tech = null, set, seed, models = [], figure, quiet } = args;
  const threads =
    args.threads === undefined ? defaultThreads() : wholeNumber('threads', args.threads, 1, 256);
  if (figure !== undefined) checkTarget(figure);
  const bars = new ProgressBars(quiet);
  const pool = startSystemPool(threads);
  try {
    const found = await systems(
      { arch, tech, set, seed, models },
      { files: nodeFiles, measure: pool.ask, pause: bars.counting('systems', 'networks') },
    );
    bars.done();
    if (figure !== undefined) writeWhole(figure, systemsFigure(found));
    output.print(args, { table: found, figure });
  } finally {
    bars.done();
    await pool.close();
  }
}

export const systemsCommand: CommandModule<object, SystemsArguments> = {
  command: 'systems [models..]',
  describe: 'Networks of many systems on one chip: latency, energy, area, EDAP, published accuracy',
  builder: yargs =>
    yargs
      .positional('models', {
        type: 'string',
        array: true,
        describe: 'Names of `trex list models`, or YAML files  [default: all but decoders]',
      })
      .options({
        arch: {
          type: 'string',
          default: SYSTEMS_DEFAULTS.arch,
          describe: 'The chip: a name or a YAML file',
          group: 'Model:',
        },
        tech: text('Technology of its crossbars  [default: its own]', 'Model:'),
        set: setFlag('Override a value of the chip: pe.adcBanks=2', 'Model:'),
        seed: seedFlag('Run:'),
        threads: number('Networks at a time  [default: cores, at most 8]', 'Run:'),
        figure: text('Write all as bars, SVG', 'Output:'),
        ...output.flags,
        quiet: noProgressFlag,
      })
      .example('$0 systems', 'Every shipped network on trex-full')
      .example(
        '$0 systems deit-s dynamic-deit-s mini-deit-s --arch trex --figure systems.svg',
        'Three on the chip of TReX',
      ) as never,
  handler,
};
