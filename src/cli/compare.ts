/** `trex compare A B ...`: technologies or architectures on one network, side by side, and what makes the difference. */
import type { CommandModule } from 'yargs';
import { usageError } from '../base/errors.ts';
import { type CompareOptions, compare, type OpCount } from '../explore/compare/compare.ts';
import { parseIso } from '../explore/compare/iso.ts';
import { compareFigure } from '../report/compare-figure.ts';
import { compareCsv, compareTable } from '../report/compare-table.ts';
import { openBackend } from './io/backend.ts';
import { whole } from './io/flags.ts';
import { interruptible } from './io/interrupt.ts';
import { type Progress, progress } from './io/progress.ts';
import { checkTarget, writeWhole } from './io/write-file.ts';

const ISO_DEFAULT = ['node', 'precision', 'network'];

interface CompareArguments {
  readonly files: string[];
  readonly arch: string | undefined;
  readonly tech: string | undefined;
  readonly model: string;
  readonly reuse: string;
  readonly tokens: number | undefined;
  readonly set: string[];
  readonly iso: string[] | undefined;
  readonly allow: string[];
  readonly ops: OpCount | undefined;
  readonly trials: number;
  readonly adcRange: number;
  readonly seed: number;
  readonly figure: string | undefined;
  readonly json: boolean;
  readonly csv: boolean;
  readonly quiet: boolean;
}

function wordsOf(args: CompareArguments): CompareOptions {
  if (!Number.isSafeInteger(args.seed)) throw usageError(`--seed ${args.seed}: expected a whole number`);
  if (!(args.adcRange > 0 && args.adcRange <= 1))
    throw usageError(`--adc-range ${args.adcRange}: expected a number above 0, at most 1`);
  return {
    names: args.files,
    arch: args.arch ?? null,
    tech: args.tech ?? null,
    model: args.model,
    reuse: args.reuse,
    tokens: args.tokens ?? null,
    set: args.set,
    iso: parseIso('iso', args.iso ?? ISO_DEFAULT),
    allow: parseIso('allow', args.allow),
    ops: args.ops ?? null,
    trials: whole('trials', args.trials, 0, 1000),
    adcRange: args.adcRange,
    seed: args.seed,
  };
}

async function handler(args: CompareArguments): Promise<void> {
  if (args.json && args.csv) throw usageError('--json and --csv both want stdout: choose one');
  const words = wordsOf(args);
  if (args.figure !== undefined) checkTarget(args.figure);
  let bar: Progress | undefined;
  try {
    const pause = interruptible(async (done, total) => bar?.update(done, total));
    const comparison = await compare(words, {
      pause,
      backend: () => openBackend({ backend: 'wasm', gpuMode: undefined, threads: 1 }),
      onSubject: name => {
        bar?.done();
        bar = progress(name, { stream: process.stderr, quiet: args.quiet, now: () => performance.now() });
      },
    });
    bar?.done();
    if (!args.quiet) for (const text of comparison.warnings) process.stderr.write(`warning: ${text}\n`);
    if (args.figure !== undefined) writeWhole(args.figure, compareFigure(comparison));
    if (args.json) process.stdout.write(`${JSON.stringify(comparison, null, 2)}\n`);
    else if (args.csv) process.stdout.write(compareCsv(comparison));
    else {
      const figure = args.figure === undefined ? '' : `\nfigure  ${args.figure}\n`;
      process.stdout.write(`${compareTable(comparison)}\n${figure}`);
    }
  } finally {
    bar?.done();
  }
}

export const compareCommand: CommandModule<object, CompareArguments> = {
  command: 'compare <files..>',
  describe: 'Compare technologies or architectures on one network, and say why they differ',
  builder: yargs =>
    yargs
      .positional('files', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Technologies, or architectures: names or paths; ratios are to the first',
      })
      .option('arch', {
        type: 'string',
        describe: 'Architecture of the technologies  [default: trex]',
        group: 'Model:',
      })
      .option('tech', {
        type: 'string',
        describe: 'Technology of the architectures  [default: their own]',
        group: 'Model:',
      })
      .option('model', {
        type: 'string',
        default: 'deit-s',
        describe: 'A name of `trex list models`, or a YAML file',
        group: 'Model:',
      })
      .option('reuse', {
        type: 'string',
        default: 'none',
        describe: 'Encoders that reuse attention, as in trex run',
        group: 'Model:',
      })
      .option('tokens', { type: 'number', describe: 'Sequence length of a text network', group: 'Model:' })
      .option('set', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [] as string[],
        describe: 'Override a value of all: pe.adcBanks=2, tech.adc.bits=5',
        group: 'Model:',
      })
      .option('iso', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'What must be equal: node, precision, network, area, arrays [default: the first three]',
        group: 'Fairness:',
      })
      .option('allow', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [] as string[],
        describe: 'What may differ nevertheless',
        group: 'Fairness:',
      })
      .option('ops', {
        choices: ['trex-paper', '2-per-mac'] as const,
        describe: 'Operations of TOPS for all  [default: as the first architecture says]',
        group: 'Fairness:',
      })
      .option('trials', {
        type: 'number',
        default: 3,
        describe: "Chips whose matrix products' error is measured; 0: none",
        group: 'Run:',
      })
      .option('adc-range', {
        type: 'number',
        default: 0.75,
        describe: 'Full scale of their ADCs, as a share of a full column',
        group: 'Run:',
      })
      .option('seed', { type: 'number', default: 1, describe: 'Seed of random streams', group: 'Run:' })
      .option('figure', { type: 'string', describe: 'Write the comparison as SVG', group: 'Output:' })
      .option('json', { type: 'boolean', default: false, describe: 'JSON on stdout', group: 'Output:' })
      .option('csv', {
        type: 'boolean',
        default: false,
        describe: 'A row per file as CSV on stdout',
        group: 'Output:',
      })
      .option('quiet', {
        type: 'boolean',
        default: false,
        describe: 'No progress, no warnings',
        group: 'Output:',
      })
      .example('$0 compare trex-fefet-32nm trex-sram-32nm trex-hybrid-32nm', 'Three devices on TReX')
      .example('$0 compare trex trex-full', "What the paper's accounting leaves out") as never,
  handler,
};
