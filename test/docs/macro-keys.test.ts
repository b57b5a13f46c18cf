/** docs/technology.md names every key that a macro's file may have. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import * as z from 'zod';
import { macroSchema } from '../../src/tech/schema.ts';

const page = readFileSync(new URL('../../../docs/technology.md', import.meta.url), 'utf8');

interface Json {
  readonly properties?: Readonly<Record<string, Json>>;
}

/** `cell.bits` and the like; noise has a table of its own. */
function keys({ properties = {} }: Json, prefix = ''): string[] {
  return Object.entries(properties).flatMap(([key, value]) => {
    if (key === 'source' || key === 'level' || key === 'noise') return [];
    const inner = keys(value, `${prefix}${key}.`);
    return inner.length > 0 ? inner : [prefix + key];
  });
}

test('every key of a macro stands in the table, and no other does', t => {
  const [, table] = /\n\| key of a macro \|.*\n\|---\|---\|\n([\s\S]*?)\n\n/.exec(page)!;
  const shown = table.split('\n').flatMap(row => {
    const [, cell, meaning] = row.split('|');
    const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    // The parts of a total stand beside it.
    if (names[0].startsWith('shares.'))
      return [...meaning.matchAll(/`(\w+)`/g)].map(([, name]) => `${names[0]}.${name}`);
    const block = names[0].includes('.') ? names[0].replace(/[^.]*$/, '') : '';
    return names.map(name => (name.includes('.') ? name : block + name));
  });
  const known = keys(z.toJSONSchema(macroSchema, { io: 'input' }) as Json);
  t.deepEqual(shown.filter(name => name !== 'noise.*').sort(), known.sort());
});
