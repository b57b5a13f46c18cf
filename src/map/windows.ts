/** How many jobs of a step may be under way: vectors as the input buffers of its tiles and PEs hold, others as slot numbers go. */
import { counts } from '../arch/accounting.ts';
import { type BufferPlace, bufferPlaces } from '../arch/buffers.ts';
import type { ArchConfig } from '../arch/config.ts';
import { EXIT, TrexError } from '../base/errors.ts';
import { formatQuantity } from '../base/units.ts';
import { type Step, type VectorWork, WINDOW } from '../hw/program.ts';
import type { Placement } from './place.ts';

/**
 * Jobs in flight per step, 1 .. WINDOW: vectors of a layer as counted buffers hold them, rows of a digital unit as keep
 * it and its ports at work. Throws TrexError when a vector or a matrix does not fit a buffer.
 */
export function stepWindows(steps: readonly Step[], placement: Placement, arch: ArchConfig): number[] {
  const counted = counts(arch.accounting, 'buffers');
  const places = bufferPlaces(arch);
  const ofTile = smallest(places, 'tile');
  const ofPe = smallest(places, 'pe');
  const ofChip = smallest(places, 'chip');
  return steps.map(step => {
    if (step.vector !== undefined) return unitWindow(step, step.vector, arch);
    if (counted && step.kind === 'write') checkMatrix(step, placement, ofTile);
    let window = WINDOW;
    if (!counted || step.kind !== 'read' || step.layer === undefined) return window;
    if (step.inputBits > ofChip.bits) throw tooSmall(step, 'an input vector', ofChip.name);
    const { tiles = [], copies = 1 } = placement.layers.get(step.layer) ?? {};
    for (const tile of tiles) {
      window = Math.min(window, Math.floor(ofTile.bits / tile.inputBits));
      for (const pe of tile.pes) window = Math.min(window, Math.floor(ofPe.bits / pe.inputBits));
    }
    // Each copy has buffers of its own, and every so many vectors come to it.
    window = Math.min(WINDOW, window * copies);
    if (window < 1) throw tooSmall(step, 'an input vector', `${ofTile.name} or ${ofPe.name}`);
    return window;
  });
}

/** The buffer that a vector fills first, of those that it passes in a block. */
interface Smallest {
  readonly name: string;
  readonly bits: number;
}

const smallest = (places: readonly BufferPlace[], per: BufferPlace['per']): Smallest =>
  places
    .filter(place => place.per === per)
    .map(({ path, config }) => ({ name: path.join('.'), bits: config.capacity * 8 }))
    .reduce((least, other) => (other.bits < least.bits ? other : least));

/**
 * A row is fetched, worked on and stored: as many rows as the slowest of the three lets through while one passes them all
 * (Little's law), and one that waits. More would only stand before the ports, in front of what other steps fetch and store.
 */
function unitWindow({ inputBits, outputBits }: Step, work: VectorWork, arch: ArchConfig): number {
  const { port, ports } = arch.globalBuffer;
  const access_s = (bits: number): number =>
    counts(arch.accounting, 'buffers') ? Math.ceil(bits / port) / arch.chip.clock : 0;
  const ports_s = access_s(inputBits) + access_s(outputBits);
  const unit_s = unitTime(work, arch);
  const slowest_s = Math.max(unit_s, ports_s / ports);
  const passing = slowest_s === 0 ? 1 : Math.ceil((ports_s + unit_s) / slowest_s);
  return Math.min(WINDOW, passing + 1);
}

/** Seconds from one job of a digital unit to the next. */
export function unitTime(
  { fn, rowLength, rows }: VectorWork,
  { softmax, vector, digital, chip }: ArchConfig,
): number {
  if (fn !== 'softmax')
    return ((digital.vector[fn]?.passes ?? 0) * Math.ceil((rowLength * rows) / vector.lanes)) / chip.clock;
  const rounds = softmax.units === 'per-head' ? 1 : Math.ceil(rows / softmax.units);
  return rounds * rowLength * (softmax.select.time + softmax.exponent.time + softmax.divide.time);
}

function checkMatrix(step: Step, placement: Placement, ofTile: Smallest): void {
  for (const tile of placement.layers.get(step.layer as string)?.tiles ?? []) {
    if (tile.weightBits > ofTile.bits) {
      throw tooSmall(step, `${formatQuantity(tile.weightBits / 8, 'B')} of weights`, ofTile.name);
    }
  }
}

const tooSmall = (step: Step, what: string, where: string): TrexError =>
  new TrexError(`${step.id}: ${what} does not fit ${where}: give it more capacity`, EXIT.failed);
