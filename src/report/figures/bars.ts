/** Parts of a whole as horizontal bars, the largest first: one level of a tree. */
import { largest } from '../../base/extremes.ts';
import { sum } from '../../base/sum.ts';
import { type FigureStyle, figure, fitting, hint, label, tag, textWidth } from './style.ts';

export interface BarRow {
  readonly name: string;
  readonly value: number;
  /** Stands behind the bar. */
  readonly label: string;
  /** Marks the bar for those who listen to it; absent: nothing lies below. */
  readonly key?: string;
}

/** A bar that opens nothing is paler than those that do. */
const LEAF_OPACITY = 0.55;

/** `most`: rows shown; what is left is one bar. */
export function barsFigure(title: string, rows: readonly BarRow[], style: FigureStyle, most = 24): string {
  const { fontSize: size, width, colors, muted } = style;
  const sorted = [...rows].sort((a, b) => b.value - a.value);
  const rest = sorted.slice(most);
  const shown: readonly BarRow[] =
    rest.length === 0
      ? sorted
      : [
          ...sorted.slice(0, most),
          { name: `${rest.length} others`, value: sum(rest, r => r.value), label: '' },
        ];
  const opens = shown.some(row => row.key !== undefined);
  const step = 2 * size;
  const widest = largest([0, ...shown.map(row => textWidth(row.name, size))]);
  const nameRoom = Math.min(width * 0.38, widest + size);
  const labelRoom = largest([0, ...shown.map(row => textWidth(row.label, size))]) + size;
  const room = Math.max(size, width - nameRoom - labelRoom - size);
  const most_ = largest([0, ...shown.map(row => row.value)]);
  const top = 2.4 * size;
  const marks = shown.map((row, i) => {
    const y = top + i * step;
    const wide = most_ > 0 ? Math.max(1, (room * row.value) / most_) : 1;
    const parts = [
      // Also the name of a button.
      hint(`${row.name}: ${row.label}${row.key === undefined ? '' : '; show its parts'}`),
      tag('rect', { x: 0, y, width, height: step - 3, fill: 'transparent' }),
      label(
        { x: nameRoom - size * 0.5, y: y + size * 1.2, 'text-anchor': 'end' },
        fitting(row.name, nameRoom - size * 0.5, size),
        style,
      ),
      tag('rect', {
        x: nameRoom,
        y: y + 2,
        width: wide,
        height: step - 7,
        rx: 1.5,
        fill: colors[0],
        'fill-opacity': row.key === undefined && opens ? LEAF_OPACITY : undefined,
      }),
      label({ x: nameRoom + wide + size * 0.5, y: y + size * 1.2 }, row.label, { ink: muted }),
    ].join('');
    const open =
      row.key === undefined
        ? {}
        : {
            'data-key': row.key,
            tabindex: '0',
            role: 'button',
          };
    return tag('g', open, parts);
  });
  const heading = label({ x: 0, y: 1.3 * size, 'font-weight': 'bold' }, fitting(title, width, size), style);
  const height = top + shown.length * step + size * 0.5;
  // What a picture holds is hidden from screen readers: bars to open are not.
  return figure(style, height, title, [heading, ...marks], opens ? 'group' : 'img');
}
