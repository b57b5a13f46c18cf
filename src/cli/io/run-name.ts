/** The name of a run's folder: what it is about, and a hash of all that was asked for. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { RunOptions } from '../../report/result.ts';

const stem = (path: string): string => basename(path).replace(/\.[a-z]+$/i, '');

/** "trex-deit-s-count-5-1a2b3c4d": letters, digits, dots and dashes. */
export function runName(options: RunOptions): string {
  const hash = createHash('sha256').update(JSON.stringify(options)).digest('hex').slice(0, 8);
  const parts = [
    stem(options.arch),
    stem(options.model),
    options.reuse === 'none' ? '' : options.reuse,
    hash,
  ];
  return parts
    .filter(part => part !== '')
    .join('-')
    .replace(/[^A-Za-z0-9.-]+/g, '-');
}
