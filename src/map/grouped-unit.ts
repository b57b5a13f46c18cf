/** Which unit multiplies a grouped op: crossbars with its groups on their diagonals, or the lanes of the vector unit. */
import { chargedElsewhere, counts } from '../arch/accounting.ts';
import type { ArchConfig } from '../arch/config.ts';
import { EXIT, TrexError } from '../base/errors.ts';
import { toSeconds } from '../sim/tick.ts';
import { type CrossbarCost, crossbarCost } from '../tech/crossbar-cost.ts';
import { deviceOf } from '../tech/devices.ts';
import type { Device } from '../tech/schema.ts';
import { isKnown, type KnownOp, type MatmulOp } from '../workload/matmul.ts';
import type { GroupedOp, Op } from '../workload/op.ts';
import { crossbarGrid, fillOf } from './grid.ts';

/** Bits of the words that one pass of a lane multiplies; wider ones are made of such pieces. */
const PIECE_BITS = 8;

/** Which matmuls are on crossbars, by the chip's `schedule.grouped`; all but some grouped ones. */
export type OnCrossbars = (op: Op) => op is MatmulOp;

/**
 * `auto` takes what has the lower product of energy and time for one input vector, by unit costs alone: buffers and
 * network are the same for both. @throws TrexError where the vector unit's costs are wanted and not given.
 */
export function onCrossbars(arch: ArchConfig): OnCrossbars {
  const costs = new Map<Device, CrossbarCost>();
  const costOf = (device: Device): CrossbarCost => {
    const cost = costs.get(device) ?? readCost(device, arch);
    costs.set(device, cost);
    return cost;
  };
  return (op): op is MatmulOp => {
    if (op.kind !== 'grouped') return op.kind === 'dynamic' || isKnown(op);
    const { grouped } = arch.schedule;
    if (grouped === 'vector' && arch.digital.vector.mac === undefined) throw missing(op, arch);
    if (grouped !== 'auto' || arch.digital.vector.mac === undefined) return grouped !== 'vector';
    return onArrays(op, arch, costOf) <= onLanes(op, arch, arch.digital.vector.mac);
  };
}

/** Passes of lanes that the MACs of one input vector take, or all of them together. */
export const macPieces = (
  { in: inSize, out, groups }: Pick<GroupedOp, 'in' | 'out' | 'groups'>,
  { precision }: ArchConfig,
  weightBits = precision.weights,
): number =>
  inSize * out * groups * Math.ceil(weightBits / PIECE_BITS) * Math.ceil(precision.inputs / PIECE_BITS);

/** Joule seconds of one input vector: all crossbars are read, those of a PE on its banks. */
function onArrays(op: KnownOp, arch: ArchConfig, costOf: (device: Device) => CrossbarCost): number {
  const { crossbars, adcBanks } = arch.pe;
  const device = deviceOf(arch.devices, op.weightId, false);
  const grid = crossbarGrid(op, device, arch.precision.weights);
  const use = costOf(device).filled(fillOf(grid, 0));
  const energy_J = use.readParts.reduce((sum, part) => sum + part.energy_J, 0) * use.planes * grid.crossbars;
  const inTurn = Math.ceil(Math.min(grid.crossbars, crossbars) / adcBanks);
  return energy_J * toSeconds(use.readTime * use.planes * inTurn);
}

function onLanes(op: GroupedOp, arch: ArchConfig, mac: { energy: number; passes: number }): number {
  const pieces = macPieces(op, arch);
  const time_s = (mac.passes * Math.ceil(pieces / arch.vector.lanes)) / arch.chip.clock;
  return pieces * mac.energy * time_s;
}

const readCost = (device: Device, { accounting, precision }: ArchConfig): CrossbarCost =>
  crossbarCost(device, precision, counts(accounting, 'inputBitPlanes'), chargedElsewhere(accounting));

const missing = (op: GroupedOp, { digital }: ArchConfig): TrexError =>
  new TrexError(
    `${op.id}: schedule.grouped is vector, but ${digital.name} has no vector.mac: expected its energy and passes there, or --set schedule.grouped=crossbar`,
    EXIT.invalidFile,
  );
