/** A short name of the code that computes results: what has been computed by other code is computed anew. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders of modules that say how results are asked for, printed or checked, and compute none. */
const BESIDE = ['cli', 'explore', 'validate'];

/** SHA-256 over all built modules but those, hexadecimal. */
export function codeHash(folder = fileURLToPath(new URL('../../', import.meta.url))): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => name.replaceAll('\\', '/'))
    .filter(name => name.endsWith('.js') && !BESIDE.includes(name.split('/')[0]))
    .sort();
  const hash = createHash('sha256');
  for (const name of names)
    hash
      .update(`${name}\n`)
      .update(readFileSync(join(folder, name)))
      .update('\n');
  return hash.digest('hex');
}
