/** Reuse encoders at equal distances. */
import { reusePattern, starts, strides } from '../reuse-pattern.ts';

export const pattern = reusePattern({
  kind: 'strided',
  rank: 1,
  options: ['sl', 'start'],
  list(encoders, count) {
    if (count === 1) return starts(encoders, []).map(p => ({ sl: null, ncont: null, ...p }));
    return strides(encoders).flatMap(sl =>
      starts(encoders, new Array(count - 1).fill(sl)).map(p => ({ sl, ncont: null, ...p })),
    );
  },
});
