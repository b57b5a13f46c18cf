/** Fetch: the operands of a job leave the global buffer. */
import type { Buffer } from '../buffer.ts';
import { type Step, stepOf } from '../program.ts';

/** Takes the slot of a job of `steps`; `next(slot)` follows when its operands are out. */
export function fetchFrom(
  buffer: Buffer,
  steps: readonly Step[],
  next: (slot: number) => void,
): (slot: number) => void {
  const access = buffer.access(next);
  return slot => {
    const step = stepOf(slot);
    const bits = steps[step].inputBits;
    buffer.countRead(step, bits);
    access.pass(bits, slot);
  };
}
