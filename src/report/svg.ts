/** Pieces of the SVG figures: lines, texts and colours that stay readable in print and for colour-blind readers (Okabe and Ito, 2008). */

export const FONT = 14;
/** Room that a character of the font takes, on the safe side. */
export const CHARACTER = 0.62 * FONT;
export const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
/** Longer texts are cut, with dots. */
const MAX_TEXT = 68;

/** A whole figure on white. */
export const svgText = (width: number, height: number, parts: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="${FONT}">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`;

export const line = (x1: number, y1: number, x2: number, y2: number, style: string): string =>
  `<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" ${style}/>`;

export const circle = (x: number, y: number, color: string, radius = 4): string =>
  `<circle cx="${px(x)}" cy="${px(y)}" r="${radius}" fill="${color}"/>`;

export const rectangle = (x: number, y: number, width: number, height: number, color: string): string =>
  `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="${color}"/>`;

export const text = (x: number, y: number, label: string, anchor: string, more = ''): string =>
  `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}" fill="#222222"${more === '' ? '' : ` ${more}`}>${escaped(shortened(label))}</text>`;

/** At most `most` characters. */
export const shortened = (label: string, most = MAX_TEXT): string =>
  label.length > most ? `${label.slice(0, most - 3)}...` : label;

/** Names come from files: markup and control characters have no place in them. */
/** Names come from files: markup and control characters have no place in them. */
export const escaped = (label: string): string =>
  label
    .replace(/\p{Cc}/gu, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** Two digits behind the point. */
export const px = (value: number): string => String(Number(value.toFixed(2)));
