/** Progress of a long command on stderr: one line that is drawn again on a terminal, a line now and then elsewhere. */

import { significant } from '../../base/units.ts';
import { displayWidth } from '../../report/table.ts';

const SHOW_AFTER_MS = 1000;
const REDRAW_MS = 100;
const LINE_MS = 5000;
const DEFAULT_COLUMNS = 80;

export interface ProgressOptions {
  /** process.stderr, or what stands for it in tests. */
  readonly stream: {
    readonly isTTY?: boolean;
    readonly columns?: number;
    write(text: string): unknown;
  };
  readonly quiet?: boolean;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** What is counted. Default `jobs`. */
  readonly unit?: string;
}

export interface Progress {
  /** Says how far the work is; draws when it is time to. */
  update(done: number, total: number): void;
  /** Clears the line; what comes after is not drawn. */
  done(): void;
}

/** Silent for the first second, and with `quiet`. Rate and ETA count from the first update. */
export function progress(label: string, options: ProgressOptions): Progress {
  const { stream, quiet = false, now, unit = 'jobs' } = options;
  const isTTY = stream.isTTY === true;
  const began = now();
  let first: { readonly at: number; readonly done: number } | undefined;
  let next = began + (isTTY ? SHOW_AFTER_MS : LINE_MS);
  let drawn = 0;
  let closed = quiet;

  const draw = (text: string): void => {
    const line = cut(text, (stream.columns ?? DEFAULT_COLUMNS) - 1);
    const width = displayWidth(line);
    stream.write(`\r${line}${' '.repeat(Math.max(0, drawn - width))}`);
    drawn = width;
  };
  return {
    update(done: number, total: number): void {
      if (closed) return;
      const at = now();
      first ??= { at, done };
      if (at < next) return;
      next = at + (isTTY ? REDRAW_MS : LINE_MS);
      const text = `${label}: ${progressText(done, total, unit, done - first.done, (at - first.at) / 1000)}`;
      if (isTTY) draw(text);
      else stream.write(`${text}\n`);
    },
    done(): void {
      if (drawn > 0) stream.write(`\r${' '.repeat(drawn)}\r`);
      drawn = 0;
      closed = true;
    },
  };
}

/** "512 of 21300 jobs (2 %), 25100 jobs/s, ETA 1 s". */
function progressText(done: number, total: number, unit: string, since: number, seconds: number): string {
  const share = total > 0 ? Math.floor((100 * done) / total) : 0;
  const text = `${done} of ${total} ${unit} (${share} %)`;
  if (since <= 0 || seconds <= 0) return text;
  const rate = since / seconds;
  const left = Math.ceil(Math.max(0, total - done) / rate);
  return `${text}, ${significant(rate, 3)} ${unit}/s, ETA ${spanText(left)}`;
}

function spanText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}

function cut(text: string, width: number): string {
  return displayWidth(text) <= width ? text : text.slice(0, Math.max(0, width));
}
