/** Which Redis studies go through: as a word, in a file, or in TREX_ENGINE. */
import { usageError } from '../../base/errors.ts';
import { type EngineUrl, parseEngineUrl } from '../../explore/studies/node/redis/engine-url.ts';
import { readBytes } from '../../run/node/read-file.ts';
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
  const isOfEnvironment = engine !== undefined && process.env.TREX_ENGINE === engine;
  if (engineFile === undefined) {
    if (engine === undefined) return undefined;
    return parseEngineUrl(engine, isOfEnvironment ? 'TREX_ENGINE' : '--engine');
  }
  if (engine !== undefined && !isOfEnvironment)
    throw usageError('--engine-file has no effect beside --engine');
  const content = new TextDecoder().decode(readBytes(engineFile));
  return parseEngineUrl(content.trim(), `--engine-file ${engineFile}`);
}
