/** The results of the optimiser as a table like Table IV of TReX (arXiv 2408.12742), and accuracy against EDAP as a figure. */

import { MJ_MS_MM2, MM2_PER_M2, PER_MICRO, significant } from '../../src/base/units.ts';
import { markdownTable } from '../../src/report/markdown.ts';
import { type ChartPoint, lineChart } from '../../src/report/svg-chart.ts';
import type { Experiment } from './experiment.ts';
import {
  chipsAndInputsValue,
  chipsValue,
  counted,
  factor,
  float32Score,
  float32Text,
  loss,
  lossText,
  type Section,
  scoreOf,
  type Value,
  valueText,
} from './format.ts';
import type { Optimised, Point } from './optimise.ts';
import type { Task } from './tasks.ts';

export function tableSection(experiment: Experiment, { base, tunedBase, points }: Optimised): Section {
  const { task, context } = experiment;
  const rows: [string, Point][] = [
    ['none, float32 training', base],
    ['none', tunedBase],
    ...points.map((p): [string, Point] => [
      `${significant((p.cost.target?.limit ?? 0) * PER_MICRO, 3)} us`,
      p,
    ]),
  ];
  const header = [
    ...[
      'target',
      'r',
      'encoders',
      'E uJ',
      'D us',
      'A mm2',
      'EDAP (gain)',
      'TOPS/W (gain)',
      'TOPS/mm2 (gain)',
    ],
    ...['ideal', 'non-ideal'],
  ];
  const what = task.score === 'top1' ? 'top-1, per cent' : "Matthews' correlation";
  const { images, draws } = context.study.budget;
  return {
    text: [
      markdownTable(
        header,
        rows.map(([name, point]) => row(experiment, name, point, base)),
      ),
      '',
      `Accuracy: ${what}. Ideal: float32, ${task.sizes.test} test inputs, ± for other inputs. Non-ideal: ${images} of them on ${draws} chips with cells of`,
      'their own, ± for other chips; in brackets the same inputs in float32. EDAP in mJ ms mm2. The rows but the first were fine-tuned with the crossbars in the forward pass.',
      "Costs are those of macros: Table III's published totals of a crossbar.",
      '',
      ...remarks(experiment, tunedBase, points).map(line => `- ${line}`),
      '',
      `![Accuracy against EDAP](${task.name}-edap.svg)`,
    ].join('\n'),
    files: { [`${task.name}-edap.svg`]: figure(experiment, tunedBase, points) },
  };
}

function row(
  { task }: Experiment,
  name: string,
  { plan, cost, ideal, crossbars }: Point,
  { cost: base }: Point,
): string[] {
  return [
    ...[
      name,
      String(plan.encoders.length),
      plan.encoders.length === 0 ? '-' : `${plan.encoders.join(' ')} (${plan.pattern.split(':')[0]})`,
    ],
    ...[
      (cost.energy_J * PER_MICRO).toFixed(3),
      (cost.latency_s * PER_MICRO).toFixed(1),
      (cost.area_m2 * MM2_PER_M2).toFixed(1),
    ],
    `${significant(cost.edap_Jsm2 * MJ_MS_MM2, 3)} (${factor(base.edap_Jsm2, cost.edap_Jsm2)})`,
    `${significant(cost.topsPerWatt, 4)} (${factor(cost.topsPerWatt, base.topsPerWatt)})`,
    `${significant(cost.topsPerMm2, 3)} (${factor(cost.topsPerMm2, base.topsPerMm2)})`,
    valueText(task, scoreOf(task, ideal, task.sizes.test)),
    `${valueText(task, chipsValue(task, crossbars))} (${float32Text(task, crossbars)})`,
  ];
}

/** What the paper says of its table, held against ours. */
function remarks({ task, context }: Experiment, base: Point, points: readonly Point[]): string[] {
  const ideal = (point: Point): Value => scoreOf(task, point.ideal, task.sizes.test);
  const chips = (point: Point): Value =>
    chipsAndInputsValue(task, point.crossbars, context.study.budget.images);
  const rows = points.map(point => {
    const gain = factor(base.cost.edap_Jsm2, point.cost.edap_Jsm2);
    return `${counted(point.plan.encoders.length, 'reuse encoder')}, ${gain} lower EDAP. Ideal accuracy against the network without reuse: ${lossText(task, ideal(base), ideal(point))}; on crossbars: ${lossText(task, chips(base), chips(point))}.`;
  });
  return [...rows, crossbarsRemark(task, [base, ...points]), ...betterRemark(task, base, points, ideal)];
}

/** Table IV: the noise of the crossbars costs half a point at most. */
function crossbarsRemark(task: Task, points: readonly Point[]): string {
  const costs = points.map(
    ({ crossbars }) => float32Score(task, crossbars) - chipsValue(task, crossbars).mean,
  );
  const scale = task.score === 'top1' ? 100 : 1;
  const [most, digits, unit] = [
    Math.max(...costs) * scale,
    task.score === 'top1' ? 1 : 3,
    task.score === 'top1' ? ' points' : '',
  ];
  const within =
    task.score === 'top1' ? (most <= 0.5 ? ', as in the paper' : ', more than in the paper') : '';
  return `What crossbars cost on the same inputs${task.score === 'top1' ? ' (Table IV: up to 0.5 points)' : ''}: up to ${most.toFixed(digits)}${unit}${within}.`;
}

/** Fig. 18: with few reuse encoders a text network gets better. */
function betterRemark(
  task: Task,
  base: Point,
  points: readonly Point[],
  ideal: (point: Point) => Value,
): string[] {
  if (task.score === 'top1') return [];
  const better = points.filter(
    p => loss(ideal(base), ideal(p)).drop < 0 && loss(ideal(base), ideal(p)).certain,
  );
  const names = better.map(p => p.plan.encoders.length).join(' and ');
  return [
    `Rows that are better than the network without reuse (Fig. 18: two are, with few reuse encoders): ${better.length === 0 ? 'none here beyond its interval' : `those with ${names} reuse encoders`}.`,
  ];
}

function figure({ task, context }: Experiment, base: Point, points: readonly Point[]): string {
  const { images } = context.study.budget;
  const scale = task.score === 'top1' ? 100 : 1;
  const series = (name: string, of: (point: Point) => Value) => ({
    name,
    points: [base, ...points].map((point): ChartPoint => {
      const { mean, half } = of(point);
      const x = Number(significant(point.cost.edap_Jsm2 * MJ_MS_MM2, 3));
      return { x, y: scale * mean, low: scale * (mean - half), high: scale * (mean + half) };
    }),
  });
  return lineChart({
    title: `${task.model}: accuracy against EDAP`,
    xLabel: 'EDAP, mJ ms mm2',
    yLabel: task.score === 'top1' ? 'top-1, %' : "Matthews' correlation",
    series: [
      series(`ideal, ${task.sizes.test} inputs`, point => scoreOf(task, point.ideal, task.sizes.test)),
      series(`on crossbars, ${images} inputs`, point => chipsValue(task, point.crossbars)),
      series('ideal, these inputs', point => ({ mean: float32Score(task, point.crossbars), half: 0 })),
    ],
  });
}
