/** A line chart with error bars as a self-contained SVG: readable at any size, in print and for colour-blind readers. */
import { largest, smallest } from '../base/extremes.ts';
import { log10, pow } from '../base/math.ts';
import { CHARACTER, COLORS, circle, FONT, line, px, shortened, svgText, text } from './svg.ts';

const WIDTH = 720;
const HEIGHT = 440;
const LINE_COLOR = '#555555';
const DASHES = ['7 4', '2 3', '10 3 2 3'];
const TICKS = 6;
const LEGEND_ROW = 22;
const CAP = 5;
/** Baseline of the upright label. */
const LABEL_X = 20;

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  /** Ends of the error bar; equal to y: none is drawn. */
  readonly low: number;
  readonly high: number;
}

export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly { readonly name: string; readonly points: readonly ChartPoint[] }[];
  /** Horizontal lines to compare with. */
  readonly lines?: readonly { readonly name: string; readonly y: number }[];
}

interface Scale {
  readonly ticks: readonly number[];
  label(tick: number): string;
  at(value: number): number;
}

/** The same chart gives the same text. @throws RangeError for a chart without points. */
export function lineChart({ title, xLabel, yLabel, series, lines = [] }: Chart): string {
  const points = series.flatMap(s => s.points);
  if (points.length === 0) throw new RangeError('a chart needs a point');
  const ys = [...points.flatMap(p => [p.low, p.high]), ...lines.map(l => l.y)];
  const yTicks = niceTicks(smallest(ys), largest(ys));
  const widest = largest(yTicks.ticks.map(t => t.toFixed(yTicks.digits).length));
  const left = Math.ceil(2.6 * FONT + widest * CHARACTER) + 14;
  const legend = legendRows(
    series.map(s => s.name),
    lines.map(l => l.name),
    left,
  );
  const [top, right] = [Math.round(3 * FONT), 24];
  const bottom = Math.round(4 * FONT) + legend.rows * LEGEND_ROW + 6;
  const [x0, x1, y0, y1] = [left, WIDTH - right, HEIGHT - bottom, top];
  const y = scaleOf(yTicks.ticks, yTicks.digits, y0, y1, [yTicks.ticks[0], yTicks.ticks.at(-1)!]);
  const x = xScale(
    points.map(p => p.x),
    x0,
    x1,
  );

  const parts = [
    text(WIDTH / 2, 1.6 * FONT, title, 'middle', 'font-weight="bold"'),
    ...grid(x, y, { x0, x1, y0, y1 }),
    text((x0 + x1) / 2, y0 + 2.9 * FONT, xLabel, 'middle'),
    text(LABEL_X, (y0 + y1) / 2, yLabel, 'middle', `transform="rotate(-90 ${LABEL_X} ${px((y0 + y1) / 2)})"`),
    ...lines.map(({ y: value }, i) => line(x0, y.at(value), x1, y.at(value), lineStyle(i))),
    ...series.flatMap((s, i) => seriesMarks(s.points, COLORS[i % COLORS.length], x, y)),
    ...legend.entries.map(({ name, at, row, index }) => {
      const middle = HEIGHT - legend.rows * LEGEND_ROW + row * LEGEND_ROW + 4;
      const isLine = index >= series.length;
      const color = COLORS[index % COLORS.length];
      const style = isLine ? lineStyle(index - series.length) : `stroke="${color}" stroke-width="2"`;
      const mark = isLine ? '' : circle(at + 14, middle, color);
      return (
        line(at, middle, at + 28, middle, style) + mark + text(at + 36, middle + FONT * 0.35, name, 'start')
      );
    }),
  ];
  return svgText(WIDTH, HEIGHT, parts);
}

/** Round numbers that cover low to high: steps of 1, 2 or 5 times a power of ten. */
export function niceTicks(low: number, high: number): { ticks: number[]; digits: number } {
  const range = high > low ? high - low : Math.abs(low) || 1;
  const [from, to] = high > low ? [low, high] : [low - range / 2, high + range / 2];
  const rough = range / (TICKS - 1);
  const power = Math.floor(log10(rough));
  const factor = [1, 2, 5, 10].find(f => f * pow(10, power) >= rough * (1 - 1e-9))!;
  const digits = Math.max(0, -(power + (factor === 10 ? 1 : 0)));
  const step = factor * pow(10, power);
  const first = Math.floor(from / step + 1e-9);
  const last = Math.ceil(to / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toFixed(digits)),
  );
  return { ticks, digits };
}

/** A tick at every value if there are few, else round numbers; the ends stand off the axis. */
function xScale(values: readonly number[], x0: number, x1: number): Scale {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  if (isLogarithmic(distinct)) return logScale(distinct, x0, x1);
  const [low, high] = [distinct[0], distinct.at(-1)!];
  const pad = high > low ? (high - low) * 0.05 : Math.abs(low) * 0.5 || 0.5;
  const round = niceTicks(low, high);
  const digits = Math.max(0, largest(distinct.map(v => (String(v).split('.')[1] ?? '').length)));
  const few = distinct.length <= 10 && distinct.length * (digits + 4) * CHARACTER < x1 - x0;
  const ticks = few ? distinct : round.ticks.filter(t => t >= low - pad && t <= high + pad);
  const scale = scaleOf(ticks, few ? digits : round.digits, x0, x1, [low - pad, high + pad]);
  return high < 1e-3 ? { ...scale, label: short } : scale;
}

const scaleOf = (
  ticks: readonly number[],
  digits: number,
  from: number,
  to: number,
  [low, high]: readonly [number, number],
): Scale => ({
  ticks,
  label: tick => tick.toFixed(digits),
  at: value => from + ((value - low) / (high - low)) * (to - from),
});

/** Sorted values over two decades or more whose ratios are more alike than their differences. */
function isLogarithmic(values: readonly number[]): boolean {
  if (values[0] <= 0 || values.at(-1)! < 100 * values[0]) return false;
  const unevenness = (of: readonly number[]): number => {
    const gaps = of.slice(1).map((value, i) => value - of[i]);
    return largest(gaps) / smallest(gaps);
  };
  return unevenness(values.map(Math.log)) < unevenness(values);
}

function logScale(values: readonly number[], x0: number, x1: number): Scale {
  const [low, high] = [log10(values[0]), log10(values.at(-1)!)];
  const pad = (high - low) * 0.05;
  const decades = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, i) => Math.ceil(low) + i);
  const powers = decades.map(exponent => Number(`1e${exponent}`));
  const { at } = scaleOf([], 0, x0, x1, [low - pad, high + pad]);
  return {
    ticks: values.length <= 8 ? values : powers,
    label: short,
    at: value => at(log10(value)),
  };
}

/** "250", "1e6". */
function short(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const plain = rounded === 0 || (Math.abs(rounded) >= 1e-3 && Math.abs(rounded) < 1e4);
  return plain ? String(rounded) : rounded.toExponential().replace('e+', 'e');
}

/** Pixels of the plot's corners. */
interface Frame {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

function grid(x: Scale, y: Scale, { x0, x1, y0, y1 }: Frame): string[] {
  const light = 'stroke="#dddddd"';
  return [
    ...y.ticks.map(
      t => line(x0, y.at(t), x1, y.at(t), light) + text(x0 - 8, y.at(t) + FONT * 0.35, y.label(t), 'end'),
    ),
    ...x.ticks.map(
      t =>
        line(x.at(t), y0, x.at(t), y0 + 6, 'stroke="#333333"') +
        text(x.at(t), y0 + 1.6 * FONT, x.label(t), 'middle'),
    ),
    line(x0, y0, x1, y0, 'stroke="#333333"'),
    line(x0, y0, x0, y1, 'stroke="#333333"'),
  ];
}

function seriesMarks(points: readonly ChartPoint[], color: string, x: Scale, y: Scale): string[] {
  const sorted = [...points].sort((a, b) => a.x - b.x);
  const path = sorted.map(p => `${px(x.at(p.x))},${px(y.at(p.y))}`).join(' ');
  const style = `stroke="${color}" stroke-width="1.5"`;
  return [
    `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>`,
    ...sorted.map(p => {
      const [at, low, high] = [x.at(p.x), y.at(p.low), y.at(p.high)];
      const bar =
        p.high > p.low
          ? line(at, low, at, high, style) +
            line(at - CAP, low, at + CAP, low, style) +
            line(at - CAP, high, at + CAP, high, style)
          : '';
      return bar + circle(at, y.at(p.y), color);
    }),
  ];
}

interface LegendEntry {
  readonly name: string;
  readonly index: number;
  readonly at: number;
  readonly row: number;
}

/** Entries side by side, in as many rows as they need. */
function legendRows(series: readonly string[], lines: readonly string[], left: number) {
  const entries: LegendEntry[] = [];
  let [at, row] = [left, 0];
  for (const [index, name] of [...series, ...lines].entries()) {
    const width = 36 + shortened(name).length * CHARACTER + 20;
    if (at > left && at + width > WIDTH) [at, row] = [left, row + 1];
    entries.push({ name, index, at, row });
    at += width;
  }
  return { entries, rows: row + 1 };
}

const lineStyle = (index: number): string =>
  `stroke="${LINE_COLOR}" stroke-width="1.5" stroke-dasharray="${DASHES[index % DASHES.length]}"`;
