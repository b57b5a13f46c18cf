/** A continuous middle between strided sides of equal length. */
import { reusePattern, starts, strides } from '../reuse-pattern.ts';

/** Continuous runs are never called pyramids: their middle must be at least this long. */
const MIN_CONTINUOUS = 2;

export const pattern = reusePattern({
  kind: 'pyramid',
  rank: 2,
  options: ['sl', 'ncont', 'start'],
  list: (encoders, count) =>
    strides(encoders).flatMap(sl =>
      middles(count).flatMap(ncont =>
        starts(encoders, steps(count, sl, ncont)).map(p => ({ sl, ncont, ...p })),
      ),
    ),
});

/** Lengths of a middle that leave the same number of strided encoders, at least one, on each side. */
function middles(count: number): number[] {
  const lengths: number[] = [];
  for (let n = MIN_CONTINUOUS + (count % 2); n <= count - 2; n += 2) lengths.push(n);
  return lengths;
}

/** Strided, continuous, strided: the steps from one reuse encoder to the next. */
function steps(count: number, sl: number, ncont: number): number[] {
  const side = new Array((count - ncont) / 2).fill(sl);
  return [...side, ...new Array(ncont - 1).fill(1), ...side];
}
