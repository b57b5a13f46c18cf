/** Which tokens of a row count. */
import { badFile } from './bad-file.ts';

/** @throws TrexError (invalid file) for another value of a mask, such as a share, or -10000 of one that is added to scores. */
export const maskOf = (values: ArrayLike<number>, name: string): Uint8Array =>
  Uint8Array.from(values, value => {
    if (value !== 0 && value !== 1) throw badFile(name, `a mask holds 1 and 0, not ${value}`);
    return value;
  });
