/** The commands of `trex`, and one run of the command line: arguments become calls; failures become one message and an exit code. */
import yargs, { type Argv, type CommandModule } from 'yargs';
import { EXIT, type ExitCode, TrexError, unknownName, usageError } from '../base/errors.ts';
import { masked } from '../base/masked.ts';
import { VERSION } from '../base/version.ts';
import { declarationOf } from './io/declaration.ts';
import { trexVariables } from './io/environment.ts';
import { checkOptionNeeds } from './io/option-needs.ts';
import { HELP_ALL, withShortHelp } from './io/short-help.ts';
import { terminalWidth } from './io/terminal.ts';
import { ASKS_HELP, fromEnvironment, readWords, shown } from './io/words.ts';

const WIDEST_HELP = 100;

/** Each command in its own module: only the one that is named is loaded. */
export const COMMANDS: Readonly<Record<string, () => Promise<CommandModule<object, never>>>> = {
  run: async () => (await import('./run.ts')).runCommand as CommandModule<object, never>,
  explain: async () => (await import('./explain.ts')).explainCommand as CommandModule<object, never>,
  xbar: async () => (await import('./xbar.ts')).xbarCommand as CommandModule<object, never>,
  report: async () => (await import('./report.ts')).reportCommand as CommandModule<object, never>,
  figure: async () => (await import('./figure.ts')).figureCommand as CommandModule<object, never>,
  compare: async () => (await import('./compare.ts')).compareCommand as CommandModule<object, never>,
  init: async () => (await import('./init.ts')).initCommand as CommandModule<object, never>,
  train: async () => (await import('./train.ts')).trainCommand as CommandModule<object, never>,
  systems: async () => (await import('./systems.ts')).systemsCommand as CommandModule<object, never>,
  sweep: async () => (await import('./sweep.ts')).sweepCommand as CommandModule<object, never>,
  worker: async () => (await import('./worker.ts')).workerCommand as CommandModule<object, never>,
  merge: async () => (await import('./merge.ts')).mergeCommand as CommandModule<object, never>,
  export: async () => (await import('./export.ts')).exportCommand as CommandModule<object, never>,
  check: async () => (await import('./check.ts')).checkCommand as CommandModule<object, never>,
  list: async () => (await import('./list.ts')).listCommand as CommandModule<object, never>,
  noc: async () => (await import('./noc.ts')).nocCommand as CommandModule<object, never>,
  infer: async () => (await import('./infer.ts')).inferCommand as CommandModule<object, never>,
  accuracy: async () => (await import('./accuracy.ts')).accuracyCommand as CommandModule<object, never>,
  mvm: async () => (await import('./mvm.ts')).mvmCommand as CommandModule<object, never>,
  optimize: async () => (await import('./optimize.ts')).optimizeCommand as CommandModule<object, never>,
  search: async () => (await import('./search.ts')).searchCommand as CommandModule<object, never>,
  map: async () => (await import('./map.ts')).mapCommand as CommandModule<object, never>,
  data: async () => (await import('./data.ts')).dataCommand as CommandModule<object, never>,
  schema: async () => (await import('./schema.ts')).schemaCommand as CommandModule<object, never>,
  ui: async () => (await import('./ui.ts')).uiCommand as CommandModule<object, never>,
  doctor: async () => (await import('./doctor.ts')).doctorCommand as CommandModule<object, never>,
  validate: async () => (await import('./validate.ts')).validateCommand as CommandModule<object, never>,
};

/** A first argument that names no command is no argument of one either. */
function checkCommand(name: string | undefined): void {
  const known = [...Object.keys(COMMANDS), 'completion'];
  if (name === undefined || name.startsWith('--') || name === '-h' || known.includes(name)) return;
  throw unknownName('command', shown(name), known);
}

const asksHelp = (words: readonly string[]): boolean =>
  words
    .slice(0, words.includes('--') ? words.indexOf('--') : words.length)
    .some(word => ASKS_HELP.includes(word));

/** What yargs gets: of a command with its own words, read and checked. */
function argumentsFor(args: readonly string[], commands: readonly CommandModule<object, never>[]): string[] {
  const [name, ...words] = args;
  const [own] = Object.hasOwn(COMMANDS, name ?? '') ? commands : [];
  if (own === undefined || asksHelp(words)) return [...args];
  const declared = declarationOf(own);
  const read = readWords(declared, words, process.env);
  checkOptionNeeds(declared, read, fromEnvironment(words, process.env));
  return [name, ...read];
}

/** What yargs cannot know of the words that a shell wants completed is printed here. */
async function isCompleted(words: readonly string[]): Promise<boolean> {
  const { completionText } = await import('./io/completion.ts');
  const text = completionText(words);
  process.stdout.write(text ?? '');
  return text !== undefined;
}

const parserOf = (
  words: readonly string[],
  commands: readonly CommandModule<object, never>[],
  width: number,
): Argv<object> =>
  yargs([...words])
    .scriptName('trex')
    .usage('$0 <command>\n\nEvent-driven simulator of in-memory-computing accelerators for transformers')
    .command([...commands])
    .completion('completion', 'Print a completion script: trex completion >> ~/.bashrc (or ~/.zshrc)')
    .example('$0 run arch/trex.yaml --model deit-s', 'DeiT-S on the chip of TReX')
    .example('$0 explain trex-full', 'Every value of a chip, where it is from, and its source')
    .version(VERSION)
    .alias('h', 'help')
    .recommendCommands()
    .strict()
    .demandCommand(1, 'which command?')
    .wrap(width)
    .exitProcess(false)
    .fail((message, error) => {
      // A slip in the arguments comes as an error of yargs itself, or as a message alone.
      if (error === undefined || error.name === 'YError')
        throw usageError(`${message ?? error?.message}; see trex --help`);
      throw error;
    });

/** The help of a command with all its options, in `width` columns. */
export async function helpOf(name: string, width: number): Promise<string> {
  const command = await COMMANDS[name]();
  return await parserOf([name], [command], width).getHelp();
}

async function run(args: readonly string[]): Promise<void> {
  checkCommand(args[0]);
  trexVariables(process.env);
  const completed = args[0] === '--get-yargs-completions' ? args.slice(2) : undefined;
  if (completed !== undefined && (await isCompleted(completed))) return;
  const [first = ''] = completed ?? args;
  // A word that is being typed may be the beginning of another.
  const isNamed = Object.hasOwn(COMMANDS, first) && completed?.length !== 1;
  const named = isNamed ? [first] : Object.keys(COMMANDS);
  const commands = await Promise.all(named.map(name => COMMANDS[name]()));
  const words = argumentsFor(args, commands);
  const isShort = isNamed && completed === undefined && asksHelp(args) && !words.includes(HELP_ALL);
  const plain = words.map(word => (word === HELP_ALL ? '--help' : word));
  const shown = isShort ? commands.map(withShortHelp) : commands;
  const parser = parserOf(plain, shown, Math.min(WIDEST_HELP, terminalWidth()));
  if (first !== 'completion') await parser.parseAsync();
  else {
    const { withoutSpaces } = await import('./io/completion.ts');
    await parser.parseAsync(plain, {}, (_error, _argv, script) => {
      process.stdout.write(`${withoutSpaces(script)}\n`);
    });
  }
}

/** Runs `trex` with these arguments, prints what it has to say, and tells the exit code. What it throws is a bug. */
export async function commandLine(args: readonly string[]): Promise<ExitCode> {
  try {
    await run(args);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof TrexError)) throw error;
    // A word that is refused may be the URL of a Redis.
    process.stderr.write(`${masked(error.message)}\n`);
    return error.exitCode;
  }
}
