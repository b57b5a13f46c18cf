/** Weight encodings by name. */
import { unknownName } from '../base/errors.ts';
import { ENCODINGS } from './encoding/all.ts';
import type { WeightEncoding } from './weight-encoding.ts';

/** How signed weights stand in cells: a file of `encoding/`. */
export type EncodingName = keyof typeof ENCODINGS;

/** All that there are. */
export const ENCODING_NAMES = Object.keys(ENCODINGS) as readonly EncodingName[];

/** @throws TrexError (usage) for a name that is none. */
export function weightEncoding(name: EncodingName): WeightEncoding {
  if (!Object.hasOwn(ENCODINGS, name)) throw unknownName('weight encoding', name, [...ENCODING_NAMES]);
  return ENCODINGS[name];
}
