/** JSON Schema (draft 7, which YAML language servers read) of architecture and technology files. */
import * as z from 'zod';
import { techSchema } from '../tech/schema.ts';
import { archSchema } from './schema.ts';
import { KIND_NOUN } from './source-files.ts';

type Json = Record<string, unknown>;

const SCHEMAS = { arch: archSchema, tech: techSchema } as const;

/** What arch/schema.json and tech/schema.json hold. A file that says `use` need only give what differs. */
export function jsonSchema(kind: keyof typeof SCHEMAS): Json {
  const { $schema, ...whole } = z.toJSONSchema(SCHEMAS[kind], { target: 'draft-7', io: 'input' }) as Json;
  return {
    $schema,
    title: `${KIND_NOUN[kind]} file of trex-sim`,
    if: { type: 'object', required: ['use'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { ...(partial(whole) as Json), required: ['use', 'name'] },
    else: whole,
  };
}

/** The same schema with every key optional; a part can then fit more than one alternative. */
function partial(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(partial);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node)
    .filter(([key, value]) => !(key === 'required' && Array.isArray(value)))
    .map(([key, value]) => [key === 'oneOf' ? 'anyOf' : key, partial(value)]);
  return Object.fromEntries(entries);
}
