/** Axes: a scale of d3 with round ticks, linear or logarithmic, and its lines and labels. */
import { scaleLinear, scaleLog } from 'd3-scale';
import type { FigureStyle } from './style.ts';
import { label, tag } from './style.ts';

/** Positive values that span more than this are drawn on a logarithmic axis. */
const LOG_FROM = 10;

export interface Axis {
  at(value: number): number;
  readonly ticks: readonly number[];
}

/** An axis for values from `low` to `high` over pixels `from` to `to`. */
export function axis(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  { log, count = 5 }: { log?: boolean; count?: number } = {},
): Axis {
  const isLog = log ?? (low > 0 && high / low > LOG_FROM);
  if (isLog) {
    const scale = scaleLog()
      .domain([low / 1.2, high * 1.2])
      .range([from, to]);
    const all = scale.ticks(count);
    const [powers, halves] = [ticksOf(all, '1'), ticksOf(all, '125')];
    const ticks = powers.length >= 3 ? powers : halves.length >= 2 ? halves : all;
    return { at: value => scale(value), ticks: thinned(ticks, count) };
  }
  const pad = high > low ? (high - low) * 0.05 : Math.abs(low) * 0.1 || 1;
  const scale = scaleLinear()
    .domain([low - pad, high + pad])
    .range([from, to]);
  return { at: value => scale(value), ticks: scale.ticks(count) };
}

/** Those that begin with one of `digits` and end there. */
const ticksOf = (ticks: readonly number[], digits: string): number[] =>
  ticks.filter(tick => digits.includes(tick.toExponential(0)[0]) && /^\de/.test(tick.toExponential()));

const thinned = (ticks: readonly number[], count: number): number[] => {
  const step = Math.ceil(ticks.length / (count + 1));
  return ticks.filter((_, i) => i % step === 0);
};

export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Ticks with lines across the frame, and the names of both axes. */
export function axes(
  x: Axis,
  y: Axis,
  frame: Frame,
  names: {
    readonly x: string;
    readonly y: string;
    readonly xTick: (v: number) => string;
    readonly yTick: (v: number) => string;
  },
  style: FigureStyle,
): string[] {
  const { left, right, top, bottom } = frame;
  const { fontSize: size, grid, ink, muted } = style;
  const soft = { ink: muted };
  return [
    ...x.ticks.map(
      tick =>
        tag('line', { x1: x.at(tick), x2: x.at(tick), y1: top, y2: bottom, stroke: grid }) +
        label({ x: x.at(tick), y: bottom + 1.3 * size, 'text-anchor': 'middle' }, names.xTick(tick), soft),
    ),
    ...y.ticks.map(
      tick =>
        tag('line', { x1: left, x2: right, y1: y.at(tick), y2: y.at(tick), stroke: grid }) +
        label(
          { x: left - 0.4 * size, y: y.at(tick) + 0.35 * size, 'text-anchor': 'end' },
          names.yTick(tick),
          soft,
        ),
    ),
    tag('line', { x1: left, x2: right, y1: bottom, y2: bottom, stroke: ink }),
    tag('line', { x1: left, x2: left, y1: top, y2: bottom, stroke: ink }),
    label({ x: (left + right) / 2, y: bottom + 2.7 * size, 'text-anchor': 'middle' }, names.x, style),
    label({ x: left, y: top - 0.6 * size, 'text-anchor': 'start' }, names.y, style),
  ];
}
