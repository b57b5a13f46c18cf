/** The terminal that stdout goes to. */
import { WIDTH } from '../../report/table.ts';

const NARROWEST = 40;

/** Columns for text: those of the terminal, or COLUMNS; 80 in a pipe, so that it reads everywhere. */
export function terminalWidth(
  columns: number | undefined = process.stdout.columns,
  wanted = process.env.COLUMNS ?? '',
): number {
  const width = /^\d{1,4}$/.test(wanted) ? Number(wanted) : (columns ?? WIDTH);
  return Math.max(NARROWEST, width === 0 ? WIDTH : width);
}
