/** Floorplan and roofline. */
import { type Coloring, coloringsOf, floorplanFigure } from '../figures/floorplan.ts';
import { rooflineFigure } from '../figures/roofline.ts';
import type { RunReport } from '../html/run-report.ts';
import { chart } from './chart.ts';
import { choice, find } from './dom.ts';

const NAMES: Readonly<Record<Coloring, string>> = {
  layer: 'layer',
  utilisation: 'utilisation',
  energy: 'energy',
  writes: 'writes (wear)',
  traffic: 'network load',
};
/** A chip is drawn no larger than reads well. */
const WIDEST = 760;

export function floorplan({ floorplan: plan }: RunReport): void {
  const colorings = coloringsOf(plan);
  let coloring: Coloring = 'layer';
  const view = chart({
    id: 'floorplan',
    draw: style =>
      floorplanFigure(plan, coloring, Object.assign({}, style, { width: Math.min(WIDEST, style.width) })),
    rows: () => [
      ['tile', 'x', 'y', 'layers', 'cells', 'energy_J', 'writes', 'traffic'],
      ...plan.tiles.map((tile, i) => [
        i,
        tile.x,
        tile.y,
        tile.layers.join(' '),
        tile.cells,
        tile.energy_J,
        tile.writes,
        tile.traffic,
      ]),
    ],
  });
  find('[data-controls=floorplan]').append(
    choice(
      'Tiles by',
      colorings.map(name => [name, NAMES[name]] as const),
      coloring,
      value => {
        coloring = value;
        view.redraw();
      },
    ),
  );
}

export function roofline({ roofline: all }: RunReport): void {
  chart({
    id: 'roofline',
    draw: style => rooflineFigure(all, style),
    rows: () => [
      [
        'step',
        'stage',
        'encoder',
        'ops',
        'time_s',
        'ops_per_s',
        'ops_per_byte',
        'peak_ops_per_s',
        'bound',
        'busiest',
        'busiest_share',
      ],
      ...all.points.map(p => [
        p.step,
        p.stage,
        p.encoder,
        p.ops,
        p.time_s,
        p.ops_per_s,
        p.intensity,
        p.peak_ops_per_s,
        p.bound,
        p.busiest,
        p.share,
      ]),
    ],
  });
}
