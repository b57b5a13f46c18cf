/** A network as its model file describes it: the schema over all families (zod), and the registry of families by name. */
import * as z from 'zod';
import { unknownName } from '../base/errors.ts';
import { FAMILIES, type FamilyConfig, modelSchema as familySchema } from './families/all.ts';
import type { Family } from './family.ts';
import { checkSizes } from './limits.ts';

/** Checks a parsed model file; gives a ModelConfig with defaults, `hidden` and `tokens` filled in. */
export const modelSchema = familySchema.superRefine(checkSizes);

/** A network's configuration, checked. Every family has name, source, encoders, dim, heads, hidden and tokens. */
export type ModelConfig = Readonly<FamilyConfig>;

export type FamilyName = ModelConfig['family'];

// A family builds from what its own schema gives, which the name in a configuration tells.
const families = FAMILIES as unknown as readonly (Family & { readonly name: FamilyName })[];

/** The families that a model file can name. */
export const familyNames: readonly FamilyName[] = families.map(({ name }) => name);

/** The family of that name. @throws TrexError (usage) for an unknown one, with the nearest. */
export function familyOf(name: string): Family {
  const family = families.find(f => f.name === name);
  if (family === undefined) throw unknownName('model family', name, familyNames);
  return family;
}

/** JSON Schema (draft 7) of a model file, for editors: the content of models/schema.json. */
export function modelJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(modelSchema, { target: 'draft-7', io: 'input' });
}
