/** What is known of a job, as it is read back from a file. */
import * as z from 'zod';
import type { Outcome } from './store.ts';

export const outcomeSchema: z.ZodType<Outcome> = z.union([
  z.strictObject({
    loss: z.number(),
    accuracy: z.number().nullable(),
    lossHistory: z.array(z.number()),
    warnings: z.array(z.string()),
  }),
  z.strictObject({ failed: z.string() }),
]);
