/** Operations a second over operations a byte, with the roofs of the chip; a colour a bound. */
import { largest, smallest } from '../../base/extremes.ts';
import { TERA } from '../../base/units.ts';
import type { Roofline } from '../html/roofline.ts';
import { axes, axis } from './axes.ts';
import { bare, shown } from './quantity.ts';
import { type FigureStyle, figure, hint, label, legend, tag } from './style.ts';

const boundsOf = ({ points }: Roofline): string[] => [...new Set(points.map(({ bound }) => bound))];

export function rooflineFigure(roofline: Roofline, style: FigureStyle): string {
  const { points, peak_ops_per_s: peak, bytes_per_s } = roofline;
  const { fontSize: size, width, colors, ink } = style;
  const height = Math.max(16 * size, width * 0.45);
  const frame = { left: 5 * size, right: width - size, top: 3.6 * size, bottom: height - 3.2 * size };
  const knee = bytes_per_s === null ? [] : [peak / bytes_per_s];
  const intensities = [...points.map(p => p.intensity), ...knee];
  const speeds = [...points.flatMap(p => [p.ops_per_s / TERA, p.peak_ops_per_s / TERA]), peak / TERA];
  const ends = (values: readonly number[]): [number, number] => [smallest(values) / 2, largest(values) * 2];
  const x = axis(ends(intensities), [frame.left, frame.right], { log: true });
  const y = axis(ends(speeds), [frame.bottom, frame.top], { log: true });
  const bounds = boundsOf(roofline);
  const [low] = ends(intensities);
  const roof: string[] = [];
  const roofLine = { stroke: ink, 'stroke-width': 1.5 };
  const peakY = y.at(peak / TERA);
  if (bytes_per_s === null)
    roof.push(tag('line', { x1: frame.left, x2: frame.right, y1: peakY, y2: peakY, ...roofLine }));
  else {
    const at = peak / bytes_per_s;
    const from = Math.max(low, (smallest(speeds) / 2 / bytes_per_s) * TERA);
    roof.push(
      tag('line', { x1: x.at(at), x2: frame.right, y1: peakY, y2: peakY, ...roofLine }),
      tag('line', {
        x1: x.at(from),
        y1: y.at((from * bytes_per_s) / TERA),
        x2: x.at(at),
        y2: peakY,
        ...roofLine,
      }),
    );
  }
  // How far a layer is from what its own crossbars reach.
  const ways = points.map(({ intensity, ops_per_s, peak_ops_per_s }) =>
    tag('line', {
      x1: x.at(intensity),
      x2: x.at(intensity),
      y1: y.at(ops_per_s / TERA),
      y2: y.at(peak_ops_per_s / TERA),
      stroke: ink,
      'stroke-dasharray': '2 2',
    }),
  );
  const marks = points.map(({ intensity, ops_per_s, bound, busiest, share, step, peak_ops_per_s }, i) => {
    const what = `${step}: ${bare(ops_per_s / TERA, 3)} TOPS, ${bare(intensity, 3)} op/B; its PEs reach ${bare(peak_ops_per_s / TERA, 3)} TOPS; busiest: ${busiest}, ${bare(share * 100, 3)} % of its ${shown('_s', points[i].time_s, 3)}`;
    return tag(
      'circle',
      {
        cx: x.at(intensity),
        cy: y.at(ops_per_s / TERA),
        r: size * 0.38,
        fill: colors[bounds.indexOf(bound) % colors.length],
        'fill-opacity': 0.75,
        'data-point': String(i),
      },
      hint(what),
    );
  });
  const names = { x: 'operations a byte of the global buffer', y: 'TOPS (1 MAC = 2 operations)' };
  const tick = (value: number): string => bare(value, 3);
  const key = legend(
    bounds.map((name, i) => ({ name: `bound: ${name}`, color: colors[i % colors.length] })),
    style,
    frame.left,
    height,
  );
  return figure(style, height + key.height + size * 0.4, 'Roofline of the layers', [
    label(
      { x: 0, y: 1.3 * size, 'font-weight': 'bold' },
      'Roofline: layers under the roofs of the chip',
      style,
    ),
    ...axes(x, y, frame, { x: names.x, y: names.y, xTick: tick, yTick: tick }, style),
    ...roof,
    label(
      { x: frame.right, y: peakY - 0.5 * size, 'text-anchor': 'end' },
      `all crossbars: ${bare(peak / TERA, 3)} TOPS`,
      style,
    ),
    ...ways,
    ...marks,
    ...key.marks,
  ]);
}
