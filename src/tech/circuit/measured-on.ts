/** Which measured device numbers of a file belong to: one file describes one device. */
import * as z from 'zod';

/** The key `measuredOn` of a block, in the same words in all blocks of a file. */
export const measuredOn = z.string().min(1).optional().meta({
  description: 'the measured device that the numbers of this block belong to; absent: none, or not said',
});

/** The key `verified` of a write. */
export const verified = z.boolean().default(false).meta({
  description: 'pulses of program-and-verify are in its time and energy, as published',
});
