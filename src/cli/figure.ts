/** `trex figure RESULT`: one figure of a report as SVG, as wide as a column of a paper. */
import type { CommandModule } from 'yargs';
import { unknownName, usageError } from '../base/errors.ts';
import { parseQuantity } from '../base/units.ts';
import { COLORINGS, type Coloring, coloringsOf } from '../report/figures/floorplan.ts';
import { RUN_FIGURES, type RunFigure, STUDY_FIGURES, type StudyFigure } from '../report/figures/kinds.ts';
import { MOST_LINES } from '../report/figures/lines.ts';
import { LIGHT } from '../report/figures/style.ts';
import type { StudyReport } from '../report/html/study-report.ts';
import type { Tree } from '../report/html/trees.ts';
import { checkTarget, writeWhole } from '../run/node/write-file.ts';
import { quietFlag, text } from './io/flags.ts';
import { warn } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';
import { reportOfRun, reportOfStudy, type Source, sourceOf } from './io/reported.ts';

/** Of the text, as it is printed: what journals ask for at least. */
const POINTS = 7;
const PX_PER_INCH = 96;
const POINTS_PER_INCH = 72;
const MM_PER_INCH = 25.4;
/** Narrower there is no room for a label. */
const WIDTHS_MM = { least: 30, most: 1000 };

interface FigureArguments {
  readonly result: string;
  readonly kind: RunFigure | StudyFigure;
  readonly out: string;
  readonly width: string;
  readonly font: string;
  readonly metric: string | undefined;
  readonly by: Tree['by'];
  readonly tiles: Coloring;
  readonly x: string | undefined;
  readonly y: string | undefined;
  readonly quiet: boolean;
}

const isOfRun = (kind: RunFigure | StudyFigure): kind is RunFigure => Object.hasOwn(RUN_FIGURES, kind);

async function handler(args: FigureArguments): Promise<void> {
  const { result, kind, out, quiet } = args;
  const style = styleOf(args);
  const source = sourceOf(result);
  const needed = isOfRun(kind) ? 'run' : 'study';
  if (source.kind !== needed)
    throw usageError(`--kind ${kind} is a figure of a ${needed}, and ${result} is a ${source.kind}`);
  checkTarget(out);
  const svg = isOfRun(kind)
    ? await figureOfRun(source, kind, args, style)
    : figureOfStudy(source, kind, args, style);
  writeWhole(out, `${svg}\n`);
  if (!quiet) process.stdout.write(`figure  ${out}\n`);
}

/** @throws TrexError (usage) for a width that no page has, and a font that is no name. */
function styleOf({ width, font }: FigureArguments) {
  const metres = parseQuantity(width, 'm');
  const mm = (metres ?? 0) * 1000;
  if (metres === undefined || mm < WIDTHS_MM.least || mm > WIDTHS_MM.most)
    throw usageError(
      `--width ${width}: expected ${WIDTHS_MM.least} mm to ${WIDTHS_MM.most} mm, such as 88mm`,
    );
  if (!/^[\p{L}\p{N} ,'-]+$/u.test(font)) throw usageError(`--font ${font}: expected the name of a font`);
  return Object.assign({}, LIGHT, {
    mm: Number(mm.toFixed(3)),
    width: (mm / MM_PER_INCH) * PX_PER_INCH,
    fontSize: (POINTS / POINTS_PER_INCH) * PX_PER_INCH,
    font,
  });
}

async function figureOfRun(
  source: Source,
  kind: RunFigure,
  args: FigureArguments,
  style: typeof LIGHT,
): Promise<string> {
  const bars = new ProgressBars(args.quiet);
  try {
    const { report, warnings } = await reportOfRun(source, { bars, alone: true });
    bars.done();
    warn(warnings, args.quiet);
    const metrics = [...new Set<string>(report.trees.map(tree => tree.metric))];
    if (args.metric !== undefined && !metrics.includes(args.metric))
      throw unknownName('metric', args.metric, metrics);
    const colorings = coloringsOf(report.floorplan);
    if (kind === 'floorplan' && !colorings.includes(args.tiles))
      throw usageError(`--tiles ${args.tiles}: this run has none; choose ${colorings.join(', ')}`);
    return RUN_FIGURES[kind](report, args, style);
  } finally {
    bars.done();
  }
}

function figureOfStudy(
  source: Source,
  kind: StudyFigure,
  args: FigureArguments,
  style: typeof LIGHT,
): string {
  const study = reportOfStudy(source);
  if (study.points.length === 0 || study.metrics.length === 0)
    throw usageError(
      `${source.path}: ${study.points.length === 0 ? `no point with figures: all ${study.failures.length} failed` : 'no figure stands in every point'}`,
    );
  const up = kind === 'lines' ? (args.y?.split(',') ?? []) : [args.y];
  for (const name of [args.metric, args.x, ...up]) checkMetric(name, study);
  if (up.length > MOST_LINES)
    throw usageError(`-y ${args.y}: expected at most ${MOST_LINES} figures, got ${up.length}`);
  if (kind === 'effects' && study.paths.length === 0)
    throw usageError(`${source.path}: nothing was varied: there are no effects`);
  return STUDY_FIGURES[kind](study, args, style);
}

function checkMetric(name: string | undefined, { metrics }: StudyReport): void {
  if (name !== undefined && !metrics.includes(name)) throw unknownName('metric', name, metrics);
}

export const figureCommand: CommandModule<object, FigureArguments> = {
  command: 'figure <result>',
  describe: 'Draw one figure of a run or a study as SVG, for a paper',
  builder: yargs =>
    yargs
      .positional('result', {
        type: 'string',
        demandOption: true,
        describe: 'A folder or result.json of `trex run`, or the folder of a study',
      })
      .options({
        kind: {
          choices: [...Object.keys(RUN_FIGURES), ...Object.keys(STUDY_FIGURES)],
          demandOption: true,
          describe: 'Which one: the last four of a study',
          group: 'Figure:',
        },
        width: { type: 'string', default: '88mm', describe: 'As it is printed', group: 'Figure:' },
        font: {
          type: 'string',
          default: 'Helvetica, Arial, sans-serif',
          describe: 'Its font, at 7 pt',
          group: 'Figure:',
        },
        metric: text('breakdown: energy_J, latency_s or area_m2; effects: any of the study', 'Figure:'),
        by: {
          choices: ['hardware', 'network'],
          default: 'hardware',
          describe: 'breakdown: of what',
          group: 'Figure:',
        },
        tiles: { choices: COLORINGS, default: 'layer', describe: 'floorplan: colours', group: 'Figure:' },
        x: text('pareto, lines: across', 'Figure:'),
        y: text('pareto, lines: up; of lines up to four, with commas between', 'Figure:'),
        out: { type: 'string', demandOption: true, describe: 'The file', group: 'Output:' },
        quiet: quietFlag,
      })
      .example('$0 figure run1 --kind floorplan --tiles energy --out floorplan.svg', 'One column wide')
      .example('$0 figure study1 --kind pareto --width 180mm --out pareto.svg', 'Two columns') as never,
  handler,
};
