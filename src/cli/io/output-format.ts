/** The formats of a result on stdout, beside the text for people: an entry here is a flag of every command that offers it. */

import type { Options } from 'yargs';
import { usageError } from '../../base/errors.ts';
import { jsonText } from '../../base/json-text.ts';
import { flag } from './flags.ts';

interface OutputFormat<Value> {
  /** What help says of the flag, where a command has nothing better to say. */
  readonly describe: string;
  /** What goes to stdout, of the value that a command gives. */
  text(value: Value): string;
}

const outputFormat = <Value>(format: OutputFormat<Value>): OutputFormat<Value> => format;

/** By the name of the flag. */
export const OUTPUT_FORMATS = {
  json: outputFormat<unknown>({ describe: 'JSON on stdout', text: jsonText }),
  csv: outputFormat<string>({ describe: 'CSV on stdout', text: table => table }),
} as const;

export type OutputFormatName = keyof typeof OUTPUT_FORMATS;

const NAMES = Object.keys(OUTPUT_FORMATS) as readonly OutputFormatName[];

/** What yargs hands over: only flags that a command offers. */
export type FormatArguments = { readonly [Name in OutputFormatName]?: boolean | undefined };

/** The formats that a command offers; yargs refuses the flags of the others. */
export interface FormatChoice {
  readonly flags: Readonly<Record<string, Options>>;
  /** Undefined for the text. @throws TrexError (usage) for two, or one that is not offered. */
  chosen(args: FormatArguments): OutputFormatName | undefined;
}

/** `both` says in the message how to get two formats at once. */
export function formatChoice(
  offered: { readonly [Name in OutputFormatName]?: { readonly describe?: string } },
  both = '',
): FormatChoice {
  const names = NAMES.filter(name => offered[name] !== undefined);
  return {
    flags: Object.fromEntries(
      names.map(name => [name, flag(offered[name]?.describe ?? OUTPUT_FORMATS[name].describe)]),
    ),
    chosen(args) {
      const asked = NAMES.filter(name => args[name]);
      const foreign = asked.find(name => !names.includes(name));
      if (foreign !== undefined)
        throw usageError(`--${foreign} is not offered here; formats: ${names.join(', ') || 'text only'}`);
      if (asked.length > 1)
        throw usageError(
          `${asked.map(name => `--${name}`).join(' and ')} both want stdout: choose one${both}`,
        );
      return asked[0];
    },
  };
}
