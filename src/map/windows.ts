/** How many jobs of a step may be under way: vectors as the input buffers of its tiles and PEs hold, others as slot numbers go. */
import { counts } from '../arch/accounting.ts';
import { BUFFER_PLACES } from '../arch/buffers.ts';
import type { ArchConfig } from '../arch/config.ts';
import { EXIT, TrexError } from '../base/errors.ts';
import { formatQuantity } from '../base/units.ts';
import { type Step, WINDOW } from '../hw/program.ts';
import type { Placement } from './place.ts';

/**
 * Jobs in flight per step, 1 .. WINDOW. Fewer than fill a pipeline (fetch, compute, store) would leave its units idle, so
 * only a counted buffer limits them. Throws
 * TrexError when a vector or a matrix does not fit a buffer.
 */
export function stepWindows(steps: readonly Step[], placement: Placement, arch: ArchConfig): number[] {
  const counted = counts(arch.accounting, 'buffers');
  const tileBits = BUFFER_PLACES.tile.of(arch).capacity * 8;
  const peBits = BUFFER_PLACES.pe.of(arch).capacity * 8;
  return steps.map(step => {
    if (counted && step.kind === 'write') checkMatrix(step, placement, tileBits);
    let window = WINDOW;
    if (!counted || step.kind !== 'read' || step.layer === undefined) return window;
    for (const tile of placement.layers.get(step.layer)?.tiles ?? []) {
      window = Math.min(window, Math.floor(tileBits / tile.inputBits));
      for (const pe of tile.pes) window = Math.min(window, Math.floor(peBits / pe.inputBits));
    }
    if (window < 1) throw tooSmall(step, 'an input vector', 'tile.buffer or pe.buffer');
    return window;
  });
}

function checkMatrix(step: Step, placement: Placement, tileBits: number): void {
  for (const tile of placement.layers.get(step.layer as string)?.tiles ?? []) {
    if (tile.weightBits > tileBits) {
      throw tooSmall(step, `${formatQuantity(tile.weightBits / 8, 'B')} of weights`, 'tile.buffer');
    }
  }
}

const tooSmall = (step: Step, what: string, where: string): TrexError =>
  new TrexError(`${step.id}: ${what} does not fit ${where}: give it more capacity`, EXIT.failed);
