#!/usr/bin/env node
/** The command `trex`: arguments become calls; failures become one message and an exit code. */
import yargs, { type CommandModule } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { EXIT, TrexError, unknownName, usageError } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';
import { terminalWidth } from './io/terminal.ts';

const WIDEST_HELP = 100;

/** Each command in its own module: only the one that is named is loaded. */
const COMMANDS: Record<string, () => Promise<CommandModule<object, never>>> = {
  run: async () => (await import('./run.ts')).runCommand as CommandModule<object, never>,
  explain: async () => (await import('./explain.ts')).explainCommand as CommandModule<object, never>,
  xbar: async () => (await import('./xbar.ts')).xbarCommand as CommandModule<object, never>,
  compare: async () => (await import('./compare.ts')).compareCommand as CommandModule<object, never>,
  check: async () => (await import('./check.ts')).checkCommand as CommandModule<object, never>,
  list: async () => (await import('./list.ts')).listCommand as CommandModule<object, never>,
  noc: async () => (await import('./noc.ts')).nocCommand as CommandModule<object, never>,
  infer: async () => (await import('./infer.ts')).inferCommand as CommandModule<object, never>,
  accuracy: async () => (await import('./accuracy.ts')).accuracyCommand as CommandModule<object, never>,
  mvm: async () => (await import('./mvm.ts')).mvmCommand as CommandModule<object, never>,
  optimize: async () => (await import('./optimize.ts')).optimizeCommand as CommandModule<object, never>,
  search: async () => (await import('./search.ts')).searchCommand as CommandModule<object, never>,
  data: async () => (await import('./data.ts')).dataCommand as CommandModule<object, never>,
  schema: async () => (await import('./schema.ts')).schemaCommand as CommandModule<object, never>,
  validate: async () => (await import('./validate.ts')).validateCommand as CommandModule<object, never>,
};

const args = hideBin(process.argv);
/** The words that a shell wants completed, behind the name of the program. */
const completed = args[0] === '--get-yargs-completions' ? args.slice(2) : undefined;
const [first = ''] = completed ?? args;
// A word that is being typed may be the beginning of another.
const isNamed = Object.hasOwn(COMMANDS, first) && completed?.length !== 1;
const named = isNamed ? [first] : Object.keys(COMMANDS);

/** A first argument that names no command is no argument of one either. */
function checkCommand(name = ''): void {
  const known = [...Object.keys(COMMANDS), 'completion'];
  if (/^[a-z]/.test(name) && !known.includes(name)) throw unknownName('command', name, known);
}

const parser = yargs(args)
  .scriptName('trex')
  .usage('$0 <command>\n\nEvent-driven simulator of in-memory-computing accelerators for transformers')
  .command(await Promise.all(named.map(name => COMMANDS[name]())))
  .completion('completion', 'Print a completion script: trex completion >> ~/.bashrc (or ~/.zshrc)')
  .example('$0 run arch/trex.yaml --model deit-s', 'DeiT-S on the chip of TReX')
  .example('$0 explain trex-full', 'Every value of a chip, where it is from, and its source')
  .env('TREX')
  .version(VERSION)
  .alias('h', 'help')
  .recommendCommands()
  .strict()
  .demandCommand(1, 'which command?')
  .wrap(Math.min(WIDEST_HELP, terminalWidth()))
  .exitProcess(false)
  .fail((message, error) => {
    // A slip in the arguments comes as an error of yargs itself, or as a message alone.
    if (error === undefined || error.name === 'YError')
      throw usageError(`${message ?? error?.message}; see trex --help`);
    throw error;
  });

process.stdout.on('error', error => {
  // A reader such as `head` that has seen enough is not a failure.
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});

/** What yargs cannot know is printed here. */
async function isCompleted(): Promise<boolean> {
  if (completed === undefined) return false;
  const { completionText } = await import('./io/completion.ts');
  const text = completionText(completed);
  process.stdout.write(text ?? '');
  return text !== undefined;
}

try {
  checkCommand(args[0]);
  if (!(await isCompleted())) await parser.parseAsync();
} catch (error) {
  if (!(error instanceof TrexError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
