/** What commands say: the result on stdout in the format that was asked for, everything else on stderr. */
import {
  type FormatArguments,
  type FormatChoice,
  formatChoice,
  OUTPUT_FORMATS,
  type OutputFormatName,
} from './output-format.ts';
import { terminalWidth } from './terminal.ts';

type ValueOf<Name extends OutputFormatName> = Parameters<(typeof OUTPUT_FORMATS)[Name]['text']>[0];

/** A format of a command: what its flag says, and the value that is printed. */
interface Offer<Shown, Name extends OutputFormatName> {
  readonly describe?: string;
  value(shown: Shown): ValueOf<Name>;
}

interface OutputSpec<Shown> {
  readonly formats: { readonly [Name in OutputFormatName]?: Offer<Shown, Name> };
  /** For people, in `width` columns. */
  text(shown: Shown, width: number): string;
  /** How two formats are had at once. */
  readonly both?: string;
}

export interface CommandOutput<Shown> extends FormatChoice {
  /** The bytes for stdout; each format is made when it is the one. */
  textOf(args: FormatArguments, shown: Shown): string;
  print(args: FormatArguments, shown: Shown): void;
}

/** What a command prints, in the formats that it offers and as text. */
export function commandOutput<Shown>({ formats, text, both }: OutputSpec<Shown>): CommandOutput<Shown> {
  const choice = formatChoice(formats, both);
  const textOf = (args: FormatArguments, shown: Shown): string => {
    const name = choice.chosen(args);
    return name === undefined ? text(shown, terminalWidth()) : formatted(name, formats, shown);
  };
  return { ...choice, textOf, print: (args, shown) => void process.stdout.write(textOf(args, shown)) };
}

function formatted<Shown, Name extends OutputFormatName>(
  name: Name,
  formats: { readonly [Each in Name]?: Offer<Shown, Each> },
  shown: Shown,
): string {
  const format: { text(value: ValueOf<Name>): string } = OUTPUT_FORMATS[name];
  return format.text(formats[name]!.value(shown));
}

export function warn(warnings: readonly string[], quiet = false): void {
  if (!quiet) for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
}
