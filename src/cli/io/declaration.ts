/** What a command declares to yargs, as data: the words of a command line are read against it, and a fuzzer makes words of it. */
import type { Argv, CommandModule, Options } from 'yargs';

export interface Positional {
  readonly name: string;
  readonly required: boolean;
  /** It takes all words that are left. */
  readonly many: boolean;
  readonly choices: readonly string[] | undefined;
}

export interface Declaration {
  readonly command: string;
  readonly positionals: readonly Positional[];
  /** By their names as they are written. */
  readonly options: ReadonlyMap<string, Options>;
}

/** Stands in for yargs while a command declares its options. */
class Recorder {
  readonly declared = new Map<string, Options>();
  readonly choices = new Map<string, readonly string[] | undefined>();

  options(all: Readonly<Record<string, Options>>): this {
    for (const [name, option] of Object.entries(all)) this.declared.set(name, option);
    return this;
  }

  option(name: string, option: Options): this {
    this.declared.set(name, option);
    return this;
  }

  positional(name: string, { choices }: Options): this {
    this.choices.set(name, choices?.map(String));
    return this;
  }

  example(): this {
    return this;
  }
}

/** `<arch>`, `[what]`, `<files..>` of "run <arch>". */
const POSITIONAL = /([<[])([^\]>.]+)(\.\.)?[\]>]/g;

export function declarationOf({ command, builder }: CommandModule<object, never>): Declaration {
  const recorder = new Recorder();
  // A builder of ours calls these four methods and no others.
  if (typeof builder === 'function') builder(recorder as unknown as Argv<object>);
  const text = String(command);
  return {
    command: text.split(' ')[0],
    positionals: [...text.matchAll(POSITIONAL)].map(([, bracket, name, many]) => ({
      name,
      required: bracket === '<',
      many: many !== undefined,
      choices: recorder.choices.get(name),
    })),
    options: recorder.declared,
  };
}
