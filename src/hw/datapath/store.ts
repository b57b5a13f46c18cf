/** Store: the results of a job go into the global buffer. */
import type { Buffer } from '../buffer.ts';
import { type Step, stepOf } from '../program.ts';

/** Takes the slot of a job of `steps`; `next(slot)` follows when its results are in. */
export function storeTo(
  buffer: Buffer,
  steps: readonly Step[],
  next: (slot: number) => void,
): (slot: number) => void {
  const access = buffer.access(next);
  return slot => {
    const step = stepOf(slot);
    const bits = steps[step].outputBits;
    buffer.countWrite(step, bits);
    access.pass(bits, slot);
  };
}
