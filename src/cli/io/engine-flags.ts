/** Which Redis studies go through: as a word, in a file, or in TREX_ENGINE. */
import { readFileSync } from 'node:fs';
import { missingError, usageError } from '../../base/errors.ts';
import { type EngineUrl, parseEngineUrl } from '../../explore/studies/node/redis/engine-url.ts';
import { text } from './flags.ts';

export const engineFlags = {
  engine: text(
    'Redis or Valkey, redis://HOST:6379, rediss:// for TLS; a password: in TREX_ENGINE',
    'Machines:',
  ),
  'engine-file': text('A file with that URL', 'Machines:'),
} as const;

/** What yargs hands over for `engineFlags`. */
export interface EngineArguments {
  readonly engine: string | undefined;
  readonly engineFile: string | undefined;
}

/** Undefined where there is none. @throws TrexError */
export function engineUrl({ engine, engineFile }: EngineArguments): EngineUrl | undefined {
  if (engineFile === undefined) return engine === undefined ? undefined : parseEngineUrl(engine);
  if (engine !== undefined && process.env.TREX_ENGINE !== engine)
    throw usageError('--engine-file has no effect beside --engine');
  let content: string;
  try {
    content = readFileSync(engineFile, 'utf8');
  } catch (error) {
    throw missingError(`${engineFile}: cannot be read: ${(error as Error).message}`);
  }
  return parseEngineUrl(content.trim());
}
