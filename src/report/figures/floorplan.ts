/** The chip from above: a square a tile, the hub, and links whose width says how long they were at work. */
import { largest } from '../../base/extremes.ts';
import type { FloorplanData, TileData } from '../html/floorplan.ts';
import { bare, shown } from './quantity.ts';
import { type FigureStyle, figure, hint, label, legend, ramp, tag } from './style.ts';

/** What a tile's colour stands for. */
export const COLORINGS = ['layer', 'utilisation', 'energy', 'writes', 'traffic'] as const;
export type Coloring = (typeof COLORINGS)[number];

const VALUE: Readonly<Record<Exclude<Coloring, 'layer'>, (tile: TileData) => number>> = {
  utilisation: tile => tile.cells,
  energy: tile => tile.energy_J,
  writes: tile => tile.writes,
  traffic: tile => tile.traffic,
};

const SHOWN: Readonly<Record<Exclude<Coloring, 'layer'>, (value: number) => string>> = {
  utilisation: value => `${bare(value * 100, 3)} % of the cells`,
  energy: value => `${shown('_J', value, 3)} an image`,
  writes: value => `${bare(value, 3)} writes of a cell and image`,
  traffic: value => `${bare(value * 100, 3)} % of the time`,
};

/** Colours that it makes sense to ask for: a network without links has no traffic. */
export const coloringsOf = ({ links, tiles }: FloorplanData): Coloring[] =>
  COLORINGS.filter(
    name =>
      (name !== 'traffic' || links.length > 0) && (name !== 'writes' || tiles.some(tile => tile.writes > 0)),
  );

export function floorplanFigure(plan: FloorplanData, coloring: Coloring, style: FigureStyle): string {
  const { fontSize: size, width, colors, ink, paper, muted } = style;
  const { tiles, links, hub, stages } = plan;
  // Switches of a tree may stand where no tile is.
  const all = [hub, ...tiles, ...links.flatMap(({ from, to }) => [from, to])];
  const columns = largest(all.map(({ x }) => x)) + 0.5;
  const rows = largest(all.map(({ y }) => y)) + 0.5;
  const side = Math.min(width / columns, width / Math.max(1, rows));
  const left = (width - side * columns) / 2;
  const top = 2.2 * size;
  const values = coloring === 'layer' ? [] : tiles.map(VALUE[coloring]);
  const most = largest([0, ...values]);
  const colorOf = (tile: TileData, i: number): string => {
    if (tile.layer === null) return 'none';
    if (coloring !== 'layer') return most > 0 ? ramp(values[i] / most) : ramp(0);
    return colors[tile.stage % colors.length];
  };
  const at = (x: number, y: number): [number, number] => [left + x * side, top + y * side];
  const squares = tiles.map((tile, i) => {
    const [x, y] = at(tile.x - 0.46, tile.y - 0.46);
    const what = tile.layer === null ? 'no layer' : tile.layers.join(', ');
    const value = coloring === 'layer' || tile.layer === null ? '' : `: ${SHOWN[coloring](values[i])}`;
    return tag(
      'rect',
      {
        x,
        y,
        width: side * 0.92,
        height: side * 0.92,
        rx: side * 0.06,
        fill: colorOf(tile, i),
        stroke: tile.layer === null ? muted : undefined,
        'data-tile': String(i),
      },
      hint(`tile ${i}: ${what}${value}`),
    );
  });
  const busiest = largest([0, ...links.map(link => link.share)]);
  const wires = links
    .filter(link => link.share > 0)
    .map(({ from, to, share }) => {
      // The two directions of a way lie beside each other.
      const [x1, y1] = at(from.x, from.y);
      const [x2, y2] = at(to.x, to.y);
      const length = Math.sqrt((x2 - x1) ** 2 + (y2 - y1) ** 2) || 1;
      const [dx, dy] = [(-(y2 - y1) / length) * side * 0.09, ((x2 - x1) / length) * side * 0.09];
      // Its area would hide what little most links carry.
      const wide = Math.max(0.4, side * 0.15 * Math.sqrt(share / busiest));
      return tag(
        'line',
        {
          x1: x1 + dx,
          y1: y1 + dy,
          x2: x2 + dx,
          y2: y2 + dy,
          stroke: ink,
          'stroke-width': wide,
          opacity: px2(0.25 + (0.65 * share) / busiest),
        },
        hint(`link: carries flits ${bare(share * 100, 3)} % of the time`),
      );
    });
  const [hx, hy] = at(hub.x, hub.y);
  const mark = side * 0.42;
  const hubMark =
    tag(
      'rect',
      {
        x: hx - mark,
        y: hy - mark,
        width: 2 * mark,
        height: 2 * mark,
        fill: paper,
        stroke: ink,
        'stroke-width': 1.5,
      },
      hint('hub: global buffer, accumulator, softmax and vector units'),
    ) + (side > 2 * size ? label({ x: hx, y: hy + size * 0.35, 'text-anchor': 'middle' }, 'hub', style) : '');
  const below = top + rows * side + size;
  const key =
    coloring === 'layer'
      ? legend(
          stages.map((name, i) => ({ name, color: colors[i % colors.length] })),
          style,
          0,
          below,
        )
      : rampLegend(most, SHOWN[coloring], style, below);
  return figure(style, below + key.height + size * 0.4, `Floorplan, tiles by ${coloring}`, [
    label(
      { x: 0, y: 1.3 * size, 'font-weight': 'bold' },
      `Tiles by ${coloring}${links.length > 0 ? ', links by traffic' : ''}`,
      style,
    ),
    ...squares,
    ...wires,
    hubMark,
    ...key.marks,
  ]);
}

const px2 = (value: number): string => value.toFixed(2);

function rampLegend(most: number, text: (value: number) => string, style: FigureStyle, top: number) {
  const { fontSize: size } = style;
  const steps = 32;
  const wide = 10 * size;
  const marks = Array.from({ length: steps }, (_, i) =>
    tag('rect', {
      x: (i * wide) / steps,
      y: top,
      width: wide / steps + 0.5,
      height: size,
      fill: ramp(i / (steps - 1)),
    }),
  );
  marks.push(label({ x: wide + size * 0.6, y: top + size * 0.9 }, `0 to ${text(most)}`, style));
  return { marks, height: 1.6 * size };
}
