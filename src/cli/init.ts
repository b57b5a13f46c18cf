/** `trex init`: files to begin with, commented; they pass `trex check` and run as they are. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { TrexError } from '../base/errors.ts';
import { attemptWrite, writeWhole } from '../run/node/write-file.ts';
import { INIT_FILES } from './init-files.ts';
import { flag } from './io/flags.ts';
import { commandLine } from './io/shell.ts';

interface InitArguments {
  readonly dir: string;
  readonly force: boolean;
}

function handler({ dir, force }: InitArguments): void {
  const paths = Object.keys(INIT_FILES).map(name => join(dir, name));
  const there = paths.filter(path => existsSync(path));
  if (there.length > 0 && !force)
    throw new TrexError(`${there.join(', ')}: there already; another folder, or --force to replace`);
  attemptWrite(dir, () => mkdirSync(dir, { recursive: true }));
  for (const [name, text] of Object.entries(INIT_FILES)) writeWhole(join(dir, name), text);
  const [chip, , network] = paths;
  process.stdout.write(
    `files   ${paths.join(' ')}\nnext    ${commandLine(['run', pathWord(chip), '--model', pathWord(network)])}\n`,
  );
}

/** A path that is no name of a shipped file. */
const pathWord = (path: string): string => (/[\\/]/.test(path) ? path : `./${path}`);

export const initCommand: CommandModule<object, InitArguments> = {
  command: 'init [dir]',
  describe: 'Write a commented chip, technology, network and study to begin with',
  builder: yargs =>
    yargs
      .positional('dir', { type: 'string', default: '.', describe: 'Folder for the files' })
      .options({ force: flag('Replace files that are there') })
      .example('$0 init my', 'my/chip.yaml, my/tech.yaml, my/network.yaml and my/study.yaml') as never,
  handler,
};
