/** Plain text tables for terminals: columns padded by display width, numbers to the right. */
import { largest } from '../base/extremes.ts';

const WIDTH = 80;
const GAP = '  ';
const NUMBER = /^[+-]?\d[\d., ]*(e[+-]?\d+)?$/i;
const ZERO_WIDTH = /\p{Mn}|\p{Me}|\p{Cf}/u;
/** Two columns wide on a terminal (Unicode annex 11, wide and fullwidth; emoji). */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

type Align = 'left' | 'right';

export interface TableOptions {
  /** Per column; a column without a word goes right when all its cells below the first row are numbers. */
  readonly align?: readonly (Align | undefined)[];
  /** Columns of the terminal; the text of a last column that goes left is wrapped there. Default 80. */
  readonly width?: number;
}

/** One line per row, without a line end after the last; a row may have fewer cells than others. */
export function table(rows: readonly (readonly string[])[], options: TableOptions = {}): string {
  const { width = WIDTH } = options;
  const cells = rows.map(row => row.map(printable));
  const columns = Math.max(0, largest(cells.map(row => row.length)));
  const widths = Array.from({ length: columns }, (_, i) =>
    largest(cells.map(row => displayWidth(row[i] ?? ''))),
  );
  const align = widths.map((_, i) => options.align?.[i] ?? (isNumeric(cells, i) ? 'right' : 'left'));
  const start = widths.slice(0, -1).reduce((sum, w) => sum + w + GAP.length, 0);
  return cells
    .flatMap(row => {
      const last = row[columns - 1] ?? '';
      const lines = align[columns - 1] === 'left' ? wrap(last, width - start) : [last];
      return lines.map((line, n) => {
        const text = widths.map((w, i) =>
          pad(i === columns - 1 ? line : n > 0 ? '' : (row[i] ?? ''), w, align[i]),
        );
        return text.join(GAP).trimEnd();
      });
    })
    .join('\n');
}

/** Columns that a text takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text) width += ZERO_WIDTH.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return width;
}

function pad(text: string, width: number, align: Align): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? space + text : text + space;
}

function isNumeric(rows: readonly (readonly string[])[], column: number): boolean {
  const below = rows.slice(1).map(row => row[column] ?? '');
  return below.some(cell => cell !== '') && below.every(cell => cell === '' || NUMBER.test(cell));
}

/** Lines of at most `width` columns, cut between words; a word that is longer stays whole. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && displayWidth(`${line} ${word}`) <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Names come from files: control characters could steer the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const printable = (text: string): string => text.replace(/[\x00-\x1f\x7f-\x9f]/g, '?');
