/** What a page shows of the accuracy in a result: of the chip, and of the exact network beside it. */
import * as z from 'zod';
import { EXIT, TrexError } from '../../base/errors.ts';

const share = z.number().min(0).max(1);
const scores = z.looseObject({
  top1: share,
  top5: share.nullable(),
  loss: z.number(),
  matthews: z.number().nullable(),
});
const spreadOf = (mean: z.ZodNumber) =>
  z.looseObject({ mean, interval95: z.number().nonnegative().nullable() });
const point = z.looseObject({
  top1: spreadOf(share),
  top5: spreadOf(share).nullable(),
  loss: spreadOf(z.number()),
  matthews: spreadOf(z.number()).nullable(),
});
const schema = z.looseObject({
  data: z.looseObject({ images: z.int().positive() }),
  float32: scores,
  int8: scores,
  points: z.tuple([point]),
});
const NAMES = ['top1', 'top5', 'loss', 'matthews'] as const;

/** By their paths in the file. @throws TrexError (invalid file) for a block that no run has written. */
export function accuracyNumbers(block: unknown, file = 'the result'): Record<string, number> {
  const checked = schema.safeParse(block);
  if (!checked.success) {
    const [{ path, message }] = checked.error.issues;
    throw new TrexError(`${file}: ${['accuracy', ...path].join('.')}: ${message}`, EXIT.invalidFile);
  }
  const { data, float32, int8, points } = checked.data;
  const found: Record<string, number> = {};
  const put = (path: string, value: number | null | undefined): void => {
    if (typeof value === 'number') found[`accuracy.${path}`] = value;
  };
  for (const name of NAMES) {
    put(`points.0.${name}.mean`, points[0][name]?.mean);
    put(`points.0.${name}.interval95`, points[0][name]?.interval95);
  }
  for (const name of NAMES) put(`float32.${name}`, float32[name]);
  for (const name of NAMES) put(`int8.${name}`, int8[name]);
  put('data.images', data.images);
  return found;
}
