/** From a chip's description to its components: values in SI become ticks, joules and bits, and what the accounting leaves out becomes zero. */
import type { AccumulatorParams } from '../hw/accumulator.ts';
import type { BufferParams } from '../hw/buffer.ts';
import { Chip, type ChipParams } from '../hw/chip.ts';
import type { NocLayout } from '../hw/noc/kind.ts';
import type { LayerPlan, Step } from '../hw/program.ts';
import { Clock } from '../sim/clock.ts';
import type { Kernel } from '../sim/kernel.ts';
import { type Tick, toTicks } from '../sim/tick.ts';
import { type BufferCost, bufferCost } from '../tech/buffer-cost.ts';
import { type CrossbarCost, crossbarCost } from '../tech/crossbar-cost.ts';
import { allDevices } from '../tech/devices.ts';
import type { Device } from '../tech/schema.ts';
import type { ArchConfig } from './config.ts';
import type { BufferConfig } from './schema.ts';

/** Unit costs of one chip, as the components and the area and leakage sums need them. */
export interface ChipCost {
  readonly static: CrossbarCost;
  readonly dynamic: CrossbarCost;
  /** Of every device on the chip, once. */
  readonly crossbars: readonly CrossbarCost[];
  readonly of: (layer: LayerPlan) => CrossbarCost;
  readonly globalBuffer: BufferCost;
  readonly tileBuffer: BufferCost;
  readonly peBuffer: BufferCost;
  /** Of a tile's edge: the network is laid out by it, and a tile's own H-tree is as long. */
  readonly tileSide_m: number;
  readonly cycle: Tick;
}

/** Unit costs of `arch`, before the accounting leaves anything out (but with no share counted twice). */
export function chipCost(arch: ArchConfig): ChipCost {
  const { accounting, digital } = arch;
  const elsewhere = {
    interconnect: accounting.interconnect === 'counted',
    buffers: accounting.buffers === 'counted',
    accumulators: accounting.accumulators === 'counted',
  };
  const countPlanes = accounting.inputBitPlanes === 'counted';
  const { devices } = arch;
  const costs = new Map(
    allDevices(devices).map(device => [
      device,
      crossbarCost(device, arch.precision.inputs, countPlanes, elsewhere),
    ]),
  );
  const cost = (device: Device): CrossbarCost => costs.get(device) as CrossbarCost;
  const buffer = ({ capacity, port, ports, memory }: BufferConfig): BufferCost =>
    bufferCost(digital, capacity, port, ports, memory);
  const statics = cost(devices.static);
  const tileBuffer = buffer(arch.tile.buffer);
  const peBuffer = buffer(arch.pe.buffer);
  const crossbars = arch.tile.pes * arch.pe.crossbars;
  const tileSide_m = Math.sqrt(
    crossbars * statics.area_m2 + tileBuffer.area_m2 + arch.tile.pes * peBuffer.area_m2,
  );
  return {
    static: statics,
    dynamic: cost(devices.dynamic),
    crossbars: [...costs.values()],
    of: ({ device, dynamic }) => cost(device ?? (dynamic ? devices.dynamic : devices.static)),
    globalBuffer: buffer(arch.globalBuffer),
    tileBuffer,
    peBuffer,
    tileSide_m,
    cycle: toTicks(1 / arch.chip.clock),
  };
}

/** The network for `tiles` tiles, as its kind lays it out. */
export const chipNoc = (arch: ArchConfig, { cycle, tileSide_m }: ChipCost, tiles: number): NocLayout =>
  arch.noc.kind.layOut({ options: arch.noc, digital: arch.digital, tiles, tileSide_m, cycle });

/** Builds the chip with its tiles for `layers`; `fold` simulates identical blocks once. */
export function buildChip(
  kernel: Kernel,
  arch: ArchConfig,
  cost: ChipCost,
  program: {
    steps: readonly Step[];
    layers: readonly LayerPlan[];
    windows: readonly number[];
    noc: NocLayout;
  },
  fold: boolean,
): Chip {
  return new Chip(kernel, chipParams(kernel, arch, cost, program, fold), program.steps, program.layers);
}

function chipParams(
  kernel: Kernel,
  arch: ArchConfig,
  cost: ChipCost,
  program: { windows: readonly number[]; noc: NocLayout },
  fold: boolean,
): ChipParams {
  const { accounting, digital, noc } = arch;
  const connected = accounting.interconnect === 'counted';
  const { kind } = noc;
  const accumulator = (level: string): AccumulatorParams => ({
    component: `accumulator.${level}`,
    latency: accounting.accumulators === 'counted' ? cost.cycle : 0,
    add_J: accounting.accumulators === 'counted' ? digital.adder.energy : 0,
  });
  const buffer = (level: string, config: BufferConfig, unit: BufferCost): BufferParams => {
    const counted = accounting.buffers === 'counted';
    return {
      component: `buffer.${level}`,
      capacityBits: config.capacity * 8,
      portBits: config.port,
      ports: config.ports,
      cycle: counted ? cost.cycle : 0,
      read_J: counted ? unit.read_J : 0,
      write_J: counted ? unit.write_J : 0,
    };
  };
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
          buffer: buffer('pe', arch.pe.buffer, cost.peBuffer),
          accumulator: accumulator('pe'),
        },
        buffer: buffer('tile', arch.tile.buffer, cost.tileBuffer),
        accumulator: accumulator('tile'),
        wire_J: connected ? digital.wire.energy * cost.tileSide_m : 0,
      },
      costOf: cost.of,
      flitBits: noc.flit,
      router_J: connected ? program.noc.router_J : 0,
      link_J: connected ? program.noc.link_J : 0,
      controller_J: accounting.controllers === 'counted' ? digital.controller.energy : 0,
      chain: noc.broadcast === 'chain' && kind.broadcasts.includes('chain'),
      cycle: kind.clocked ? cost.cycle : 0,
      fold: { tiles: fold && kind.foldTiles, pes: fold },
    },
    accumulator: accumulator('global'),
    globalBuffer: buffer('global', arch.globalBuffer, cost.globalBuffer),
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
    floorplan: program.noc.floorplan,
    makeNoc: parent => program.noc.build(parent, new Clock(kernel, cost.cycle)),
    windows: program.windows,
    fold,
  };
}
