/** A short name of the code that computes results: what has been computed by other code is computed anew. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Modules that compute: the studies, and those of the library but for what asks for results, prints or checks them. */
const COMPUTES = /^(?:studies\/|src\/(?!(?:cli|explore|validate)\/)).*\.js$/;

/** SHA-256 over those below `folder`, hexadecimal; by default of this build. */
export function codeHash(folder = fileURLToPath(new URL('../../', import.meta.url))): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => name.replaceAll('\\', '/'))
    .filter(name => COMPUTES.test(name))
    .sort();
  const hash = createHash('sha256');
  for (const name of names)
    hash
      .update(`${name}\n`)
      .update(readFileSync(join(folder, name)))
      .update('\n');
  return hash.digest('hex');
}
