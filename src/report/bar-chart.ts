/** Stacked bars in panels below each other as a self-contained SVG: a panel per figure, a bar per subject, a colour per component. */
import { largest } from '../base/extremes.ts';
import { CHARACTER, COLORS, FONT, line, rectangle, shortened, svgText, text } from './svg.ts';

const WIDTH = 760;
const MARGIN = 16;
const TITLE_HEIGHT = 40;
const PANEL_TITLE = 26;
const BAR = 22;
const GAP = 8;
const LEGEND_ROW = 22;
const SWATCH = 12;
/** Names of bars are cut to so many characters, those of parts to fewer. */
const LONGEST_NAME = 24;
const LONGEST_PART = 30;
/** Room for the label behind a bar. */
const LABEL_WIDTH = 190;
const REST = 'rest';
const REST_COLOR = '#999999';

export interface Bar {
  readonly name: string;
  /** Stands behind the bar, such as "132 uJ". */
  readonly label: string;
  /** Values of at least 0; they are stacked in the order of the panel's largest. */
  readonly parts: readonly { readonly name: string; readonly value: number }[];
}

export interface BarPanel {
  readonly title: string;
  readonly bars: readonly Bar[];
}

/** All bars of a panel share a scale that begins at 0. The same chart gives the same text. @throws RangeError for no bar. */
export function barChart(title: string, panels: readonly BarPanel[]): string {
  if (panels.length === 0 || panels.some(panel => panel.bars.length === 0))
    throw new RangeError('a chart needs a bar in each panel');
  const names = panels.flatMap(panel => panel.bars.map(bar => shortened(bar.name, LONGEST_NAME)));
  const left = MARGIN + largest(names.map(name => name.length)) * CHARACTER + 8;
  const parts = [text(WIDTH / 2, 1.8 * FONT, title, 'middle', 'font-weight="bold"')];
  let top = TITLE_HEIGHT;
  const known = new Map<string, string>();
  for (const panel of panels) {
    const { marks, height } = panelMarks(panel, left, top, known);
    parts.push(...marks);
    top += height;
  }
  return svgText(WIDTH, Math.ceil(top + MARGIN / 2), parts);
}

function panelMarks(
  panel: BarPanel,
  left: number,
  top: number,
  known: Map<string, string>,
): { marks: string[]; height: number } {
  const names = ranked(panel.bars);
  const shown = names.length > COLORS.length ? names.slice(0, COLORS.length) : names;
  const colors = colorsFor(shown, known);
  const colorOf = (name: string): string => colors.get(name) ?? REST_COLOR;
  const total = (bar: Bar): number => bar.parts.reduce((sum, part) => sum + part.value, 0);
  const most = largest(panel.bars.map(total));
  const room = WIDTH - MARGIN - LABEL_WIDTH - left;
  const marks = [text(MARGIN, top + 1.2 * FONT, panel.title, 'start', 'font-weight="bold"')];
  let y = top + PANEL_TITLE;
  for (const bar of panel.bars) {
    const middle = y + BAR / 2 + FONT * 0.35;
    marks.push(text(left - 8, middle, shortened(bar.name, LONGEST_NAME), 'end'));
    let x = left;
    for (const { name, value } of stacked(bar, shown)) {
      const width = most > 0 ? room * (value / most) : 0;
      if (width > 0) marks.push(rectangle(x, y, width, BAR, colorOf(name)));
      x += width;
    }
    marks.push(text(x + 8, middle, shortened(bar.label, Math.floor((LABEL_WIDTH - 8) / CHARACTER)), 'start'));
    y += BAR + GAP;
  }
  marks.push(line(left, top + PANEL_TITLE - GAP / 2, left, y - GAP / 2, 'stroke="#333333"'));
  const only = names.length === 1;
  const entries = only ? [] : names.length > shown.length ? [...shown, REST] : shown;
  const legend = legendMarks(entries, colorOf, y + 2);
  return { marks: [...marks, ...legend.marks], height: y - top + legend.height + GAP };
}

/** A colour per name; a name of an earlier panel keeps its colour where another of this panel does not have it. */
function colorsFor(names: readonly string[], known: Map<string, string>): Map<string, string> {
  const colors = new Map<string, string>();
  const isFree = (color: string | undefined): color is string =>
    color !== undefined && ![...colors.values()].includes(color);
  for (const name of names) {
    const color = known.get(name);
    if (isFree(color)) colors.set(name, color);
  }
  for (const name of names) {
    if (!colors.has(name)) colors.set(name, COLORS.find(isFree) ?? REST_COLOR);
    if (!known.has(name)) known.set(name, colors.get(name)!);
  }
  return colors;
}

/** Names of parts, those with the largest values of any bar first. */
function ranked(bars: readonly Bar[]): string[] {
  const largest = new Map<string, number>();
  for (const { parts } of bars)
    for (const { name, value } of parts) largest.set(name, Math.max(value, largest.get(name) ?? 0));
  return [...largest]
    .filter(([, value]) => value > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([name]) => name);
}

/** Parts in the order of the legend, what has no colour of its own as one. */
function stacked(bar: Bar, shown: readonly string[]): { name: string; value: number }[] {
  const sizeOf = (name: string): number =>
    bar.parts.reduce((sum, part) => sum + (part.name === name ? part.value : 0), 0);
  const rest = bar.parts.reduce((sum, part) => sum + (shown.includes(part.name) ? 0 : part.value), 0);
  return [...shown.map(name => ({ name, value: sizeOf(name) })), { name: REST, value: rest }];
}

/** Entries side by side, in as many rows as they need. */
function legendMarks(names: readonly string[], colorOf: (name: string) => string, top: number) {
  const marks: string[] = [];
  let [x, row] = [MARGIN, 0];
  for (const name of names) {
    const label = shortened(name, LONGEST_PART);
    const width = SWATCH + 6 + label.length * CHARACTER + 16;
    if (x > MARGIN && x + width > WIDTH) [x, row] = [MARGIN, row + 1];
    const y = top + row * LEGEND_ROW;
    marks.push(rectangle(x, y, SWATCH, SWATCH, colorOf(name)));
    marks.push(text(x + SWATCH + 6, y + SWATCH - 1, label, 'start'));
    x += width;
  }
  return { marks, height: names.length === 0 ? 0 : (row + 1) * LEGEND_ROW };
}
