/** A scatter of points with their Pareto front as a self-contained SVG; an axis is logarithmic where its values span much. */
import { largest } from '../base/extremes.ts';
import { log10 } from '../base/math.ts';
import { CHARACTER, COLORS, circle, FONT, line, px, shortened, svgText, text } from './svg.ts';
import { niceTicks } from './svg-chart.ts';

const WIDTH = 760;
const HEIGHT = 520;
const TOP = 44;
const RIGHT = 28;
const LEGEND_ROW = 22;
const LABEL_X = 20;
/** Values that span more than this are drawn on a logarithmic axis. */
const LOG_FROM = 8;
const LABEL_FONT = 11;
const FRONT = '#222222';
/** The line of the front keeps labels away at points this far from each other. */
const LINE_STEP = 5;

export interface Scatter {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Flat lists x, y, x, y, ... per series. */
  readonly series: readonly { readonly name: string; readonly xy: readonly number[] }[];
  /** In the order of x, joined by a line. */
  readonly front: readonly { readonly x: number; readonly y: number; readonly label: string }[];
}

interface Axis {
  readonly ticks: readonly number[];
  label(tick: number): string;
  at(value: number): number;
}

/** The same chart gives the same text. @throws RangeError for a chart without points. */
export function scatterChart({ title, xLabel, yLabel, series, front }: Scatter): string {
  if (series.every(s => s.xy.length === 0)) throw new RangeError('a chart needs a point');
  const legend = legendRows(series.map(s => s.name));
  const [x1, y0] = [WIDTH - RIGHT, HEIGHT - 4 * FONT - legend.rows * LEGEND_ROW - 6];
  const y = axis(ends(series, 1), y0, TOP);
  const widest = largest(y.ticks.map(t => y.label(t).length));
  const x0 = Math.ceil(2.6 * FONT + widest * CHARACTER) + 14;
  const x = axis(ends(series, 0), x0, x1);
  const light = 'stroke="#dddddd"';
  const dark = 'stroke="#333333"';
  const parts = [
    text(WIDTH / 2, 1.6 * FONT, title, 'middle', 'font-weight="bold"'),
    ...y.ticks.map(
      t => line(x0, y.at(t), x1, y.at(t), light) + text(x0 - 8, y.at(t) + FONT * 0.35, y.label(t), 'end'),
    ),
    ...x.ticks.map(
      t => line(x.at(t), y0, x.at(t), TOP, light) + text(x.at(t), y0 + 1.6 * FONT, x.label(t), 'middle'),
    ),
    line(x0, y0, x1, y0, dark),
    line(x0, y0, x0, TOP, dark),
    text((x0 + x1) / 2, y0 + 2.9 * FONT, xLabel, 'middle'),
    text(
      LABEL_X,
      (y0 + TOP) / 2,
      yLabel,
      'middle',
      `transform="rotate(-90 ${LABEL_X} ${px((y0 + TOP) / 2)})"`,
    ),
    ...series.flatMap((s, i) => marks(s.xy, COLORS[i % COLORS.length], x, y)),
    ...frontMarks(front, series, x, y, x1),
    ...legend.entries.flatMap(({ name, at, row, index }) => {
      const middle = HEIGHT - legend.rows * LEGEND_ROW + row * LEGEND_ROW + 4;
      const isFront = index === series.length;
      const mark = isFront
        ? line(at, middle, at + 20, middle, `stroke="${FRONT}" stroke-width="1.5"`) + ring(at + 10, middle)
        : circle(at + 10, middle, COLORS[index % COLORS.length]);
      return [mark, text(at + 28, middle + FONT * 0.35, name, 'start')];
    }),
  ];
  return svgText(WIDTH, HEIGHT, parts);
}

/** Least and largest value of one coordinate. */
function ends(series: Scatter['series'], offset: 0 | 1): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const { xy } of series)
    for (let i = offset; i < xy.length; i += 2) {
      if (xy[i] < low) low = xy[i];
      if (xy[i] > high) high = xy[i];
    }
  return [low, high];
}

function axis([low, high]: readonly [number, number], from: number, to: number): Axis {
  if (low > 0 && high / low >= LOG_FROM) return logAxis(low, high, from, to);
  const { ticks, digits } = niceTicks(low, high);
  const [first, last] = [ticks[0], ticks[ticks.length - 1]];
  return {
    ticks,
    label: tick => tick.toFixed(digits),
    at: value => from + ((value - first) / (last - first)) * (to - from),
  };
}

/** Ticks at 1, 2 and 5 times powers of ten, fewer where there are many powers. */
function logAxis(low: number, high: number, from: number, to: number): Axis {
  const [a, b] = [log10(low) - 0.05, log10(high) + 0.05];
  const factors = b - a > 3 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(a); power <= Math.ceil(b); power++)
    for (const factor of factors) {
      const tick = Number(`${factor}e${power}`);
      if (log10(tick) >= a && log10(tick) <= b) ticks.push(tick);
    }
  return {
    ticks,
    label: tick => (tick >= 1e5 || tick < 1e-3 ? tick.toExponential(0) : String(tick)),
    at: value => from + ((log10(value) - a) / (b - a)) * (to - from),
  };
}

function marks(xy: readonly number[], color: string, x: Axis, y: Axis): string[] {
  const result: string[] = [];
  for (let i = 0; i < xy.length; i += 2) result.push(circle(x.at(xy[i]), y.at(xy[i + 1]), color, 3));
  return result;
}

function frontMarks(
  front: Scatter['front'],
  series: Scatter['series'],
  x: Axis,
  y: Axis,
  right: number,
): string[] {
  if (front.length === 0) return [];
  const at = front.map(p => ({ x: x.at(p.x), y: y.at(p.y), label: p.label }));
  const path = at.map(p => `${px(p.x)},${px(p.y)}`).join(' ');
  return [
    `<polyline points="${path}" fill="none" stroke="${FRONT}" stroke-width="1.5"/>`,
    ...at.map(p => ring(p.x, p.y)),
    ...labels(at, [...dots(series, x, y), ...steps(at)], right),
  ];
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const around = (x: number, y: number, radius: number): Box => {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
};

function dots(series: Scatter['series'], x: Axis, y: Axis): Box[] {
  return series.flatMap(({ xy }) => {
    const boxes: Box[] = [];
    for (let i = 0; i < xy.length; i += 2) boxes.push(around(x.at(xy[i]), y.at(xy[i + 1]), 3));
    return boxes;
  });
}

/** The line of the front as small boxes along it. */
function steps(at: readonly { x: number; y: number }[]): Box[] {
  return at.slice(1).flatMap((end, i) => {
    const start = at[i];
    const count = Math.ceil(Math.sqrt((end.x - start.x) ** 2 + (end.y - start.y) ** 2) / LINE_STEP);
    return Array.from({ length: count }, (_, k) => {
      const share = (k + 0.5) / count;
      return around(start.x + share * (end.x - start.x), start.y + share * (end.y - start.y), 2);
    });
  });
}

/** A label beside each ring, above or below it, where nothing is drawn yet; the ends of the front come first. */
function labels(
  at: readonly { x: number; y: number; label: string }[],
  drawn: readonly Box[],
  right: number,
): string[] {
  const taken: Box[] = [...at.map(p => around(p.x, p.y, 6)), ...drawn];
  const order = [...at.keys()].sort((a, b) => endDistance(a, at.length) - endDistance(b, at.length));
  return order.flatMap(i => {
    const label = shortened(at[i].label, 34);
    const width = label.length * 0.62 * LABEL_FONT;
    for (const [side, below] of [
      [1, 0],
      [-1, 0],
      [1, 1],
      [-1, 1],
    ]) {
      const left = side === 1 ? at[i].x + 8 : at[i].x - 8 - width;
      const baseline = at[i].y + (below === 1 ? 16 : -7);
      const box = { left, right: left + width, top: baseline - LABEL_FONT, bottom: baseline + 2 };
      if (left < 0 || box.right > right || box.top < 0 || taken.some(other => overlap(box, other))) continue;
      taken.push(box);
      const anchor = side === 1 ? 'start' : 'end';
      return [text(at[i].x + 8 * side, baseline, label, anchor, `font-size="${LABEL_FONT}"`)];
    }
    return [];
  });
}

const endDistance = (i: number, length: number): number => Math.min(i, length - 1 - i);

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const ring = (x: number, y: number): string =>
  `<circle cx="${px(x)}" cy="${px(y)}" r="6" fill="none" stroke="${FRONT}" stroke-width="1.5"/>`;

/** Entries side by side, in as many rows as they need; the front is the last. */
function legendRows(series: readonly string[]) {
  const entries: { name: string; index: number; at: number; row: number }[] = [];
  let [at, row] = [24, 0];
  for (const [index, name] of [...series, 'Pareto front'].entries()) {
    const width = 28 + shortened(name).length * CHARACTER + 18;
    if (at > 24 && at + width > WIDTH) [at, row] = [24, row + 1];
    entries.push({ name, index, at, row });
    at += width;
  }
  return { entries, rows: row + 1 };
}
