/** A job's record, as it is read back from a file. */
import * as z from 'zod';
import type { JobRecord } from './jobs.ts';

const count = z.int().min(0);

/** Of a record without its key. */
export const jobSchema: z.ZodType<Omit<JobRecord, 'key'>> = z.strictObject({
  tally: z.strictObject({
    images: count,
    top1: count,
    top5: count,
    loss: z.number(),
    confusion: z.array(count),
  }),
  noise: z.record(z.string(), z.strictObject({ count, ratio: z.number() })).optional(),
});
