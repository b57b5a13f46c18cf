/** What a folder of results must be: every point once, in the bytes of the run that nothing disturbed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESULTS } from '../../src/explore/studies/node/results-file.ts';

export interface Rows {
  readonly bytes: Buffer;
  readonly ids: readonly string[];
}

export function rowsOf(dir: string): Rows {
  const path = join(dir, RESULTS);
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const lines = bytes.toString('utf8').split('\n').slice(0, -1);
  return { bytes, ids: lines.map(line => /"id":"(h[0-9a-f]{32})"/.exec(line)?.[1] ?? '') };
}

export interface Difference {
  readonly lost: number;
  readonly doubled: number;
  readonly isSame: boolean;
}

export function difference(expected: Rows, found: Rows): Difference {
  const there = new Set(found.ids);
  return {
    lost: expected.ids.filter(id => !there.has(id)).length,
    doubled: found.ids.length - there.size,
    isSame: expected.bytes.equals(found.bytes),
  };
}
