/** Figures of a study over another: a colour for each value of what was varied, a dash for each figure. */
import { extent } from 'd3-array';
import { line } from 'd3-shape';
import type { StudyReport } from '../html/study-report.ts';
import { axes, axis } from './axes.ts';
import { coloring, pointText } from './coloring.ts';
import { shown, titleOf } from './quantity.ts';
import { type FigureStyle, figure, hint, label, legend, tag, textWidth } from './style.ts';

const DASHES: readonly (string | undefined)[] = [undefined, '6 3', '2 2', '8 2 2 2'];
/** Figures that one picture can tell apart. */
export const MOST_LINES = DASHES.length;

/** Points in the order of `x`, those of one colour joined. */
export function linesFigure(
  study: StudyReport,
  x: string,
  ys: readonly string[],
  style: FigureStyle,
): string {
  const { points } = study;
  const { fontSize: size, width, colors } = style;
  const height = Math.max(20 * size, width * 0.62);
  const frame = { left: 6 * size, right: width - size, top: 3.6 * size, bottom: height - 3.2 * size };
  const [left = 0, right = 1] = extent(points.map(({ metrics }) => metrics[x]));
  const [low = 0, high = 1] = extent(points.flatMap(({ metrics }) => ys.map(y => metrics[y])));
  const across = axis([left, right], [frame.left, frame.right]);
  const up = axis([low, high], [frame.bottom, frame.top]);
  const { by, values, index } = coloring(study);
  const groups = [...new Set(points.map(index))];
  const marks = groups.flatMap(group => {
    const stroke = colors[group % colors.length];
    const own = points.filter(point => index(point) === group);
    const sorted = own.toSorted((a, b) => a.metrics[x] - b.metrics[x]);
    return ys.flatMap((y, i) => [
      tag('path', {
        d:
          line<(typeof sorted)[number]>(
            ({ metrics }) => across.at(metrics[x]),
            ({ metrics }) => up.at(metrics[y]),
          )(sorted) ?? '',
        fill: 'none',
        stroke,
        'stroke-width': 1.5,
        'stroke-dasharray': DASHES[i],
      }),
      ...sorted.map(point =>
        tag(
          'circle',
          { cx: across.at(point.metrics[x]), cy: up.at(point.metrics[y]), r: size * 0.28, fill: stroke },
          hint(`${pointText(point)}: ${shown(x, point.metrics[x])}, ${shown(y, point.metrics[y])}`),
        ),
      ),
    ]);
  });
  const key = legend(
    by === undefined
      ? []
      : values.map((value, i) => ({ name: String(value), color: colors[i % colors.length] })),
    style,
    frame.left,
    height,
  );
  const dashes = ys.length === 1 ? [] : dashKey(ys, style, frame.left, height + key.height);
  const foot = height + key.height + (dashes.length > 0 ? 1.6 * size : 0) + size * 0.4;
  const title = `${titleOf(commonOf(ys))} over ${titleOf(x)}`;
  return figure(style, foot, title, [
    label({ x: 0, y: 1.3 * size, 'font-weight': 'bold' }, title, style),
    ...axes(
      across,
      up,
      frame,
      {
        x: titleOf(x),
        y: titleOf(commonOf(ys)),
        xTick: v => shown(x, v, 3),
        yTick: v => shown(ys[0], v, 3),
      },
      style,
    ),
    ...marks,
    ...key.marks,
    ...dashes,
  ]);
}

/** The name of the block that all are in; of one, its own. */
function commonOf(names: readonly string[]): string {
  if (names.length === 1) return names[0];
  const parts = names.map(name => name.split('.'));
  const most = parts[0].findIndex((part, i) => parts.some(other => other[i] !== part));
  return most < 1 ? names.join(', ') : parts[0].slice(0, most).join('.');
}

/** A stroke and a name for each figure. */
function dashKey(ys: readonly string[], style: FigureStyle, left: number, top: number): string[] {
  const { fontSize: size, ink } = style;
  const common = commonOf(ys);
  let x = left;
  return ys.flatMap((y, i) => {
    const name = y.startsWith(`${common}.`) ? y.slice(common.length + 1) : titleOf(y);
    const at = x;
    x += 3.4 * size + textWidth(name, size) + size;
    const middle = top + 0.5 * size;
    return [
      tag('line', {
        x1: at,
        x2: at + 2.6 * size,
        y1: middle,
        y2: middle,
        stroke: ink,
        'stroke-width': 1.5,
        'stroke-dasharray': DASHES[i],
      }),
      label({ x: at + 3 * size, y: top + 0.85 * size }, name, style),
    ];
  });
}
