/** `trex xbar`: the microbenchmark of crossbar sizes, ADCs and cells; rows stream to stdout or into a folder. */

import type { CommandModule } from 'yargs';
import { parseAdcRange } from '../accuracy/device-options.ts';
import { usageError } from '../base/errors.ts';
import { wholeNumber } from '../base/whole-number.ts';
import { startErrorPool } from '../explore/xbar/node/error-pool.ts';
import {
  parseEncodings,
  parseNodes,
  parseQuantities,
  parseRange,
  type RangeRule,
} from '../explore/xbar/ranges.ts';
import {
  DEFAULT_TRIALS,
  MEASURED_POINTS,
  XBAR_DEFAULTS,
  type XbarOptions,
  type XbarRun,
  xbar,
} from '../explore/xbar/xbar.ts';
import { defaultThreads } from '../numerics/mvm/node/open-backend.ts';
import { nodeFiles } from '../run/node/files.ts';
import { checkTarget, writeWhole } from '../run/node/write-file.ts';
import { ENCODING_NAMES } from '../tech/encodings.ts';
import { adcRangeFlag, forceFlag, number, quietFlag, seedFlag, setFlag, text } from './io/flags.ts';
import { goesOnFrom, keeps } from './io/interrupt.ts';
import type { FormatArguments } from './io/output-format.ts';
import { warn } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';
import { openRows } from './io/rows-file.ts';
import { xbarFormats, xbarPrinter } from './io/xbar-printer.ts';
import { writeResults } from './io/xbar-results.ts';

const MOST_SIZE = 4096;

const bitsFlag = (describe: string) => ({ type: 'string', default: '8', describe, group: 'Sweep:' }) as const;

interface XbarArguments extends FormatArguments {
  readonly tech: string;
  readonly rows: string;
  readonly cols: string | undefined;
  readonly adc: string | undefined;
  readonly cellBits: string | undefined;
  readonly mux: string | undefined;
  readonly node: string | undefined;
  readonly set: string[];
  readonly weightBits: string;
  readonly inputBits: string;
  readonly trials: number | undefined;
  readonly encoding: string | undefined;
  readonly vdd: string | undefined;
  readonly temperature: string | undefined;
  readonly adcRange: string;
  readonly seed: number;
  readonly threads: number | undefined;
  readonly x: string | undefined;
  readonly y: string | undefined;
  readonly figure: string | undefined;
  readonly out: string | undefined;
  readonly force: boolean;
  readonly quiet: boolean;
}

/** @throws TrexError (usage) */
function optionsOf(args: XbarArguments): XbarOptions {
  const list = (name: string, range: string | undefined, rule: Omit<RangeRule, 'flag'>): number[] =>
    range === undefined ? [] : parseRange(String(range), { flag: name, ...rule });
  const sizes = { min: 1, max: MOST_SIZE, step: 'double' } as const;
  const techs = args.tech
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
  if (techs.length === 0)
    throw usageError('--tech is empty: name technologies, e.g. --tech fefet-32nm,sram-32nm');
  const bits = { min: 1, max: 16, step: 'one' } as const;
  const { set, trials, encoding, vdd, temperature, seed, x, y } = args;
  return {
    techs,
    rows: list('rows', args.rows, sizes),
    cols: list('cols', args.cols, sizes),
    adcBits: list('adc', args.adc, { min: 1, max: 16, step: 'one' }),
    cellBits: list('cell-bits', args.cellBits, { min: 1, max: 8, step: 'one' }),
    mux: list('mux', args.mux, { min: 1, max: 1024, step: 'double' }),
    nodes_m: args.node === undefined ? [] : parseNodes(args.node),
    weightBits: list('weight-bits', args.weightBits, bits),
    inputBits: list('input-bits', args.inputBits, bits),
    encodings: encoding === undefined ? [] : parseEncodings(encoding),
    vdds_V: vdd === undefined ? [] : parseQuantities(String(vdd), { flag: 'vdd', unit: 'V' }),
    temperatures_K:
      temperature === undefined
        ? []
        : parseQuantities(String(temperature), { flag: 'temperature', unit: 'K' }),
    set,
    trials,
    adcRange: parseAdcRange(args.adcRange),
    seed,
    x,
    y,
  };
}

async function handler(args: XbarArguments): Promise<void> {
  const format = xbarFormats.chosen(args);
  const { out, figure, force, quiet } = args;
  const threads = args.threads === undefined ? undefined : wholeNumber('threads', args.threads, 1, 256);
  if (out === undefined) keeps('with --out DIR the same command goes on');
  const printer = xbarPrinter(format);
  const bars = new ProgressBars(quiet);
  let run: XbarRun | undefined;
  let stopped: unknown;
  try {
    await xbar(optionsOf(args), {
      files: nodeFiles,
      onBegin: plan => {
        if (figure !== undefined) checkTarget(figure);
        run = plan;
        if (out !== undefined) keeps(goesOnFrom(out));
      },
      store:
        out === undefined
          ? undefined
          : (head, onRow) =>
              openRows(out, { head, force, onRow, onDamage: message => warn([message], quiet) }),
      pool: (points, options) => startErrorPool(threads ?? Math.min(defaultThreads(), points), options),
      onRow: row => printer.row(row),
      pause: bars.counting('xbar', 'points'),
    });
  } catch (error) {
    stopped = error;
  }
  bars.done();
  if (run === undefined) throw stopped;
  const { plan, summary } = run;
  const files = [
    ...(out === undefined ? [] : [`files   ${out}`]),
    ...(figure === undefined ? [] : [`figure  ${figure}`]),
  ];
  await printer.end(run, files);
  warn([...plan.warnings, ...summary.warnings], quiet);
  if (stopped !== undefined) throw stopped;
  if (out !== undefined) await writeResults(out, summary);
  const picture = summary.figure();
  if (figure !== undefined && picture !== undefined) writeWhole(figure, picture);
}

export const xbarCommand: CommandModule<object, XbarArguments> = {
  command: 'xbar',
  describe:
    'Microbenchmark of crossbars: area, time, energy and error over sizes, ADCs, cells, words and supply',
  builder: yargs =>
    yargs
      .options({
        tech: {
          type: 'string',
          default: XBAR_DEFAULTS.techs.join(','),
          describe: 'Technologies of level circuit: names or paths',
          group: 'Sweep:',
        },
        rows: {
          type: 'string',
          default: XBAR_DEFAULTS.rows.join(','),
          describe: 'A list, a range that doubles (32..256), or one with a step (32..128:32)',
          group: 'Sweep:',
        },
        cols: text('As rows  [default: as many as rows]', 'Sweep:'),
        adc: text("Bits of the ADC: 4..8  [default: the technology's]", 'Sweep:'),
        'cell-bits': text("Bits of a weight in one cell: 1,2,4  [default: the technology's]", 'Sweep:'),
        mux: text("Columns per ADC: 4..16 doubles  [default: the technology's]", 'Sweep:'),
        node: text("Nodes: 22nm,32nm  [default: the technology's]", 'Sweep:'),
        encoding: text(
          `Signed weights in cells: ${ENCODING_NAMES.join(',')}  [default: the technology's]`,
          'Sweep:',
        ),
        vdd: text("Supplies: 0.8,0.9 or 0.7..1.0:0.1 in V  [default: the technology's]", 'Sweep:'),
        temperature: text("Temperatures: 300,350 or 300..400:25 in K  [default: the technology's]", 'Sweep:'),
        set: setFlag('Override a value of all: tech.adc.law=survey', 'Sweep:'),
        'weight-bits': bitsFlag('Bits of a weight: 1,4,8 or 2..8'),
        'input-bits': bitsFlag('Bits of an input: 1,4,8 or 2..8'),
        trials: number(
          `Chips on which the products' error is measured; 0: none  [default: ${DEFAULT_TRIALS} up to ${MEASURED_POINTS} points, else 0]`,
          'Product:',
        ),
        'adc-range': adcRangeFlag,
        seed: seedFlag('Product:'),
        threads: number('Threads for the error  [default: cores, at most 8]', 'Product:'),
        x: text('First figure of the trade-off  [default: tops-per-watt]', 'Output:'),
        y: text('Second figure  [default: snr where it is measured, else area]', 'Output:'),
        figure: text('Write the trade-off with its Pareto front as SVG', 'Output:'),
        out: text('Folder for rows, CSV and figure: the same command goes on where a run stopped', 'Output:'),
        force: forceFlag,
        ...xbarFormats.flags,
        quiet: quietFlag,
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
