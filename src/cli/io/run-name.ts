/** The name of a run's folder: what it is about, and a hash of all that was read and asked for. */
import { createHash } from 'node:crypto';
import { VERSION } from '../../base/version.ts';
import { generationIn } from '../../report/generation.ts';
import type { RunInput } from '../../run/run.ts';

/**
 * "trex-deit-s-count-5-1a2b3c4d": letters, digits, dots and dashes. What files are called is not in the hash, what they hold
 * is: an edited file makes another run.
 */
export function runName({ options, arch, network, files }: RunInput): string {
  const { reuse, tokens, images, seed, set, accuracy } = options;
  const contents = files.map(({ sha256 }) => sha256);
  const input = JSON.stringify([
    VERSION,
    contents,
    reuse,
    tokens,
    images,
    seed,
    set,
    ...(accuracy ? [accuracy] : []),
    ...(options.prefill === undefined ? [] : [generationIn(options)]),
  ]);
  const hash = createHash('sha256').update(input).digest('hex').slice(0, 8);
  const parts = [arch.arch.name, network.model.name, reuse === 'none' ? '' : reuse, hash];
  return parts
    .filter(part => part !== '')
    .join('-')
    .replace(/[^A-Za-z0-9.-]+/g, '-');
}
