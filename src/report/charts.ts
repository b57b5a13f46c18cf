/** The figures of reports for a page of its own: what they are drawn from, and how their numbers are shown. Bundled for a browser, beside the library. */

export { type BarRow, barsFigure } from './figures/bars.ts';
export { COLORINGS, type Coloring, coloringsOf, floorplanFigure } from './figures/floorplan.ts';
export { bare, shown, titleOf } from './figures/quantity.ts';
export { rooflineFigure } from './figures/roofline.ts';
export { paretoFigure } from './figures/study.ts';
export { DARK, type FigureStyle, LIGHT, ramp } from './figures/style.ts';
export { unpackIntervals } from './html/intervals.ts';
export { paretoOf } from './html/study-report.ts';
