#!/usr/bin/env node
/** Where `trex` begins: the version needs nothing else, so that it is there at once. */
import { VERSION } from '../base/version.ts';

const args = process.argv.slice(2);
if (args.length === 1 && args[0] === '--version') process.stdout.write(`${VERSION}\n`);
else await (await import('./main.ts')).main(args);
