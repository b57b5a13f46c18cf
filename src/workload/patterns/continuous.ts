/** Reuse encoders one after another. */
import { reusePattern, starts } from '../reuse-pattern.ts';

export const pattern = reusePattern({
  kind: 'continuous',
  rank: 3,
  options: ['start'],
  list: (encoders, count) =>
    starts(encoders, new Array(count - 1).fill(1)).map(p => ({ sl: null, ncont: null, ...p })),
});
