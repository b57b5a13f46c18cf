/** The timeline of one image, or of several, as a still: steps by unit or by image, and how many of each kind of resource were at work. */
import { largest } from '../../base/extremes.ts';
import { toSeconds } from '../../sim/tick.ts';
import { binned } from '../html/intervals.ts';
import type { Timeline } from '../html/timeline.ts';
import { UNITS } from '../html/trees.ts';
import { axis } from './axes.ts';
import { shown } from './quantity.ts';
import { type FigureStyle, figure, fitting, hint, label, legend, tag, textWidth } from './style.ts';

type Unit = Timeline['units'][number];

/** Of one unit, which has a row of its own: another unit may use the same colours. */
const stagesIn = ({ steps }: Pick<Unit, 'steps'>): string[] => [...new Set(steps.map(({ stage }) => stage))];

/** Stages in the order of their colours, by row: each unit has its own, images have the same. */
export function stagesOf({ units, byImage }: Pick<Timeline, 'units' | 'byImage'>): string[][] {
  const all = byImage ? stagesIn({ steps: units.flatMap(({ steps }) => steps) }) : undefined;
  return units.map(unit => all ?? stagesIn(unit));
}

/** The unit whose colours a legend explains: crossbars that read, which a floorplan colours likewise. */
const explained = (units: readonly Unit[], stages: readonly string[][]): readonly string[] =>
  stages[
    Math.max(
      0,
      units.findIndex(({ name }) => name === UNITS.read),
    )
  ] ?? [];

export const timelineTitle = ({ byImage }: Pick<Timeline, 'byImage'>): string =>
  byImage ? 'Timeline of images that overlap' : 'Timeline of one image';

/** `window`: ticks of the image that are drawn. */
export function timelineFigure(
  timeline: Timeline,
  window: readonly [number, number],
  style: FigureStyle,
): string {
  const { units, resources } = timeline;
  const { fontSize: size, width, colors, grid, muted, paper } = style;
  const names = [...units.map(unit => unit.name), ...resources.map(({ name }) => name)];
  const widest = largest([0, ...names.map(name => textWidth(name, size))]);
  const left = Math.min(width * 0.3, widest + size);
  const right = width - size * 1.5;
  const row = 2.1 * size;
  const top = 2.4 * size;
  const bottom = top + names.length * row;
  const ofRow = stagesOf(timeline);
  const stages = explained(units, ofRow);
  const [from, to] = window;
  const x = axis([from, to], [left, right], { log: false });
  const at = (tick: number): number =>
    left + ((Math.min(to, Math.max(from, tick)) - from) / (to - from)) * (right - left);
  const ticks = x.ticks.filter(tick => tick >= from && tick <= to);
  const bars = units.flatMap(({ name, steps }, i) => {
    const own = ofRow[i];
    const y = top + i * row;
    return [
      label(
        { x: left - size * 0.5, y: y + size * 1.25, 'text-anchor': 'end' },
        fitting(name, left - size * 0.5, size),
        style,
      ),
      ...steps
        .filter(step => step.end > from && step.start < to)
        .map(step =>
          tag(
            'rect',
            {
              x: at(step.start),
              y: y + 3,
              width: Math.max(0.6, at(step.end) - at(step.start)),
              height: row - 6,
              fill: colors[own.indexOf(step.stage) % colors.length],
              stroke: paper,
              'stroke-width': 0.3,
            },
            hint(`${step.step}: ${shown('_s', toSeconds(step.end - step.start))}`),
          ),
        ),
    ];
  });
  const count = Math.max(1, Math.floor(right - left));
  const areas = resources.map(({ name, all, slices, average }, i) => {
    const y = top + (units.length + i) * row;
    const { busy } = binned(slices, window, count, average);
    const wide = (to - from) / count;
    const most = largest(busy) || 1;
    const heights = Array.from(busy, value => (row - 6) * (value / most));
    const path = heights.map((h, b) => `L${(left + b).toFixed(1)} ${(y + row - 3 - h).toFixed(1)}`).join('');
    const top_ = most / wide;
    return (
      label(
        { x: left - size * 0.5, y: y + size * 1.25, 'text-anchor': 'end' },
        fitting(name, left - size * 0.5, size),
        style,
      ) +
      tag(
        'path',
        {
          d: `M${left.toFixed(1)} ${(y + row - 3).toFixed(1)}${path}L${(left + count).toFixed(1)} ${(y + row - 3).toFixed(1)}Z`,
          fill: muted,
        },
        hint(`${name}: at most ${top_.toPrecision(3)} of ${all} at work`),
      )
    );
  });
  const heading = timeline.byImage
    ? 'Images that overlap, and resources at work'
    : 'One image: units, and resources at work';
  const key = legend(
    stages.map((name, i) => ({ name, color: colors[i % colors.length] })),
    style,
    0,
    bottom + 2 * size,
  );
  return figure(style, bottom + 2 * size + key.height + size * 0.4, timelineTitle(timeline), [
    label({ x: 0, y: 1.3 * size, 'font-weight': 'bold' }, heading, style),
    ...ticks.map(
      tick =>
        tag('line', { x1: at(tick), x2: at(tick), y1: top, y2: bottom, stroke: grid }) +
        label(
          { x: at(tick), y: bottom + 1.2 * size, 'text-anchor': 'middle' },
          shown('_s', toSeconds(tick), 3),
          { ink: muted },
        ),
    ),
    ...bars,
    ...areas,
    ...key.marks,
  ]);
}
