/** Declarations of a kind are told apart by their names: two of one name would hide each other. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { NOISE_SWEEPS, TERMS } from '../../src/tech/noise-model.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

interface Index {
  readonly folder: string;
  readonly list?: string;
  readonly noun: string;
}

const indexes = JSON.parse(readFileSync(`${ROOT}scripts/indexes.json`, 'utf8')) as readonly Index[];

/** A declaration's name, whatever its kind calls it. */
const nameOf = (one: Readonly<Record<string, unknown>>): unknown => one.name ?? one.law ?? one.by ?? one.kind;

/** Those of a record are told apart by their files. */
for (const { folder, list, noun } of indexes.filter(index => index.list !== undefined))
  test(`no two ${noun} have one name`, async t => {
    const all = (await import(`../../${folder}/all.js`)) as Record<string, object>;
    const entries: Record<string, unknown>[] = Object.values(all[list ?? '']);
    t.true(entries.length > 0);
    const names = entries.map(nameOf);
    t.true(names.every(name => name !== undefined));
    t.is(new Set(names).size, names.length);
  });

test('no two noise terms act at one place, and no two of their numbers have one option', t => {
  const places = TERMS.map(([, { place }]) => place);
  t.is(new Set(places).size, places.length);
  const options = Object.values(NOISE_SWEEPS).map(({ option }) => option);
  t.is(new Set(options).size, options.length);
});
