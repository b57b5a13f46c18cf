/** What a study file may hold, for its check and for editors. The axes of `vary` are walked by `read-vary.ts`. */
import * as z from 'zod';
import { AXIS_KINDS } from './axes/all.ts';
import type { AnyAxisKind } from './axis.ts';
import type { AnyBlockKind } from './block.ts';
import { BLOCK_KINDS } from './blocks/all.ts';
import { conditionSchema } from './condition.ts';
import { METRIC_NAMES } from './metric-names.ts';
import { searchSchema } from './search-spec.ts';

export const axisKinds: readonly AnyAxisKind[] = AXIS_KINDS;
export const blockKinds: readonly AnyBlockKind[] = BLOCK_KINDS;

const seed = z.int({ error: 'expected a whole number' });

/** The keys of a study. */
export const studySchema = z.strictObject({
  name: z.string().min(1).optional().meta({ description: 'default: the name of the file' }),
  description: z.string().optional(),
  source: z.string().optional(),
  metrics: z.array(z.enum(METRIC_NAMES)).min(1).meta({ description: 'what is measured of each point' }),
  iso: z.record(z.string(), z.json()).optional().meta({
    description: 'what stays: arch, tech, model, reuse, tokens, images, set, and paths of files and metrics',
  }),
  vary: z
    .unknown()
    .optional()
    .meta({ description: 'what varies: paths with their values, blocks, or a list of those' }),
  when: conditionSchema.optional().meta({ description: 'what every point must fulfil' }),
  seeds: z
    .array(seed)
    .min(1)
    .optional()
    .meta({ description: 'each point once for each of them; default [1]' }),
  repeat: z.int().min(1).optional().meta({ description: 'so many seeds from 1 on' }),
  search: searchSchema
    .optional()
    .meta({ description: 'which of the points are looked at, and for what; absent: all of them' }),
});

type Json = Record<string, unknown>;

/** The JSON Schema that editors check a study against. */
export function studyJsonSchema(): Json {
  const of = (schema: z.ZodType): unknown => {
    const { $schema: _, ...json } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }) as Json;
    return json;
  };
  const axes = axisKinds.map(({ name, describe, schema }) => ({
    type: 'object',
    description: describe,
    properties: { [name]: of(schema) },
    required: [name],
    additionalProperties: false,
  }));
  const axis = { anyOf: [{ type: 'array', minItems: 1 }, ...axes] };
  const blocks = blockKinds.map(({ name, describe, options }): [string, unknown] => [
    name,
    {
      ...(of(options) as Json),
      description: describe,
      additionalProperties: { $ref: '#/definitions/axis' },
    },
  ]);
  const when = of(conditionSchema);
  const entry = {
    type: 'object',
    properties: { ...Object.fromEntries(blocks), when },
    additionalProperties: { $ref: '#/definitions/axis' },
  };
  const whole = of(studySchema) as { properties: Json };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'study of trex-sim',
    ...whole,
    required: ['metrics', 'vary'],
    properties: {
      ...whole.properties,
      vary: {
        anyOf: [{ $ref: '#/definitions/entry' }, { type: 'array', items: { $ref: '#/definitions/entry' } }],
      },
    },
    definitions: { axis, entry },
  };
}
