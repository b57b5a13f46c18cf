/**
 * Colours and pieces of the figures. Categories: Okabe and Ito, Color Universal Design (2008); quantities: viridis of van der Walt
 * and Smith (matplotlib, 2015, CC0). Both are told apart with the common colour blindnesses.
 */
import { escaped, px } from '../svg.ts';

export interface FigureStyle {
  /** Pixels. */
  readonly width: number;
  readonly font: string;
  readonly fontSize: number;
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly paper: string;
  readonly colors: readonly string[];
  /** A figure for paper: its width as it is printed, millimetres. */
  readonly mm?: number;
}

const FONT = 'Helvetica, Arial, sans-serif';

export const LIGHT: FigureStyle = {
  width: 720,
  font: FONT,
  fontSize: 13,
  ink: '#1f2328',
  muted: '#57606a',
  grid: '#d8dee4',
  paper: '#ffffff',
  colors: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8a7a00', '#6e7781'],
};

export const DARK: FigureStyle = {
  width: 720,
  font: FONT,
  fontSize: 13,
  ink: '#e6edf3',
  muted: '#9da7b3',
  grid: '#30363d',
  paper: '#0d1117',
  colors: ['#56b4e9', '#e57c34', '#00b584', '#d894b8', '#e69f00', '#0072b2', '#f0e442', '#9da7b3'],
};

/** Every eighth of viridis. */
const RAMP = [
  '#440154',
  '#472d7b',
  '#3b528b',
  '#2c728e',
  '#21918c',
  '#28ae80',
  '#5ec962',
  '#addc30',
  '#fde725',
];
const channels = (color: string): number[] =>
  [1, 3, 5].map(at => Number.parseInt(color.slice(at, at + 2), 16));

/** A colour for 0 to 1; beyond, that of the end. */
export function ramp(share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (RAMP.length - 1);
  const below = Math.min(RAMP.length - 2, Math.floor(at));
  const [a, b] = [channels(RAMP[below]), channels(RAMP[below + 1])];
  const mixed = a.map((value, i) => Math.round(value + (at - below) * (b[i] - value)));
  return `#${mixed.map(value => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Mean width of a character of Helvetica, in font sizes, on the safe side; assumed. */
const CHARACTER = 0.58;

/** Room that a text takes, on the safe side. */
export const textWidth = (text: string, fontSize: number): number => CHARACTER * fontSize * text.length;

/** Cut, with dots, where it is wider than the room. */
export function fitting(text: string, room: number, fontSize: number): string {
  const most = Math.floor(room / (CHARACTER * fontSize));
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 2))}..`;
}

/** Attributes by name; undefined ones are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element; `inside` is markup. */
export function tag(name: string, attributes: Attributes, inside = ''): string {
  const list = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? px(value) : escaped(String(value))}"`)
    .join('');
  return inside === '' ? `<${name}${list}/>` : `<${name}${list}>${inside}</${name}>`;
}

export interface Label extends Attributes {
  readonly x: number;
  readonly y: number;
}

export const label = (at: Label, text: string, { ink }: Pick<FigureStyle, 'ink'>): string =>
  tag('text', { fill: ink, ...at }, escaped(text));

/** What a pointer that rests on a mark is told. */
export const hint = (text: string): string => tag('title', {}, escaped(text));

/** A whole figure: a file of its own, or a part of a page. `title` is what a screen reader says of it; of a `group`, its marks as well. */
export function figure(
  style: FigureStyle,
  height: number,
  title: string,
  parts: readonly string[],
  role: 'img' | 'group' = 'img',
): string {
  const { width, mm, font, fontSize, paper } = style;
  const size =
    mm === undefined ? { width, height } : { width: `${mm}mm`, height: `${px((mm * height) / width)}mm` };
  return tag(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      ...size,
      viewBox: `0 0 ${px(width)} ${px(height)}`,
      'font-family': font,
      'font-size': fontSize,
      role,
      'aria-label': title,
    },
    `${tag('rect', { width, height, fill: paper })}\n${parts.filter(part => part !== '').join('\n')}\n`,
  );
}

export interface LegendEntry {
  readonly name: string;
  readonly color: string;
}

/** Entries side by side, in as many rows as they need, from `top` down. */
export function legend(entries: readonly LegendEntry[], style: FigureStyle, left: number, top: number) {
  const { fontSize, width } = style;
  const row = 1.6 * fontSize;
  const marks: string[] = [];
  let [x, y] = [left, top];
  for (const { name, color } of entries) {
    const wide = fontSize * 1.4 + textWidth(name, fontSize) + fontSize;
    if (x > left && x + wide > width) [x, y] = [left, y + row];
    marks.push(tag('rect', { x, y, width: fontSize * 0.9, height: fontSize * 0.9, fill: color }));
    marks.push(label({ x: x + fontSize * 1.3, y: y + fontSize * 0.85 }, name, style));
    x += wide;
  }
  return { marks, height: entries.length === 0 ? 0 : y - top + row };
}
