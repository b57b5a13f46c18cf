/** Where a value stands, in a file or in an argument of the command line, for messages with a line and a caret. */
const MAX_WIDTH = 100;

/** Finds line and column, both counted from 1, of a character. */
interface Lines {
  linePos(offset: number): { readonly line: number; readonly col: number };
}

/** A text that values come from. `lines` is there for files only; an argument is cited whole. */
export interface Source {
  readonly kind: 'file' | 'flag';
  /** The file as it is shown ("arch/trex.yaml"), or the argument ("--set pe.crossbars=4"). */
  readonly name: string;
  readonly text: string;
  readonly lines?: Lines;
}

/** Characters `start` to `end` (not included) of a source. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** Line of a span, counted from 1; 1 for an argument. */
export const lineOf = (span: Span): number => span.source.lines?.linePos(span.start).line ?? 1;

/** "arch/trex.yaml:9:41", or the argument. */
export function where({ source, start }: Span): string {
  if (source.lines === undefined) return source.name;
  const { line, col } = source.lines.linePos(start);
  return `${source.name}:${line}:${col}`;
}

/** The line that a span starts on, with the span underlined; empty for an argument. */
export function frame({ source, start, end }: Span): string {
  if (source.lines === undefined || source.text.trim() === '') return '';
  const first = source.text.lastIndexOf('\n', start - 1) + 1;
  const stop = source.text.indexOf('\n', first);
  const line = source.text.slice(first, stop === -1 ? undefined : stop).replace(/\r$/, '');
  const column = start - first;
  const from = line.length <= MAX_WIDTH ? 0 : Math.max(0, column - MAX_WIDTH / 2);
  const shown = line.slice(from, from + MAX_WIDTH);
  const width = Math.max(1, Math.min(end - start, line.length - column, MAX_WIDTH / 2));
  const lead = line.slice(from, column).replace(/[^\t]/g, ' ');
  return `  ${printable(shown)}\n  ${lead}${'^'.repeat(width)}`;
}

/** Without control characters, which could steer the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const printable = (text: string): string => text.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f]/g, '?');
