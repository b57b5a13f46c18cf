/** Where the keys and values of the longest text fit: crossbars, then the global buffer, then DRAM, as the chip's file says. */
import { counts } from '../../arch/accounting.ts';
import type { ArchConfig } from '../../arch/config.ts';
import { EXIT, TrexError } from '../../base/errors.ts';
import { largest } from '../../base/extremes.ts';
import { sum } from '../../base/sum.ts';
import { formatQuantity } from '../../base/units.ts';
import { type CacheSplit, isCacheOp, placedOps, valuesOf } from '../../map/cache-split.ts';
import { countedOps } from '../../map/counted-ops.ts';
import { peakBits } from '../../map/live.ts';
import { place } from '../../map/place.ts';
import { deviceOf } from '../../tech/devices.ts';
import type { Graph } from '../../workload/graph.ts';

/** A text at its longest, as many at a time, and the graphs of what runs. */
export interface CacheDemand {
  readonly graphs: readonly Graph[];
  readonly positions: number;
  readonly batch: number;
}

/** Bits of one position of one text. */
export const positionBits = (
  { ops }: Pick<Graph, 'ops'>,
  { precision }: Pick<ArchConfig, 'precision'>,
): number => sum(ops.filter(isCacheOp), valuesOf) * precision.inputs;

/** @throws TrexError where positions are left that fit nowhere, or where the chip has no unit for them. */
export function fitCache(demand: CacheDemand, arch: ArchConfig): CacheSplit {
  const { positions } = demand;
  const { place: first = 'crossbars', overflow = 'none' } = arch.kvCache ?? {};
  const takes = (tier: 'buffers' | 'dram'): boolean =>
    first === tier || overflow === tier || (first !== 'dram' && tier === 'buffers' && overflow === 'dram');
  const crossbars = first === 'crossbars' ? onCrossbars(demand, arch) : 0;
  const beyond = positions - crossbars;
  if (beyond > 0 && (takes('buffers') || takes('dram'))) checkUnits(arch, takes('dram'));
  const buffers = takes('buffers') ? Math.min(beyond, inBuffer(demand, arch)) : 0;
  const dram = takes('dram') ? beyond - buffers : 0;
  const left = beyond - buffers - dram;
  if (left > 0) throw tooLarge(demand, arch, positions - left);
  return { crossbars, buffers, dram };
}

function tooLarge(
  { graphs: [graph], positions, batch }: CacheDemand,
  arch: ArchConfig,
  fit: number,
): TrexError {
  const bytes = (positions * batch * positionBits(graph, arch)) / 8;
  const { place: first = 'crossbars', overflow = 'none' } = arch.kvCache ?? {};
  const room = first === 'crossbars' ? `${arch.chip.tiles} tiles` : 'the global buffer';
  const more = first === 'crossbars' ? 'chip.tiles=auto' : 'a larger globalBuffer.capacity';
  const hint =
    overflow === 'dram'
      ? more
      : `${more} or kvCache.overflow=${overflow === 'none' && first === 'crossbars' ? 'buffers' : 'dram'}`;
  return new TrexError(
    `the keys and values of ${positions} positions${batch === 1 ? '' : ` of ${batch} texts`} take ${formatQuantity(bytes, 'B')}, and ${room} hold${first === 'crossbars' ? '' : 's'} ` +
      `${fit} positions: give them more room (--set ${hint})`,
    EXIT.failed,
  );
}

/** Positions off the crossbars pass the global buffer and are multiplied by the vector unit. */
function checkUnits({ accounting, digital }: ArchConfig, dram: boolean): void {
  const missing = ['buffers' as const, ...(dram ? ['dram' as const] : [])].find(
    name => !counts(accounting, name),
  );
  const what = 'kvCache: keys and values off the crossbars';
  if (missing !== undefined)
    throw new TrexError(
      `${what} cost what accounting.${missing} omits on this chip: --set accounting.${missing}=counted`,
      EXIT.failed,
    );
  if (digital.vector.mac === undefined)
    throw new TrexError(
      `${what} are multiplied by the vector unit, and ${digital.name} has no vector.mac: expected its energy and passes there`,
      EXIT.failed,
    );
}

/** All positions on a chip that grows; else as many as its tiles take beside the known weights. @throws TrexError */
function onCrossbars({ graphs: [graph], positions, batch }: CacheDemand, arch: ArchConfig): number {
  const ops = countedOps(graph, arch);
  for (const op of ops.filter(isCacheOp)) {
    const device = deviceOf(arch.devices, op.weightId, true);
    if (device.level === 'circuit' && device.write.blockErase)
      throw new TrexError(
        `kvCache.place crossbars: ${device.name} erases an array as a whole, and a token could not be added to it: another tech.dynamic, or kvCache.place=buffers`,
        EXIT.failed,
      );
  }
  const { tiles, area } = arch.chip;
  if (area !== undefined)
    throw new TrexError('chip.area: a text of a decoder takes a number of tiles (chip.tiles)', EXIT.failed);
  if (tiles === 'auto') return positions;
  const growing: ArchConfig = { ...arch, chip: { ...arch.chip, tiles: 'auto' } };
  const need = (crossbars: number): number =>
    place(placedOps(ops, { batch, split: { crossbars, buffers: 0, dram: 0 } }), growing).tiles;
  // Known weights come first.
  if (need(0) > tiles)
    throw new TrexError(
      `the weights alone need ${need(0)} tiles, the chip has ${tiles}: a text of a decoder needs them all on the chip (--set chip.tiles=auto)`,
      EXIT.failed,
    );
  let [fits, over] = [0, positions + 1];
  while (over - fits > 1) {
    const middle = Math.floor((fits + over) / 2);
    if (need(middle) <= tiles) fits = middle;
    else over = middle;
  }
  return fits;
}

/** Positions beside what runs keep there at their peak. */
function inBuffer({ graphs, batch }: CacheDemand, arch: ArchConfig): number {
  const peak = largest(graphs.map(graph => peakBits(graph, arch).bits));
  const left = arch.globalBuffer.capacity * 8 - batch * peak;
  return Math.max(0, Math.floor(left / (batch * positionBits(graphs[0], arch))));
}
