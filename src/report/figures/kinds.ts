/** The figures that a report is made of, one by one: what each is of, and what it can be asked for. */
import type { RunReport } from '../html/run-report.ts';
import type { StudyReport } from '../html/study-report.ts';
import { unpackedTimeline } from '../html/timeline.ts';
import type { Tree } from '../html/trees.ts';
import { barsFigure } from './bars.ts';
import { type Coloring, floorplanFigure } from './floorplan.ts';
import { linesFigure } from './lines.ts';
import { shown, titleOf } from './quantity.ts';
import { rooflineFigure } from './roofline.ts';
import { effectsFigure, parallelFigure, paretoFigure } from './study.ts';
import type { FigureStyle } from './style.ts';
import { timelineFigure } from './timeline.ts';

/** Figures beside the paths in parallel coordinates. */
const MOST_METRICS = 4;

export interface FigureOptions {
  readonly metric?: string | undefined;
  readonly by: Tree['by'];
  readonly tiles: Coloring;
  readonly x?: string | undefined;
  readonly y?: string | undefined;
}

const bars = (
  { trees }: RunReport,
  { metric = trees[0].metric, by }: FigureOptions,
  style: FigureStyle,
): string => {
  const { root } = trees.find(tree => tree.metric === metric && tree.by === by) ?? trees[0];
  const rows = (root.children ?? []).map(({ name, value }) => ({
    name,
    value,
    label: `${shown(metric, value, 3)}, ${((100 * value) / root.value).toPrecision(3)} %`,
  }));
  return barsFigure(`${titleOf(metric)} of ${root.name}: ${shown(metric, root.value)}`, rows, style);
};

/** Of a run. */
export const RUN_FIGURES = {
  breakdown: bars,
  floorplan: ({ floorplan }: RunReport, { tiles }: FigureOptions, style: FigureStyle) =>
    floorplanFigure(floorplan, tiles, style),
  timeline: ({ timeline }: RunReport, _: FigureOptions, style: FigureStyle) => {
    const time = unpackedTimeline(timeline);
    return timelineFigure(time, [0, time.end], style);
  },
  roofline: ({ roofline }: RunReport, _: FigureOptions, style: FigureStyle) =>
    rooflineFigure(roofline, style),
} as const;

/** Of a study. */
export const STUDY_FIGURES = {
  pareto: (study: StudyReport, { x, y }: FigureOptions, style: FigureStyle) =>
    paretoFigure(study, [x ?? study.metrics[0], y ?? study.metrics[1] ?? study.metrics[0]], style),
  effects: (study: StudyReport, { metric }: FigureOptions, style: FigureStyle) =>
    effectsFigure(study, metric ?? study.metrics[0], style),
  lines: (study: StudyReport, { x, y }: FigureOptions, style: FigureStyle) =>
    linesFigure(study, x ?? study.metrics[0], (y ?? study.metrics[1] ?? study.metrics[0]).split(','), style),
  parallel: (study: StudyReport, _: FigureOptions, style: FigureStyle) =>
    parallelFigure(study, study.metrics.slice(0, MOST_METRICS), style),
} as const;

export type RunFigure = keyof typeof RUN_FIGURES;
export type StudyFigure = keyof typeof STUDY_FIGURES;
