/** A chart in its section: drawn for its width and theme, with its table, and to be saved as SVG and CSV. */

import type { Cell } from '../csv.ts';
import { csv } from '../csv.ts';
import type { FigureStyle } from '../figures/style.ts';
import { button, element, find, save, tableOf } from './dom.ts';
import { figureStyle, onTheme, printStyle } from './theme.ts';

export interface ChartSpec {
  /** Of its section, and of the files that are saved. */
  readonly id: string;
  /** The figure as SVG. */
  draw(style: FigureStyle): string;
  /** What it shows, the headings first. */
  rows(): readonly (readonly Cell[])[];
  /** What stands in the place of the SVG, such as a canvas; drawn by its owner. */
  readonly screen?: HTMLElement;
  /** After each drawing. */
  onDrawn?(place: HTMLElement): void;
}

/** Rows of a table beside a chart, at most: the CSV has all. */
const MOST_ROWS = 500;
const SAVED_WIDTH = 960;

export interface Chart {
  redraw(): void;
}

export function chart({ id, draw, rows, screen, onDrawn }: ChartSpec): Chart {
  const host = find(`[data-chart="${id}"]`);
  const place = element('div', { class: 'place' });
  const details = element('details', {}, [element('summary', {}, ['Table of this figure'])]);
  const scroll = element('div', {
    class: 'scroll',
    tabindex: '0',
    role: 'region',
    'aria-label': `Table of ${id}`,
  });
  details.append(scroll);
  const tools = element('div', { class: 'tools' }, [
    button('Save SVG', () => save(`${id}.svg`, 'image/svg+xml', draw(printStyle(SAVED_WIDTH))), {
      'data-save': `${id}.svg`,
    }),
    button('Save CSV', () => save(`${id}.csv`, 'text/csv', csv(rows())), { 'data-save': `${id}.csv` }),
  ]);
  if (screen !== undefined) place.append(screen);
  host.append(place, tools, details);
  const fill = (): void => {
    if (!details.open) return;
    const all = rows();
    const shown = all.slice(0, MOST_ROWS + 1);
    scroll.replaceChildren(
      tableOf(
        shown,
        all.length > shown.length
          ? `The first ${MOST_ROWS} of ${all.length - 1} rows`
          : `${all.length - 1} rows`,
      ),
    );
  };
  details.addEventListener('toggle', fill);
  let width = 0;
  const redraw = (): void => {
    width = host.clientWidth;
    // Our own markup, in which every name is escaped.
    if (screen === undefined) place.innerHTML = draw(figureStyle(width));
    onDrawn?.(place);
    fill();
  };
  onTheme(redraw);
  new ResizeObserver(() => {
    if (host.clientWidth !== width) redraw();
  }).observe(host);
  redraw();
  return { redraw };
}
