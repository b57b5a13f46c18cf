#!/usr/bin/env node
/** The command `trex`: words become calls; failures become one message and an exit code. */
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { EXIT, TrexError, usageError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { checkCommand } from './check.ts';
import { explainCommand } from './explain.ts';
import { listCommand } from './list.ts';
import { nocCommand } from './noc.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { validateCommand } from './validate.ts';

const parser = yargs(hideBin(process.argv))
  .scriptName('trex')
  .usage('$0 <command>\n\nEvent-driven simulator of in-memory-computing accelerators for transformers')
  .command(runCommand)
  .command(explainCommand)
  .command(checkCommand)
  .command(listCommand)
  .command(nocCommand)
  .command(schemaCommand)
  .command(validateCommand)
  .completion('completion', 'Print a completion script: trex completion >> ~/.bashrc')
  .example('$0 run arch/trex.yaml --model deit-s', 'DeiT-S on the chip of TReX')
  .example('$0 explain trex-full', 'Every value of a chip, where it is from, and its source')
  .env('TREX')
  .version(VERSION)
  .alias('h', 'help')
  .recommendCommands()
  .strict()
  .demandCommand(1, 'which command?')
  .wrap(Math.min(100, process.stdout.columns ?? 100))
  .exitProcess(false)
  .fail((message, error) => {
    throw error ?? usageError(`${message}; see trex --help`);
  });

process.stdout.on('error', error => {
  // A reader such as `head` that has seen enough is not a failure.
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});

try {
  await parser.parseAsync();
} catch (error) {
  if (!(error instanceof TrexError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
