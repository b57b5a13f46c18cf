/** What commands say: the result on stdout in the format that was asked for, everything else on stderr. */
import { jsonText } from '../../base/json-text.ts';
import type { Formats } from './flags.ts';

/** The formats of a result; each is made when it is the one. */
export interface Output {
  readonly json: () => unknown;
  readonly csv?: () => string;
  /** For people. */
  readonly text: () => string;
}

export function print({ json, csv = false }: Partial<Formats>, output: Output): void {
  const text = json ? jsonText(output.json()) : csv && output.csv ? output.csv() : output.text();
  process.stdout.write(text);
}

export function warn(warnings: readonly string[], quiet = false): void {
  if (!quiet) for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
}
