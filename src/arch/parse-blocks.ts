/**
 * A file against its schema, block by block: whoever loads it again with another value on top gets the blocks that are the
 * same nodes of the same tree as they were, since the keys of a schema's top level do not depend on each other.
 */
import * as z from 'zod';
import { alternative, dimensionOf, schemaAt } from './schema-walk.ts';
import { type Branch, type Leaf, leaves, type Path, plain, type Tree } from './tree.ts';

/** What a block became under the schemas that it was held against. */
type Results<T> = WeakMap<Tree, WeakMap<z.ZodType, T>>;

function known<T>(results: Results<T>, node: Tree, schema: z.ZodType, make: () => T): T {
  const of = results.get(node) ?? new WeakMap<z.ZodType, T>();
  results.set(node, of);
  const found = of.get(schema);
  if (found !== undefined) return found;
  const made = make();
  of.set(schema, made);
  return made;
}

/** One key of a schema, as an object of its own: what is absent is then zod's own matter. */
interface Key {
  readonly name: string;
  readonly schema: z.ZodObject;
  /** Of an absent value. */
  readonly absent: Parsed;
}
/** Undefined for what is not sound. */
type Parsed = { readonly data: object | undefined };

const asParsed = ({ data }: { readonly data?: object | undefined }): Parsed => ({ data });

const keys = new WeakMap<z.ZodType, readonly Key[] | undefined>();

/** The keys of a schema whose values do not depend on each other; undefined for one that checks them together. */
function keysOf(object: z.ZodType): readonly Key[] | undefined {
  if (keys.has(object)) return keys.get(object);
  const isPlain = object instanceof z.ZodObject && (object.def.checks ?? []).length === 0;
  const found = isPlain
    ? Object.entries(object.shape as Record<string, z.ZodType>).map(([name, schema]) => {
        const one = z.strictObject({ [name]: schema });
        return { name, schema: one, absent: asParsed(one.safeParse({})) };
      })
    : undefined;
  keys.set(object, found);
  return found;
}

const parsed: Results<Parsed> = new WeakMap();

/** The value of a sound file; undefined for one with problems, which a look at the whole then tells. */
export function parseBlocks<S extends z.ZodType>(schema: S, tree: Branch): z.output<S> | undefined {
  const object = alternative(schema, tree);
  // A wrapper around the object, or around one of several, may change or check all of it.
  const isOwn =
    object === schema ||
    (schema instanceof z.ZodDiscriminatedUnion && schema.options.some(option => option === object));
  const own = isOwn && object !== undefined ? keysOf(object) : undefined;
  if (own === undefined) return undefined;
  const value = {};
  let present = 0;
  for (const { name, schema: one, absent } of own) {
    const node = tree.entries.get(name)?.node;
    if (node !== undefined) present++;
    const { data } =
      node === undefined
        ? absent
        : known(parsed, node, one, () => asParsed(one.safeParse({ [name]: plain(node) })));
    if (data === undefined) return undefined;
    Object.assign(value, data);
  }
  return present === tree.entries.size ? (value as z.output<S>) : undefined;
}

/** A value of a file, with what its schema says of it. */
export interface KnownLeaf {
  readonly path: Path;
  readonly leaf: Leaf;
  /** Whether its schema knows the path. */
  readonly isKnown: boolean;
  readonly dimension: ReturnType<typeof dimensionOf>;
}

const looked: Results<readonly KnownLeaf[]> = new WeakMap();

/** Every value of a file, in file order. */
export const knownLeaves = (schema: z.ZodType, tree: Branch): readonly KnownLeaf[] =>
  known(looked, tree, schema, () => leavesByBlock(schema, tree));

function leavesByBlock(schema: z.ZodType, tree: Branch): readonly KnownLeaf[] {
  const object = alternative(schema, tree);
  return [...tree.entries].flatMap(([key, { node }]) => {
    if (key === 'source') return [];
    const look = (): readonly KnownLeaf[] =>
      [...leaves(node, [key])].map(({ path, leaf }) => {
        const at = schemaAt(schema, tree, path);
        return { path, leaf, isKnown: at !== undefined, dimension: dimensionOf(at) };
      });
    const below = object && schemaAt(object, tree, [key]);
    return below === undefined ? look() : known(looked, node, below, look);
  });
}
