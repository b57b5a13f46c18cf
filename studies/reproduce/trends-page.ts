/** docs/trends.md: the paper's trends on a task that attention is needed for, over seeds, with what could explain them held equal. */
import { spread } from '../../src/accuracy/statistics.ts';
import { largest, smallest } from '../../src/base/extremes.ts';
import { mean } from '../../src/base/sum.ts';
import { MJ_MS_MM2, PER_MICRO, significant } from '../../src/base/units.ts';
import { spearman } from '../../src/optimize/rank-correlation.ts';
import { markdownTable } from '../../src/report/markdown.ts';
import { lineChart } from '../../src/report/svg-chart.ts';
import { loadArch } from '../../src/run/node/load.ts';
import { simulate } from '../../src/run/simulate.ts';
import { inPairs, type StudyContext } from './experiment.ts';
import { type Comparison, compared, placeOf, type Trained, verdictOf } from './fair.ts';
import { counted, rankText } from './format.ts';
import type { ResultsPage } from './page.ts';
import { type ReuseResult, type TaskTrends, trendsOf } from './trends.ts';

/** `figures`: the folder of the files beside the page. */
export async function trendsPage(context: StudyContext, figures: string): Promise<ResultsPage> {
  const { scenes, trends: plan } = context.study;
  const trends = await trendsOf(scenes, plan, context);
  const { task, model, seeds } = trends;
  const text = [
    '# Trends',
    '',
    'Written by `npm run reproduce -- --page trends`; do not edit by hand. What TReX (arXiv 2408.12742, Fig. 7 and 16, Table IV) says of which encoders',
    'should reuse attention, asked of a small network on a task that needs attention: `scenes` ([data.md](data.md)). A seed draws the images, the',
    `weights at the start and the order of training; seeds ${seeds.join(', ')}. ± is the 95 % interval over seeds (Student's t), and a trend counts as`,
    'decided where that interval leaves out zero.',
    '',
    '## Network',
    `${model.name}: ${model.encoders} encoders, d ${model.dim}, ${model.tokens} tokens; ${task.sizes.train} images, ${counted(task.baseEpochs, 'epoch')}; scored on ${task.sizes.test} others. Top-1 without`,
    `reuse: ${percents(trends.base)}.`,
    '',
    '## Which encoders reuse (Fig. 7 and 16)',
    ...patternsText(trends),
    '',
    '![Losses of patterns](trends-patterns.svg)',
    '',
    '## How many reuse (Table IV)',
    ...(await reuseText(trends)),
    '',
    '![Accuracy against reuse encoders](trends-reuse.svg)',
  ].join('\n');
  return {
    page: `${text.replaceAll(/\]\((trends-[\w-]+\.svg)\)/g, `](${figures}/$1)`)}\n`,
    beside: { 'trends-patterns.svg': patternsFigure(trends), 'trends-reuse.svg': reuseFigure(trends) },
  };
}

interface Question {
  readonly asked: string;
  readonly held: string;
  readonly comparison: Comparison;
}

function questionsOf(patterns: readonly Trained[]): Question[] {
  const of = (kind: string): Trained[] => patterns.filter(one => one.kind === kind);
  const [strided, pyramid, continuous, random] = ['strided', 'pyramid', 'continuous', 'random'].map(of);
  const uniform = [...strided, ...pyramid, ...continuous];
  const kinds = [
    ['strided before pyramid', strided, pyramid],
    ['pyramid before continuous', pyramid, continuous],
    ['strided before continuous', strided, continuous],
  ] as const;
  const [start, place] = ['start', 'mean place'];
  return [
    ...kinds.map(([asked, a, b]) => ({ asked, held: start, comparison: compared(a, b, 'start') })),
    ...kinds.map(([asked, a, b]) => ({ asked, held: place, comparison: compared(a, b, 'place') })),
    { asked: 'larger SL before smaller', held: `kind, ${start}`, comparison: slComparison(uniform, 'start') },
    { asked: 'larger SL before smaller', held: `kind, ${place}`, comparison: slComparison(uniform, 'place') },
    { asked: 'uniform before random', held: place, comparison: inverse(compared(random, uniform, 'place')) },
  ];
}

/** The comparison seen from the other side. */
const inverse = ({ pairs, gains }: Comparison): Comparison => ({ pairs, gains: gains.map(gain => -gain) });

/** Within each kind, every SL against those one below it. */
function slComparison(uniform: readonly Trained[], held: 'start' | 'place'): Comparison {
  const parts = ['strided', 'pyramid'].flatMap(kind =>
    [...new Set(uniform.filter(one => one.kind === kind).map(one => one.sl ?? 0))].map(sl =>
      compared(
        uniform.filter(one => one.kind === kind && one.sl === sl),
        uniform.filter(one => one.kind === kind && one.sl === sl - 1),
        held,
      ),
    ),
  );
  const some = parts.filter(({ pairs }) => pairs > 0);
  const pairs = some.reduce((all, part) => all + part.pairs, 0);
  const gains = some[0]?.gains.map(
    (_, seed) => some.reduce((all, part) => all + part.pairs * part.gains[seed], 0) / pairs,
  );
  return { pairs, gains: gains ?? [] };
}

const VERDICTS = {
  yes: 'as in the paper',
  no: 'the other way round',
  open: 'undecided',
} as const;

function patternsText({ task, model, seeds, patterns }: TaskTrends): string[] {
  const sizes = [...new Set(patterns.map(({ encoders }) => encoders.length))];
  const ranks = seeds.map((_, seed) =>
    sizes.map(size => {
      const own = patterns.filter(({ encoders }) => encoders.length === size);
      return spearman(
        own.map(placeOf),
        own.map(({ losses }) => losses[seed]),
      );
    }),
  );
  const agreement = seeds.slice(1).map((_, i) =>
    spearman(
      patterns.map(({ losses }) => losses[0]),
      patterns.map(({ losses }) => losses[i + 1]),
    ),
  );
  return [
    `${sizes.join(' and ')} of ${model.encoders} encoders reuse; every pattern is trained for ${counted(task.partialEpochs, 'epoch')} on ${100 * task.fraction} % of the images, from the network without reuse`,
    'and taught by it, as step 3 of the optimiser does. Compared is the training loss of the last epoch, nats. Where two patterns are',
    'compared, they have as many reuse encoders, and what the second column says is equal: where a pattern sits may explain its loss (see',
    "Start below), so the means of kinds that sit in other places say nothing. Where no pattern has another one's mean place, a line",
    'between the two nearest ones stands for it.',
    '',
    markdownTable(
      [
        'trend of the paper',
        'held equal',
        'pairs',
        'gain, nats',
        `seeds ${seeds.join(', ')}`,
        'on this network',
      ],
      questionsOf(patterns).map(({ asked, held, comparison }) => [
        ...[asked, held, String(comparison.pairs), gainText(comparison.gains)],
        comparison.gains.map(signed).join(', ') || '-',
        comparison.pairs === 0 ? 'no such pair' : VERDICTS[verdictOf(comparison)],
      ]),
    ),
    '',
    `- Gain: by how much the loss of the others is higher, the mean over the pairs.`,
    `- Start (Fig. 16: later is better): rank correlation of the mean place of the reuse encoders with the loss, by seed: ${sizes
      .map((size, i) => `${size} reuse ${ranks.map(row => rankText(row[i])).join(', ')}`)
      .join('; ')} (negative: later is better).`,
    `- How far one seed can be trusted: the losses of the ${patterns.length} patterns have a rank correlation of ${agreement.map(rankText).join(' and ')} between the first seed and the others.`,
    '- Random patterns are drawn such that each has the mean place of a uniform one.',
    '',
    markdownTable(
      ['pattern', 'encoders', 'mean place', 'loss', 'least to largest'],
      patterns
        .toSorted((a, b) => a.encoders.length - b.encoders.length || mean(a.losses) - mean(b.losses))
        .map(({ plan, kind, encoders, losses, ...one }) => [
          ...[kind === 'random' ? 'random' : plan.pattern, encoders.join(' ')],
          ...[placeOf({ kind, encoders, losses, ...one }).toFixed(2), mean(losses).toFixed(4)],
          `${smallest(losses).toFixed(4)} to ${largest(losses).toFixed(4)}`,
        ]),
    ),
  ];
}

async function reuseText({ task, model, reuse, seeds }: TaskTrends): Promise<string[]> {
  const [macro, circuits] = ['trex-fefet-32nm', 'fefet-32nm'].map(tech =>
    inPairs(loadArch('trex', { tech }).arch),
  );
  const [none] = reuse;
  const rows: string[][] = [];
  for (const result of reuse) {
    const { plan } = result;
    const published = (await simulate({ arch: macro, model, reuse: plan })).result;
    const own = (await simulate({ arch: circuits, model, reuse: plan })).result;
    rows.push([
      ...[String(plan.encoders.length), plan.encoders.join(' ') || '-', percents(result)],
      ...[plan === none.plan ? '-' : lossText(none, result)],
      (published.latency_s * PER_MICRO).toFixed(1),
      significant(published.edap_Jsm2 * MJ_MS_MM2, 3),
      (own.latency_s * PER_MICRO).toFixed(1),
    ]);
  }
  return [
    `The last encoders reuse: every row's encoders are among the next row's, so that their number is what changes. All rows, also that`,
    `without reuse, are trained for ${counted(task.finalEpochs, 'more epoch')} on all images from the network without reuse, in float32. Cost on \`arch/trex.yaml\`: \`macro\` takes`,
    "Table III's published times and energies of whole crossbars (`trex-fefet-32nm`), `circuits` computes them from cells, converters and",
    'bit planes (`fefet-32nm`), which take much longer: two models of one chip, not to be compared with each other.',
    '',
    markdownTable(
      [
        ...['reuse', 'encoders', 'top-1, %', 'below none, points', 'D us, macro', 'EDAP mJ ms mm2, macro'],
        'D us, circuits',
      ],
      rows,
    ),
    '',
    `Points below none: of the same seed; ${VERDICT_NOTE}, seeds ${seeds.join(', ')}.`,
  ];
}

const VERDICT_NOTE = '* where the interval over seeds leaves out zero';

const percent = (value: number, digits = 1): string => (100 * value).toFixed(digits);
const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(4)}`;

/** "91.2 ± 1.0 (90.8, 91.3, 91.6)". */
function percents({ scores }: ReuseResult): string {
  const values = scores.map(({ top1 }) => top1);
  const { mean: middle, interval95 } = spread(values);
  const by = values.length > 1 ? ` (${values.map(value => percent(value)).join(', ')})` : '';
  return `${percent(middle)}${interval95 === null ? '' : ` ± ${percent(interval95)}`}${by}`;
}

function lossText(none: ReuseResult, { scores }: ReuseResult): string {
  const { mean: drop, interval95 } = spread(scores.map(({ top1 }, seed) => none.scores[seed].top1 - top1));
  if (interval95 === null) return percent(drop);
  return `${percent(drop)} ± ${percent(interval95)}${Math.abs(drop) > interval95 ? ' *' : ''}`;
}

function gainText(gains: readonly number[]): string {
  if (gains.length === 0) return '-';
  const { mean: gain, interval95 } = spread(gains);
  return `${signed(gain)}${interval95 === null ? '' : ` ± ${interval95.toFixed(4)}`}`;
}

/** Mean and ends over seeds of every pattern of the largest size, by its mean place. */
function patternsFigure({ patterns }: TaskTrends): string {
  const size = largest(patterns.map(({ encoders }) => encoders.length));
  const own = patterns.filter(({ encoders }) => encoders.length === size);
  const kinds = [...new Set(own.map(({ kind }) => kind))];
  return lineChart({
    title: `Losses of patterns of ${size} reuse encoders, by their mean place`,
    xLabel: 'mean place of the reuse encoders',
    yLabel: 'loss, nats',
    series: kinds.map(name => ({
      name,
      points: byPlace(own.filter(({ kind }) => kind === name)),
    })),
  });
}

function byPlace(patterns: readonly Trained[]) {
  const places = [...new Set(patterns.map(placeOf))].sort((a, b) => a - b);
  return places.map(x => {
    const losses = patterns.filter(one => placeOf(one) === x).map(one => mean(one.losses));
    return { x, y: mean(losses), low: smallest(losses), high: largest(losses) };
  });
}

function reuseFigure({ reuse }: TaskTrends): string {
  return lineChart({
    title: 'Accuracy against the number of reuse encoders',
    xLabel: 'reuse encoders',
    yLabel: 'top-1, %',
    series: [
      {
        name: 'mean, least and largest seed',
        points: reuse.map(({ plan, scores }) => {
          const values = scores.map(({ top1 }) => 100 * top1);
          return { x: plan.encoders.length, y: mean(values), low: smallest(values), high: largest(values) };
        }),
      },
    ],
  });
}
