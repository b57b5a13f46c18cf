/** The switches of the accounting, one entry each: what a chip counts or omits by name, the ops and the blocks that this concerns. */

import type { BufferLevel, PerBlock } from '../hw/buffer-levels.ts';
import type { ComponentId } from '../hw/components.ts';
import type { NocLayout } from '../hw/noc/kind.ts';
import type { BufferCost } from '../tech/buffer-cost.ts';
import type { CrossbarCost } from '../tech/crossbar-cost.ts';
import type { Device, Digital } from '../tech/schema.ts';
import type { Op, Stage, VectorOp } from '../workload/op.ts';
import { functionOf } from '../workload/vector-functions.ts';

/** Blocks of one kind on the whole chip. */
export interface InventoryRow {
  readonly component: ComponentId;
  readonly area_m2: number;
  readonly leakage_W: number;
  /** Drawn all the time besides leakage: by a block that no component models, by idle clocks; absent: none. */
  readonly power_W?: number;
}

/** A chip of so many blocks of each kind, and what one of each costs. */
export interface CountedChip {
  readonly digital: Digital;
  readonly device: Pick<Device, 'adc'>;
  readonly crossbar: CrossbarCost;
  readonly buffers: readonly {
    readonly level: BufferLevel;
    readonly per: PerBlock;
    readonly cost: BufferCost;
  }[];
  /** Of one PE. */
  readonly adcBanks: number;
  readonly vectorLanes: number;
  readonly softmaxUnits: number;
  readonly noc: NocLayout;
  readonly blocks: Readonly<Record<PerBlock, number>>;
}

/** What a switch stands for. */
export interface AccountingEntry {
  /** For those who write files. */
  readonly description?: string;
  /** Ops that take no time and no energy where it says omitted; absent: none. */
  readonly ops?: (op: Op) => boolean;
  /** Blocks that take no room where it says omitted; absent: none. */
  readonly blocks?: (chip: CountedChip) => InventoryRow[];
}

/** `count` blocks. */
const inventoryRow = (
  component: ComponentId,
  count: number,
  area_m2: number,
  leakage_W = 0,
): InventoryRow => ({
  component,
  area_m2: count * area_m2,
  leakage_W: count * leakage_W,
});

const ofStage =
  (...stages: Stage[]) =>
  (op: Op): boolean =>
    stages.includes(op.stage);

/** In the order of a file, and of the breakdown of area. */
export const ACCOUNTING_SWITCHES = {
  inputBitPlanes: { description: 'omitted: one read of the macro stands for all input bits' },
  embedding: { ops: ofStage('stem', 'embedding') },
  head: { ops: ofStage('head', 'pool') },
  predictor: { description: 'layers that choose the tokens to prune', ops: ofStage('predictor') },
  transformation: { description: 'transformation blocks of reuse encoders', ops: ofStage('transform') },
  buffers: {
    blocks: ({ buffers, blocks }) =>
      buffers.map(({ level, per, cost: { area_m2, leakage_W } }) =>
        inventoryRow(`buffer.${level}`, blocks[per], area_m2, leakage_W),
      ),
  },
  accumulators: {
    // One adder for every converter of a PE, at each level: as many words come at a time.
    blocks: ({ digital, crossbar, device, adcBanks, blocks }) => {
      const adders = adcBanks * Math.ceil(crossbar.columns / device.adc.columns);
      const { area } = digital.adder;
      return [
        inventoryRow('accumulator.pe', blocks.pe * adders, area),
        inventoryRow('accumulator.tile', blocks.tile * adders, area),
        inventoryRow('accumulator.global', adders, area),
      ];
    },
  },
  interconnect: { blocks: ({ noc }) => [...noc.blocks] },
  controllers: {
    blocks: ({ digital, blocks }) => [inventoryRow('controller', blocks.tile, digital.controller.area)],
  },
  softmaxArea: {
    blocks: ({ digital, softmaxUnits }) => [inventoryRow('softmax', softmaxUnits, digital.softmaxLane.area)],
  },
  vectorUnit: {
    description: 'LayerNorm, GELU, residual additions',
    ops: op => op.kind === 'vector' && isOmitted(op),
    blocks: ({ digital, vectorLanes }) => [inventoryRow('vector', vectorLanes, digital.vector.laneArea)],
  },
  leakage: {},
  dram: {},
} as const satisfies Record<string, AccountingEntry>;

/** Stages of attention: the paper's account leaves out none of their functions. */
const ATTENTION_STAGES: readonly Stage[] = ['qkv', 'qk', 'softmax', 'sv'];

/** `vectorUnit: omitted` leaves this op out: its function is among those that the paper omits. */
function isOmitted(op: VectorOp): boolean {
  const { cost } = functionOf(op);
  return cost.unit === 'vector' && cost.omitted && !ATTENTION_STAGES.includes(op.stage);
}
