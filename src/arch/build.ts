/** From a chip's description to its components: values in SI become ticks, joules and bits, and what the accounting leaves out becomes zero. */
import type { AccumulatorParams } from '../hw/accumulator.ts';
import type { BufferParams } from '../hw/buffer.ts';
import { type BufferLevel, type PerLevel, perLevel } from '../hw/buffer-levels.ts';
import { Chip, type ChipParams } from '../hw/chip.ts';
import type { AccumulatorLevel } from '../hw/components.ts';
import { type Floorplan, treeLinks } from '../hw/floorplan.ts';
import { makeNoc } from '../hw/noc/make-noc.ts';
import type { Layer, Step } from '../hw/program.ts';
import { Clock } from '../sim/clock.ts';
import type { Kernel } from '../sim/kernel.ts';
import { type Tick, toTicks } from '../sim/tick.ts';
import { type BufferCost, bufferCost } from '../tech/buffer-cost.ts';
import { type CrossbarCost, crossbarCost } from '../tech/crossbar-cost.ts';
import { allDevices } from '../tech/devices.ts';
import { type NocCost, nocCost } from '../tech/noc-cost.ts';
import type { Device } from '../tech/schema.ts';
import { chargedElsewhere, counts } from './accounting.ts';
import { BUFFER_PLACES } from './buffers.ts';
import type { ArchConfig } from './config.ts';

/** Unit costs of one chip, as the components and the area and leakage sums need them. */
export interface ChipCost {
  readonly static: CrossbarCost;
  readonly dynamic: CrossbarCost;
  /** Of every device on the chip, once. */
  readonly crossbars: readonly CrossbarCost[];
  readonly of: (layer: Pick<Layer, 'device'>) => CrossbarCost;
  readonly buffers: PerLevel<BufferCost>;
  readonly noc: NocCost;
  /** Side of a tile: the length of a link of a mesh, and of the way through a tile's H-tree. */
  readonly tileSide_m: number;
  readonly cycle: Tick;
}

/** What the chip is built to run, and the room that it takes. */
export interface Program {
  readonly steps: readonly Step[];
  readonly layers: readonly Layer[];
  /** Jobs of each step that may be in flight. */
  readonly windows: readonly number[];
  readonly chipTiles: number;
  readonly floorplan: Floorplan;
}

/** Unit costs of `arch`, before the accounting leaves anything out (but with no share counted twice). */
export function chipCost(arch: ArchConfig): ChipCost {
  const { accounting, digital } = arch;
  const elsewhere = chargedElsewhere(accounting);
  const countPlanes = counts(accounting, 'inputBitPlanes');
  const { devices } = arch;
  const costs = new Map(
    allDevices(devices).map(device => [
      device,
      crossbarCost(device, arch.precision.inputs, countPlanes, elsewhere),
    ]),
  );
  const cost = (device: Device): CrossbarCost => costs.get(device) as CrossbarCost;
  const buffers = perLevel(level => {
    const { capacity, port, ports, memory } = BUFFER_PLACES[level].of(arch);
    return bufferCost(digital, capacity, port, ports, memory);
  });
  const statics = cost(devices.static);
  const crossbars = arch.tile.pes * arch.pe.crossbars;
  const tileSide_m = Math.sqrt(
    crossbars * statics.area_m2 + buffers.tile.area_m2 + arch.tile.pes * buffers.pe.area_m2,
  );
  return {
    static: statics,
    dynamic: cost(devices.dynamic),
    crossbars: [...costs.values()],
    of: ({ device }) => cost(device),
    buffers,
    noc: nocCost(digital, arch.noc.flit, arch.noc.routerStages, tileSide_m),
    tileSide_m,
    cycle: toTicks(1 / arch.chip.clock),
  };
}

/** Builds the chip with its tiles for `layers`; `fold` simulates identical blocks once. */
export function buildChip(
  kernel: Kernel,
  arch: ArchConfig,
  cost: ChipCost,
  program: Program,
  fold: boolean,
): Chip {
  return new Chip(kernel, chipParams(kernel, arch, cost, program, fold), program.steps, program.layers);
}

function chipParams(
  kernel: Kernel,
  arch: ArchConfig,
  cost: ChipCost,
  program: Program,
  fold: boolean,
): ChipParams {
  const { accounting, digital, noc } = arch;
  const { floorplan: plan } = program;
  const connected = counts(accounting, 'interconnect');
  const links = treeLinks(program.chipTiles, cost.tileSide_m);
  const treeCycles = links.map(m => Math.max(1, Math.ceil(toTicks(m * digital.wire.delay) / cost.cycle)));
  const accumulator = (level: AccumulatorLevel): AccumulatorParams => ({
    level,
    latency: counts(accounting, 'accumulators') ? cost.cycle : 0,
    add_J: counts(accounting, 'accumulators') ? digital.adder.energy : 0,
  });
  const buffer = (level: BufferLevel): BufferParams => {
    const counted = counts(accounting, 'buffers');
    const config = BUFFER_PLACES[level].of(arch);
    const unit = cost.buffers[level];
    return {
      level,
      capacityBits: config.capacity * 8,
      portBits: config.port,
      ports: config.ports,
      cycle: counted ? cost.cycle : 0,
      read_J: counted ? unit.read_J : 0,
      write_J: counted ? unit.write_J : 0,
    };
  };
  const { pe, tile, global, ...unplaced } = perLevel(buffer);
  allPlaced(unplaced);
  const phase = ({ energy, time }: { energy: number; time: number }) => ({
    energy_J: energy,
    time: toTicks(time),
  });
  const fn = ({ energy, passes }: { energy: number; passes: number }) => ({ energy_J: energy, passes });
  return {
    engine: {
      tile: {
        pe: {
          adcBanks: arch.pe.adcBanks,
          writeDrivers: arch.pe.writeDrivers,
          buffer: pe,
          accumulator: accumulator('pe'),
        },
        buffer: tile,
        accumulator: accumulator('tile'),
        wire_J: connected ? digital.wire.energy * cost.tileSide_m : 0,
      },
      accumulator: accumulator('global'),
      costOf: cost.of,
      flitBits: noc.flit,
      router_J: connected && noc.kind !== 'ideal' ? cost.noc.router_J : 0,
      link_J: connected && noc.kind !== 'ideal' ? cost.noc.link_J * plan.hopSides : 0,
      nodeRouters: noc.kind === 'mesh' ? 1 : 0,
      controller_J: counts(accounting, 'controllers') ? digital.controller.energy : 0,
      chain: noc.broadcast === 'chain' && noc.kind === 'mesh',
      cycle: noc.kind === 'ideal' ? 0 : cost.cycle,
      fold: { tiles: fold && noc.kind === 'ideal', pes: fold },
    },
    globalBuffer: global,
    softmax: {
      units: arch.softmax.units,
      select: phase(arch.softmax.select),
      exponent: phase(arch.softmax.exponent),
      divide: phase(arch.softmax.divide),
    },
    vector: {
      lanes: arch.vector.lanes,
      cycle: cost.cycle,
      functions: {
        layernorm: fn(digital.vector.layernorm),
        gelu: fn(digital.vector.gelu),
        add: fn(digital.vector.add),
      },
    },
    dram: {
      energy_J: digital.dram.energy,
      bandwidth: digital.dram.bandwidth,
      latency: toTicks(digital.dram.latency),
    },
    floorplan: plan,
    makeNoc: parent => makeNoc(parent, arch.noc, plan, treeCycles, new Clock(kernel, cost.cycle)),
    windows: program.windows,
    fold,
  };
}

/** A level of buffers that no block of the datapath takes does not compile. */
const allPlaced = (_: Readonly<Record<string, never>>): void => {};
