/** The JSON Schemas that editors use. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { jsonSchema } from '../../src/arch/json-schema.ts';
import { schemaFile } from '../../src/run/schema-file.ts';

test('the committed schemas are what the program exports', t => {
  for (const kind of ['arch', 'tech', 'models'] as const) {
    const committed = readFileSync(new URL(`../../../${kind}/schema.json`, import.meta.url), 'utf8');
    t.deepEqual(
      JSON.parse(committed),
      JSON.parse(schemaFile(kind)),
      `trex schema ${kind} > ${kind}/schema.json`,
    );
  }
});

test('a file that uses another needs its name alone', t => {
  for (const kind of ['arch', 'tech'] as const) {
    const { then, else: whole, if: condition } = jsonSchema(kind) as Record<string, Record<string, unknown>>;
    t.deepEqual(condition, { type: 'object', required: ['use'] });
    t.deepEqual(then.required, ['use', 'name']);
    t.notRegex(JSON.stringify({ ...then, required: undefined }), /"required":\[/);
    t.regex(JSON.stringify(whole), /"required":\[/);
  }
});

test('a quantity carries its unit, an example and a pattern', t => {
  const { else: whole } = jsonSchema('arch') as { else: { properties: Record<string, unknown> } };
  const { properties } = whole.properties.chip as { properties: { clock: { pattern: string } } };
  t.like(properties.clock, { type: 'string', dimension: 'Hz' });
  t.regex('1 GHz', new RegExp(properties.clock.pattern));
  t.notRegex('1 GW', new RegExp(properties.clock.pattern));
});
