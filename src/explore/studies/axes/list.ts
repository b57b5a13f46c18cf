/** `[a, b, c]`, or `{ list: [a, b, c] }`: values in the order of the file. */
import * as z from 'zod';
import { error } from '../../../arch/finding.ts';
import { type AxisKind, listed } from '../axis.ts';
import { canonical, shownValue, type Value } from '../value.ts';

const schema: z.ZodType<readonly Value[]> = z.array(z.json()).min(1);

export const axis: AxisKind<readonly Value[]> = {
  name: 'list',
  describe: 'values in the order of the file',
  schema,
  axis(values) {
    const texts = values.map(canonical);
    const twice = texts.findIndex((text, i) => texts.indexOf(text) !== i);
    if (twice >= 0) return error([twice], `${shownValue(values[twice])} stands there twice`);
    return listed(values.length, i => values[i]);
  },
};
