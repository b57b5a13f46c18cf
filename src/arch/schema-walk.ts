/** Questions to a file schema (zod 4): which keys stand at a path, what dimension a value has, which defaults there are. */
import type * as z from 'zod';
import type { Dimension } from '../base/units.ts';
import { nodeAt, type Path, plain, type Tree } from './tree.ts';

/** The parts of zod's schema definitions that are walked here. */
interface Definition {
  readonly type: string;
  readonly shape?: Record<string, z.ZodType>;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly discriminator?: string;
  readonly element?: z.ZodType;
  readonly getter?: () => z.ZodType;
  readonly values?: readonly unknown[];
}

const definition = (schema: z.ZodType): Definition => schema.def as unknown as Definition;

/** The schema of the value at `path`, with the alternatives chosen that `tree` is; undefined for an unknown path. */
export function schemaAt(schema: z.ZodType, tree: Tree, path: Path): z.ZodType | undefined {
  let at: z.ZodType | undefined = schema;
  for (const [depth, key] of path.entries()) {
    const shape: z.ZodType | undefined = at && alternative(at, nodeAt(tree, path.slice(0, depth)));
    if (shape === undefined) return undefined;
    const { type, shape: keys, element } = definition(shape);
    if (type === 'array') at = element;
    else at = keys !== undefined && Object.hasOwn(keys, key) ? keys[key] : undefined;
  }
  return at;
}

/** The keys that a block may have; empty for what is not a block. */
export function keysOf(schema: z.ZodType | undefined, node: Tree | undefined): readonly string[] {
  const shape = schema && alternative(schema, node);
  return Object.keys((shape && definition(shape).shape) ?? {});
}

/** Whether the value at `path` chooses which keys its block has: the tag of a tagged union. */
export function isTag(schema: z.ZodType, tree: Tree, path: Path): boolean {
  const block = schemaAt(schema, tree, path.slice(0, -1));
  return block !== undefined && tagOf(block) === path.at(-1);
}

function tagOf(schema: z.ZodType): string | undefined {
  const { innerType, in: input, discriminator, getter } = definition(schema);
  const inner = getter?.() ?? innerType ?? input;
  return discriminator ?? (inner && tagOf(inner));
}

/** The dimension of a quantity; undefined for everything else. */
export function dimensionOf(schema: z.ZodType | undefined): Dimension | undefined {
  for (let at = schema; at !== undefined; at = definition(at).innerType) {
    const dimension = at.meta()?.dimension;
    if (dimension !== undefined) return dimension as Dimension;
  }
  return undefined;
}

/** Paths that a file leaves out and the schema fills in, with the default as it would be written. */
export function* defaultsOf(
  schema: z.ZodType,
  tree: Tree,
  path: Path = [],
): Generator<{ path: Path; text: string }> {
  const node = nodeAt(tree, path);
  const shape = alternative(schema, node);
  if (shape === undefined || node?.type !== 'map') return;
  for (const [key, inner] of Object.entries(definition(shape).shape ?? {})) {
    if (node.entries.has(key)) yield* defaultsOf(inner, tree, [...path, key]);
    else if (['default', 'prefault'].includes(definition(inner).type)) {
      const { defaultValue } = definition(inner) as { defaultValue?: unknown };
      const isBlock = typeof defaultValue === 'object' && defaultValue !== null;
      yield { path: [...path, key], text: isBlock ? JSON.stringify(defaultValue) : String(defaultValue) };
    }
  }
}

/** Without optional, default and transform wrappers; of a tagged union, the member whose tag the value has. */
export function alternative(schema: z.ZodType, node: Tree | undefined): z.ZodType | undefined {
  const { type, innerType, in: input, options, discriminator, getter } = definition(schema);
  if (type === 'lazy' && getter !== undefined) return alternative(getter(), node);
  if (innerType !== undefined) return alternative(innerType, node);
  if (type === 'pipe' && input !== undefined) return alternative(input, node);
  if (type !== 'union' || options === undefined) return schema;
  if (discriminator === undefined) return options.map(o => alternative(o, node)).find(o => isBlock(o));
  const tag = node === undefined ? undefined : nodeAt(node, [discriminator]);
  if (tag === undefined) return undefined;
  const value = plain(tag);
  return options
    .map(option => alternative(option, node))
    .find(option => {
      const literal = option && definition(option).shape?.[discriminator];
      return literal !== undefined && isOne(literal, value);
    });
}

const isBlock = (schema: z.ZodType | undefined): boolean =>
  schema !== undefined && definition(schema).type === 'object';

/** Whether a value is the one that a tag may have. */
const isOne = (tag: z.ZodType, value: unknown): boolean =>
  definition(tag).values?.includes(value) ?? tag.safeParse(value).success;
