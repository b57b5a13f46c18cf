/** A network as its model file describes it: the schema over all families (zod), and the registry of families by name. */
import { z } from 'zod';
import { unknownName } from '../base/errors.ts';
import { bert } from './families/bert.ts';
import { lvVit } from './families/lv-vit.ts';
import { vit } from './families/vit.ts';
import type { Family } from './family.ts';

const families = { vit, 'lv-vit': lvVit, bert } as const;

type FamilyName = keyof typeof families;

/** The families that a model file can name. */
const familyNames = Object.keys(families) as readonly FamilyName[];

/** Checks a parsed model file; gives a ModelConfig with defaults, `hidden` and `tokens` filled in. */
export const modelSchema = z.discriminatedUnion('family', [vit.schema, lvVit.schema, bert.schema]);

/** A network's configuration, checked. Every family has name, source, encoders, dim, heads, hidden and tokens. */
export type ModelConfig = Readonly<z.output<typeof modelSchema>>;

/** The family of that name. @throws TrexError (usage) for an unknown one, with the nearest. */
export function familyOf(name: string): Family {
  if (Object.hasOwn(families, name)) return families[name as FamilyName] as unknown as Family;
  throw unknownName('model family', name, familyNames);
}

/** JSON Schema (draft 7) of a model file, for editors: the content of models/schema.json. */
export function modelJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(modelSchema, { target: 'draft-7', io: 'input' });
}
