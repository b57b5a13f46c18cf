/** Which tokens of a row count. */
import { badFile } from './bad-file.ts';

/** A mask from numbers: 1 for a token, 0 for none. @throws TrexError (invalid file) for others: masks that are added have -10000. */
export function maskOf(values: ArrayLike<number>, name: string): Uint8Array {
  return Uint8Array.from(values, (value, i) => {
    if (value !== 0 && value !== 1)
      throw badFile(name, `element ${i} of its mask is ${value}: expected 0 or 1`);
    return value;
  });
}
