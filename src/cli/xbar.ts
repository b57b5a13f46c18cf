/** `trex xbar`: the microbenchmark of crossbar sizes, ADCs and cells; rows stream to stdout or into a folder. */
import { availableParallelism } from 'node:os';
import type { CommandModule } from 'yargs';
import { usageError } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';
import { startErrorPool } from '../explore/xbar/node/error-pool.ts';
import { planXbar } from '../explore/xbar/plan.ts';
import { XbarSummary } from '../explore/xbar/summary.ts';
import { checkOnce, whole } from './io/flags.ts';
import { openRows } from './io/rows-file.ts';
import { checkTarget, writeWhole } from './io/write-file.ts';
import {
  DEFAULT_TRIALS,
  MEASURED_POINTS,
  metricNames,
  trialsOf,
  type XbarArguments,
  xbarOptions,
} from './io/xbar-options.ts';
import { writeResults } from './io/xbar-results.ts';
import { streamRows } from './io/xbar-stream.ts';

const MOST_THREADS = 8;

async function handler(args: XbarArguments): Promise<void> {
  checkOnce(args);
  if (args.json && args.csv)
    throw usageError('--json and --csv both want stdout: choose one, or --out DIR for files');
  if (args.force && args.out === undefined) throw usageError('--force forgets the rows of --out DIR');
  if (!(args.adcRange > 0 && args.adcRange <= 1))
    throw usageError(`--adc-range ${args.adcRange}: expected a number above 0, at most 1`);
  if (!Number.isSafeInteger(args.seed)) throw usageError(`--seed ${args.seed}: expected a whole number`);
  const words = xbarOptions(args);
  const plan = planXbar(words);
  const trials = trialsOf(args, words, plan.points);
  const [x, y] = metricNames(args, trials > 0);
  const { adcRange, seed } = args;
  if (args.figure !== undefined) checkTarget(args.figure);
  const run = { ...words, trials, adcRange, seed };
  const summary = new XbarSummary(x, y);
  const head = { schemaVersion: 1, version: VERSION, run, files: plan.files } as const;
  const file =
    args.out === undefined ? undefined : await openRows(args.out, head, args.force, row => summary.add(row));
  const most = Math.min(MOST_THREADS, availableParallelism(), plan.points);
  const threads = args.threads === undefined ? most : whole('threads', args.threads, 1, 256);
  const { weightBits, inputBits } = words;
  const pool =
    trials === 0 ? undefined : startErrorPool(threads, { trials, seed, adcRange, weightBits, inputBits });
  try {
    await streamRows(args, plan, summary, file, pool);
  } finally {
    file?.close();
    await pool?.close();
  }
  if (args.out !== undefined) await writeResults(args.out, summary);
  const figure = summary.figure();
  if (args.figure !== undefined && figure !== undefined) writeWhole(args.figure, figure);
}

const option = (describe: string, group: string) => ({ type: 'string', describe, group }) as const;

export const xbarCommand: CommandModule<object, XbarArguments> = {
  command: 'xbar',
  describe: 'Microbenchmark of crossbars: area, time, energy and error over sizes, ADCs and cells',
  builder: yargs =>
    yargs
      .option('tech', {
        type: 'string',
        default: 'fefet-32nm,sram-32nm',
        describe: 'Technologies of level circuit: names or paths',
        group: 'Sweep:',
      })
      .option('rows', {
        type: 'string',
        default: '32,64,128,256',
        describe: 'A list, a range that doubles (32..256), or one with a step (32..128:32)',
        group: 'Sweep:',
      })
      .option('cols', option('As rows  [default: as many as rows]', 'Sweep:'))
      .option('adc', option("Bits of the ADC: 4..8  [default: the technology's]", 'Sweep:'))
      .option(
        'cell-bits',
        option("Bits of a weight in one cell: 1,2,4  [default: the technology's]", 'Sweep:'),
      )
      .option('mux', option("Columns per ADC: 4..16 doubles  [default: the technology's]", 'Sweep:'))
      .option('node', option("Nodes: 22nm,32nm  [default: the technology's]", 'Sweep:'))
      .option('set', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [] as string[],
        describe: 'Override a value of all: tech.adc.law=survey',
        group: 'Sweep:',
      })
      .option('weight-bits', { type: 'number', default: 8, describe: 'Bits of a weight', group: 'Product:' })
      .option('input-bits', { type: 'number', default: 8, describe: 'Bits of an input', group: 'Product:' })
      .option('trials', {
        type: 'number',
        describe: `Chips on which the products' error is measured; 0: none  [default: ${DEFAULT_TRIALS} up to ${MEASURED_POINTS} points, else 0]`,
        group: 'Product:',
      })
      .option('adc-range', {
        type: 'number',
        default: 0.75,
        describe: 'Full scale of the ADC, as a share of a full column',
        group: 'Product:',
      })
      .option('seed', { type: 'number', default: 1, describe: 'Seed of random streams', group: 'Product:' })
      .option('threads', {
        type: 'number',
        describe: 'Threads for the error  [default: cores, at most 8]',
        group: 'Product:',
      })
      .option('x', option('First figure of the trade-off  [default: tops-per-watt]', 'Output:'))
      .option('y', option('Second figure  [default: snr where it is measured, else area]', 'Output:'))
      .option('figure', option('Write the trade-off with its Pareto front as SVG', 'Output:'))
      .option(
        'out',
        option('Folder for rows, CSV and figure: the same words go on where a run stopped', 'Output:'),
      )
      .option('force', { type: 'boolean', default: false, describe: 'Begin anew', group: 'Output:' })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'JSON on stdout, a row per line',
        group: 'Output:',
      })
      .option('csv', { type: 'boolean', default: false, describe: 'CSV on stdout', group: 'Output:' })
      .option('quiet', {
        type: 'boolean',
        default: false,
        describe: 'No progress, no warnings',
        group: 'Output:',
      })
      .example(
        '$0 xbar --rows 32..256 --adc 4..8 --cell-bits 1,2,4 --figure xbar.svg',
        'The trade-off of sizes',
      )
      .example(
        '$0 xbar --tech fefet-32nm --rows 64 --cols 64 --set tech.adc.law=survey',
        'Another ADC law',
      ) as never,
  handler,
};
