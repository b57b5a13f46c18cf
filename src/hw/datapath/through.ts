/** Through further buffers: on its way a vector, a result or a matrix is written to each and read from it. */
import type { Buffer } from '../buffer.ts';
import { type Step, stepOf } from '../program.ts';

/** Bits of one slot: of the block that is simulated, and of all the blocks that it stands for. */
export interface PassedBits {
  readonly one: number;
  readonly all: number;
}

/** Takes a slot; `next(slot)` follows when its bits are out of the last of `buffers`. */
export const through = (
  buffers: readonly Buffer[],
  bitsOf: (slot: number) => PassedBits,
  next: (slot: number) => void,
): ((slot: number) => void) =>
  buffers.reduceRight((onward, buffer) => {
    const access = buffer.access(onward);
    return slot => {
      const { one, all } = bitsOf(slot);
      buffer.countWrite(stepOf(slot), all);
      buffer.countRead(stepOf(slot), all);
      access.pass(one, slot);
    };
  }, next);

/** What a job of `steps` fetches. */
export const inputsOf =
  (steps: readonly Step[]) =>
  (slot: number): PassedBits => {
    const { inputBits } = steps[stepOf(slot)];
    return { one: inputBits, all: inputBits };
  };

/** What it stores. */
export const outputsOf =
  (steps: readonly Step[]) =>
  (slot: number): PassedBits => {
    const { outputBits } = steps[stepOf(slot)];
    return { one: outputBits, all: outputBits };
  };
