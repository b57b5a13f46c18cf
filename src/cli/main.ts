#!/usr/bin/env node
/** The command `trex`. */
import { EXIT } from '../base/errors.ts';
import { commandLine } from './command-line.ts';
import { watchSignals } from './io/interrupt.ts';

watchSignals();

process.stdout.on('error', error => {
  // A reader such as `head` that has seen enough is not a failure.
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});

process.exitCode = await commandLine(process.argv.slice(2));
