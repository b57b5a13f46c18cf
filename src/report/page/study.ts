/** The figures of a study: what is chosen in one is chosen in all. */

import { bare, shown } from '../figures/quantity.ts';
import { effectsFigure, parallelFigure, paretoFigure } from '../figures/study.ts';
import type { FigureStyle } from '../figures/style.ts';
import { effectsOf, paretoOf, type StudyReport } from '../html/study-report.ts';
import { type Chart, chart } from './chart.ts';
import { button, element, find, selection, sortable } from './dom.ts';

/** Figures beside the paths in parallel coordinates and in the table. */
const MOST_METRICS = 5;

/** An axis needs room for its labels: where there is less, the place scrolls. */
const AXIS_WIDTH = 84;

export function study(report: StudyReport): void {
  const { points, paths, metrics } = report;
  if (points.length === 0 || metrics.length === 0) return;
  const some = metrics.slice(0, MOST_METRICS);
  let [x, y] = [metrics[0], metrics[1] ?? metrics[0]];
  let metric = metrics[0];
  let selected: ReadonlySet<number> | undefined;
  const charts: Chart[] = [];
  const axesWidth = (paths.length + some.length) * AXIS_WIDTH;
  const wide = (style: FigureStyle): FigureStyle =>
    Object.assign({}, style, { width: Math.max(style.width, axesWidth) });
  const count = element('span', { 'aria-live': 'polite' });
  const rows: HTMLTableRowElement[] = [];
  const select = (chosen: ReadonlySet<number> | undefined): void => {
    selected = chosen;
    count.textContent = chosen === undefined ? '' : `${chosen.size} of ${points.length} points chosen`;
    for (const [i, row] of rows.entries())
      row.classList.toggle('off', chosen !== undefined && !chosen.has(i));
    for (const each of charts) each.redraw();
  };
  const valuesOf = (i: number) => paths.map(path => points[i].point[path] ?? null);
  charts.push(
    chart({
      id: 'pareto',
      draw: style => paretoFigure(report, [x, y], style, selected),
      rows: () => {
        const front = new Set(paretoOf(points, x, y));
        return [
          ['id', ...paths, x, y, 'front'],
          ...points.map((p, i) => [p.id, ...valuesOf(i), p.metrics[x], p.metrics[y], front.has(i)]),
        ];
      },
      onDrawn: place => brush(place, select),
    }),
    chart({
      id: 'parallel',
      draw: style => parallelFigure(report, some, wide(style), selected),
      rows: () => [
        ['id', ...paths, ...some],
        ...points.map((p, i) => [p.id, ...valuesOf(i), ...some.map(name => p.metrics[name])]),
      ],
    }),
    chart({
      id: 'effects',
      draw: style => effectsFigure(report, metric, style),
      rows: () => [
        ['path', 'value', `mean ${metric}`, 'points'],
        ...effectsOf(report, metric).flatMap(({ path, means }) =>
          means.map(m => [path, m.value, m.mean, m.points]),
        ),
      ],
    }),
  );
  const redraw = (): void => {
    for (const each of charts) each.redraw();
  };
  find('[data-controls=pareto]').append(
    selection('across', metrics, x, value => {
      x = value;
      redraw();
    }),
    selection('up', metrics, y, value => {
      y = value;
      redraw();
    }),
    button('Choose the front', () => select(new Set(paretoOf(points, x, y)))),
    button('Choose all', () => select(undefined)),
    count,
  );
  find('[data-controls=effects]').append(
    selection('figure', metrics, metric, value => {
      metric = value;
      redraw();
    }),
  );
  const names = [...paths, ...some];
  const table = element('table', {}, [
    element('thead', {}, [
      element(
        'tr',
        {},
        ['point', ...names].map(name => element('th', { scope: 'col' }, [name])),
      ),
    ]),
  ]);
  const body = element('tbody');
  for (const [i, { id, metrics: of }] of points.entries()) {
    const row = element('tr', {}, [
      element('th', { scope: 'row' }, [id.slice(0, 12)]),
      ...valuesOf(i).map(value =>
        element('td', typeof value === 'number' ? { class: 'n', 'data-value': String(value) } : {}, [
          typeof value === 'number' ? bare(value) : String(value),
        ]),
      ),
      ...some.map(name =>
        element('td', { class: 'n', 'data-value': String(of[name]), title: String(of[name]) }, [
          shown(name, of[name]),
        ]),
      ),
    ]);
    rows.push(row);
    body.append(row);
  }
  table.append(body);
  sortable(table);
  find('[data-points]').append(table);
}

/** A rectangle drawn over points chooses those in it; a click on nothing chooses all. */
function brush(place: HTMLElement, select: (chosen: ReadonlySet<number> | undefined) => void): void {
  const svg = place.querySelector('svg');
  if (svg === null) return;
  svg.addEventListener('pointerdown', start => {
    start.preventDefault();
    const frame = element('div', { class: 'brush' });
    place.style.position = 'relative';
    place.append(frame);
    const origin = place.getBoundingClientRect();
    const box = (event: PointerEvent): DOMRect =>
      new DOMRect(
        Math.min(start.clientX, event.clientX),
        Math.min(start.clientY, event.clientY),
        Math.abs(event.clientX - start.clientX),
        Math.abs(event.clientY - start.clientY),
      );
    const move = (event: PointerEvent): void => {
      const { x, y, width, height } = box(event);
      Object.assign(frame.style, {
        left: `${x - origin.x}px`,
        top: `${y - origin.y}px`,
        width: `${width}px`,
        height: `${height}px`,
      });
    };
    const end = (event: PointerEvent): void => {
      removeEventListener('pointermove', move);
      frame.remove();
      const { left, right, top, bottom } = box(event);
      const chosen = [...svg.querySelectorAll<SVGElement>('[data-point]')].filter(mark => {
        const at = mark.getBoundingClientRect();
        const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
        return left <= x && x <= right && top <= y && y <= bottom;
      });
      select(chosen.length === 0 ? undefined : new Set(chosen.map(mark => Number(mark.dataset.point))));
    };
    addEventListener('pointermove', move);
    addEventListener('pointerup', end, { once: true });
  });
}
