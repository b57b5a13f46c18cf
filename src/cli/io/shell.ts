/** Command lines that a user can paste into a shell as they stand. */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, relative, sep } from 'node:path';

/** What a shell leaves alone, of any system. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;
const BIN = join('node_modules', '.bin');

export interface ShellHost {
  /** The file that runs. */
  readonly main: string;
  readonly cwd: string;
  /** Where a shell looks for programs. */
  readonly path: string;
  readonly platform: string;
}

const here = (): ShellHost => ({
  main: process.argv[1],
  cwd: process.cwd(),
  path: process.env.PATH ?? '',
  platform: process.platform,
});

/** `trex` with these words: with `npx` where only a package has it, quoted as the shell wants it. */
export const commandLine = (words: readonly string[], host: ShellHost = here()): string =>
  [...program(host), ...words].map(word => quoted(word, host.platform)).join(' ');

/** `--name value` for what was given, once for each value of a list. */
export const options = (given: Readonly<Record<string, Word | readonly string[]>>): string[] =>
  Object.entries(given).flatMap(([name, value]) => {
    const values = Array.isArray(value) ? (value as readonly string[]) : [value as Word];
    return values.flatMap(one => (one === undefined || one === null ? [] : [`--${name}`, String(one)]));
  });

type Word = string | number | null | undefined;

/** How this very program is started again from this folder. */
function program({ main, cwd, path, platform }: ShellHost): string[] {
  const name = platform === 'win32' ? 'trex.cmd' : 'trex';
  // What npm puts there for its own scripts is not there in the user's shell.
  const folders = path.split(delimiter).filter(folder => folder !== '' && !folder.endsWith(BIN));
  const isThis = (file: string): boolean => {
    const real = realOf(file);
    // A .cmd is no link: the first one counts.
    return real !== undefined && (platform === 'win32' || real === realOf(main));
  };
  if (folders.some(folder => isThis(join(folder, name)))) return ['trex'];
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (isThis(join(folder, BIN, name)) || isOwnPackage(folder, main)) return ['npx', 'trex'];
    if (folder === dirname(folder)) break;
  }
  return ['node', relative(cwd, main)];
}

/** npx takes the program of the package that it stands in. */
const isOwnPackage = (folder: string, main: string): boolean =>
  realOf(main)?.startsWith(join(realOf(folder) ?? folder, 'dist', sep)) === true &&
  existsSync(join(folder, 'package.json'));

function realOf(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}

function quoted(word: string, platform: string): string {
  if (PLAIN.test(word)) return word;
  return platform === 'win32' ? `"${word.replaceAll('"', '""')}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}
