/** What may stand behind `--set`: the paths of all files' schemas, and the choices of a value. */
import { schemaFile } from '../../run/schema-file.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly then?: Schema;
  readonly else?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

/** Files by what their paths begin with. */
const FILES = [
  ['', 'arch'],
  ['tech.', 'tech'],
  ['digital.', 'tech'],
  ['model.', 'models'],
] as const;

/** What a file says of itself. */
const OWN = new Set(['name', 'description', 'source', 'use', '$schema']);

/** Every path with the choices that it has; those of values that are no choice are empty. */
export function setPaths(): Map<string, Set<string>> {
  const paths = new Map<string, Set<string>>();
  for (const [prefix, kind] of FILES) walk(JSON.parse(schemaFile(kind)) as Schema, prefix, paths);
  return paths;
}

function walk(schema: Schema, prefix: string, paths: Map<string, Set<string>>): void {
  const { then, anyOf = [], oneOf = [], allOf = [], properties = {} } = schema;
  for (const part of [...anyOf, ...oneOf, ...allOf, ...(then === undefined ? [] : [then, schema.else ?? {}])])
    walk(part, prefix, paths);
  for (const [key, value] of Object.entries(properties)) {
    if (OWN.has(key)) continue;
    const path = prefix + key;
    const words = choices(value);
    if (!isBlock(value)) paths.set(path, new Set([...(paths.get(path) ?? []), ...words]));
    walk(value, `${path}.`, paths);
  }
}

const alternatives = ({ anyOf = [], oneOf = [], allOf = [] }: Schema): Schema[] => [
  ...anyOf,
  ...oneOf,
  ...allOf,
];

const isBlock = (schema: Schema): boolean =>
  schema.properties !== undefined || (alternatives(schema).length > 0 && alternatives(schema).every(isBlock));

function choices(schema: Schema): string[] {
  const own = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  return [...own.map(String), ...alternatives(schema).flatMap(choices)];
}
