/** Figures of a study: points with their Pareto front, main effects of what was varied, and parallel coordinates. */
import { extent } from 'd3-array';
import { line } from 'd3-shape';
import { largest } from '../../base/extremes.ts';
import {
  effectsOf,
  isBetterMore,
  paretoOf,
  type StudyReport,
  type StudyValue,
  sizesOf,
} from '../html/study-report.ts';
import { type Axis, axes, axis } from './axes.ts';
import { coloring, pointText } from './coloring.ts';
import { bare, shown, titleOf } from './quantity.ts';
import { type FigureStyle, figure, fitting, hint, label, legend, tag, textWidth } from './style.ts';

const ends = (values: readonly number[]): [number, number] => {
  const [low = 0, high = 1] = extent(values);
  return [low, high];
};

/** Opacity and width of a mark among so many that they cover each other. */
const crowding = (count: number): number => Math.min(1, Math.sqrt(150 / Math.max(1, count)));

/** `selected`: those that are not dimmed; absent: all. */
export function paretoFigure(
  study: StudyReport,
  [x, y]: readonly [string, string],
  style: FigureStyle,
  selected?: ReadonlySet<number>,
): string {
  const { points } = study;
  const { fontSize: size, width, colors, ink } = style;
  const height = Math.max(18 * size, width * 0.6);
  const frame = { left: 6 * size, right: width - size, top: 3.6 * size, bottom: height - 3.2 * size };
  const xs = points.map(({ metrics }) => metrics[x]);
  const ys = points.map(({ metrics }) => metrics[y]);
  const across = axis(ends(xs), [frame.left, frame.right]);
  const up = axis(ends(ys), [frame.bottom, frame.top]);
  const front = paretoOf(points, x, y);
  const { by, values, index } = coloring(study);
  const stairs = line<number>(
    i => across.at(xs[i]),
    i => up.at(ys[i]),
  )(front);
  const onFront = new Set(front);
  const marks = points.map((point, i) =>
    tag(
      'circle',
      {
        cx: across.at(xs[i]),
        cy: up.at(ys[i]),
        r: size * (onFront.has(i) ? 0.42 : 0.32),
        fill: colors[index(point) % colors.length],
        stroke: onFront.has(i) ? ink : undefined,
        'stroke-width': onFront.has(i) ? 1.4 : undefined,
        'fill-opacity':
          selected === undefined || selected.has(i) ? 0.25 + 0.6 * crowding(points.length) : 0.12,
        'data-point': String(i),
      },
      hint(`${pointText(point)}: ${shown(x, xs[i])}, ${shown(y, ys[i])}`),
    ),
  );
  const key = legend(
    by === undefined
      ? []
      : values.map((value, i) => ({ name: `${by} ${value}`, color: colors[i % colors.length] })),
    style,
    frame.left,
    height,
  );
  return figure(style, height + key.height + size * 0.4, `${titleOf(y)} over ${titleOf(x)}`, [
    label(
      { x: 0, y: 1.3 * size, 'font-weight': 'bold' },
      `${titleOf(y)} over ${titleOf(x)}; the line joins the Pareto front`,
      style,
    ),
    ...axes(
      across,
      up,
      frame,
      { x: worded(x), y: worded(y), xTick: v => shown(x, v, 3), yTick: v => shown(y, v, 3) },
      style,
    ),
    tag('path', { d: stairs ?? '', fill: 'none', stroke: ink, 'stroke-width': 1.3 }),
    ...marks,
    ...key.marks,
  ]);
}

const worded = (metric: string): string =>
  `${titleOf(metric)} (${isBetterMore(metric) ? 'more' : 'less'} is better)`;

/** A small panel per path. */
export function effectsFigure(study: StudyReport, metric: string, style: FigureStyle): string {
  const effects = effectsOf(study, metric);
  const { fontSize: size, width, colors, muted } = style;
  const perRow = Math.max(1, Math.min(effects.length, Math.floor(width / (17 * size))));
  const wide = width / perRow;
  const high = 14 * size;
  const all = effects.flatMap(({ means }) => means.map(({ mean }) => mean));
  const rows = Math.ceil(effects.length / perRow);
  const panels = effects.map(({ path, means }, e) => {
    const left = (e % perRow) * wide;
    const top = 2.4 * size + Math.floor(e / perRow) * high;
    const frame = {
      left: left + 5.2 * size,
      right: left + wide - size,
      top: top + 2 * size,
      bottom: top + high - 3 * size,
    };
    const y = axis(ends(all), [frame.bottom, frame.top], { count: 4 });
    const step = (frame.right - frame.left) / means.length;
    const at = (i: number): number => frame.left + (i + 0.5) * step;
    const none: Axis = { at: v => v, ticks: [] };
    const path_ = line<number>(
      i => at(i),
      i => y.at(means[i].mean),
    )([...means.keys()]);
    const every = Math.ceil(largest(means.map(({ value }) => textWidth(shortOf(value), size))) / step);
    const beside = Math.min(Math.max(1, every), means.length);
    // There is room for a second line, so that none is left out.
    const lines = beside === 2 ? 2 : 1;
    return [
      ...axes(none, y, frame, { x: '', y: '', xTick: String, yTick: v => shown(metric, v, 3) }, style),
      label(
        { x: frame.left, y: top + 1.2 * size, 'font-weight': 'bold' },
        fitting(path, wide - 6 * size, size),
        style,
      ),
      tag('path', { d: path_ ?? '', fill: 'none', stroke: colors[0], 'stroke-width': 1.5 }),
      ...means.map(
        ({ value, mean, points }, i) =>
          tag(
            'circle',
            { cx: at(i), cy: y.at(mean), r: size * 0.32, fill: colors[0] },
            hint(`${path}=${value}: ${shown(metric, mean)}, mean of ${points}`),
          ) +
          (i % beside < lines
            ? label(
                { x: at(i), y: frame.bottom + (1.3 + 1.2 * (i % lines)) * size, 'text-anchor': 'middle' },
                fitting(shortOf(value), step * beside, size),
                { ink: muted },
              )
            : ''),
      ),
    ].join('');
  });
  return figure(style, 2.8 * size + rows * high, `Main effects on ${titleOf(metric)}`, [
    label(
      { x: 0, y: 1.3 * size, 'font-weight': 'bold' },
      `Main effects: mean ${titleOf(metric)} for each value`,
      style,
    ),
    ...panels,
  ]);
}

const shortOf = (value: StudyValue): string => (typeof value === 'number' ? bare(value, 3) : String(value));

/** A line per point over an axis per path and figure. */
export function parallelFigure(
  study: StudyReport,
  metrics: readonly string[],
  style: FigureStyle,
  selected?: ReadonlySet<number>,
): string {
  const { points, paths } = study;
  const { fontSize: size, width, colors, muted, ink, paper } = style;
  const names = [...paths, ...metrics];
  const height = 24 * size;
  const [top, bottom, left, right] = [5 * size, height - 2.4 * size, 2 * size, width - 9.5 * size];
  const step = names.length > 1 ? (right - left) / (names.length - 1) : 0;
  const scales = names.map((name, n) => {
    const isMetric = n >= paths.length;
    const values = points.map(
      ({ point, metrics: of }): StudyValue => (isMetric ? of[name] : (point[name] ?? null)),
    );
    const sizes = sizesOf(values);
    if (sizes !== undefined) {
      const range = ends(sizes);
      const scale = axis(range, [bottom, top]);
      const text = (v: number): string =>
        isMetric ? shown(name, v, 3) : shortOf(values[sizes.indexOf(v)] ?? v);
      return {
        y: (i: number) => scale.at(sizes[i]),
        marks: range.map(v => ({ y: scale.at(v), text: text(v) })),
      };
    }
    const kinds = [...new Set(values)];
    const at = (value: StudyValue): number =>
      bottom - ((kinds.indexOf(value) + 0.5) / kinds.length) * (bottom - top);
    return {
      y: (i: number) => at(values[i]),
      // As many as can be read.
      marks: kinds
        .filter((_, k) => k % Math.ceil((kinds.length * 1.3 * size) / (bottom - top)) === 0)
        .map(value => ({ y: at(value), text: shortOf(value) })),
    };
  });
  const { index } = coloring(study);
  const shownCount = selected?.size ?? points.length;
  const crowd = crowding(shownCount);
  const lines = points.map((point, i) => {
    const d = line<number>(
      n => left + n * step,
      n => scales[n].y(i),
    )([...names.keys()]);
    const isShown = selected === undefined || selected.has(i);
    return tag(
      'path',
      {
        d: d ?? '',
        fill: 'none',
        stroke: colors[index(point) % colors.length],
        'stroke-width': 0.4 + 0.8 * crowd,
        // Of many, those that are chosen must stand out.
        opacity: String(
          isShown ? Math.max(0.04, (shownCount === points.length ? 0.6 : 0.9) * crowd) : 0.06 * crowd,
        ),
        'data-point': String(i),
      },
      hint(pointText(point)),
    );
  });
  const room = Math.max(step, 6 * size) - size * 0.5;
  // Readable over the lines that pass behind.
  const halo = { stroke: paper, 'stroke-width': 3, 'paint-order': 'stroke' };
  const verticals = names.map((name, n) => {
    const x = left + n * step;
    return (
      tag('line', { x1: x, x2: x, y1: top, y2: bottom, stroke: ink }) +
      label(
        { x: x - size * 0.5, y: 3 * size + (n % 2) * 1.3 * size },
        fitting(n < paths.length ? name : titleOf(name), 2 * room, size),
        style,
      ) +
      scales[n].marks
        .map(({ y, text }) =>
          label(
            { x: x + size * 0.3, y: y + (y > (top + bottom) / 2 ? 1.1 : -0.3) * size, ...halo },
            fitting(text, room, size),
            { ink: muted },
          ),
        )
        .join('')
    );
  });
  return figure(style, height, 'Parallel coordinates', [
    label({ x: 0, y: 1.3 * size, 'font-weight': 'bold' }, 'Parallel coordinates: a line a point', style),
    ...lines,
    ...verticals,
  ]);
}
