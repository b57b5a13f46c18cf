/** Before a file is damaged its reader takes it: else every case of its format would end at one and the same refusal. */
import test from 'ava';
import { TrexError } from '../../src/base/errors.ts';
import { FORMATS } from './formats.ts';

/** Refused as they stand, on purpose. */
const REFUSED = /CMYK or YCCK JPEG/;

test('every file that is damaged is taken as it stands', async t => {
  const wrong: string[] = [];
  for (const { name, seeds, read } of FORMATS)
    for (const [i, seed] of seeds.entries())
      try {
        await read(seed);
      } catch (error) {
        if (!(error instanceof TrexError && REFUSED.test(error.message)))
          wrong.push(`${name} ${i}: ${error}`);
      }
  t.deepEqual(wrong, []);
});
