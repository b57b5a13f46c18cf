/** From a chip's description to its components: values in SI become ticks, joules and bits, and what the accounting leaves out becomes zero. */
import { sum } from '../base/sum.ts';
import type { AccumulatorParams } from '../hw/accumulator.ts';
import type { BufferParams } from '../hw/buffer.ts';
import type { PerBlock, PerLevel } from '../hw/buffer-levels.ts';
import { Chip, type ChipParams } from '../hw/chip.ts';
import type { AccumulatorLevel } from '../hw/components.ts';
import { hubNear } from '../hw/noc/floorplan.ts';
import type { NocLayout } from '../hw/noc/kind.ts';
import type { Layer, Step } from '../hw/program.ts';
import { Clock } from '../sim/clock.ts';
import type { Kernel } from '../sim/kernel.ts';
import { type Tick, toTicks } from '../sim/tick.ts';
import { type BufferCost, bufferCost } from '../tech/buffer-cost.ts';
import { type CrossbarCost, crossbarCost, narrowCost } from '../tech/crossbar-cost.ts';
import { allDevices } from '../tech/devices.ts';
import { ofPe } from '../tech/pe-parts.ts';
import type { Device } from '../tech/schema.ts';
import { chargedElsewhere, counts } from './accounting.ts';
import { type BufferPlace, furtherBuffers, perLevel } from './buffers.ts';
import type { ArchConfig } from './config.ts';
import { type PathCycles, pathCycles } from './path-cycles.ts';

/** Unit costs of one chip, as the components and the area and leakage sums need them. */
export interface ChipCost {
  readonly static: CrossbarCost;
  readonly dynamic: CrossbarCost;
  /** Of the crossbars of a layer. */
  readonly of: (layer: Pick<Layer, 'device' | 'dynamic' | 'streamedBits'>) => CrossbarCost;
  readonly buffers: PerLevel<BufferCost>;
  /** Of a tile's edge: the network is laid out by it, and a tile's own H-tree is as long. */
  readonly tileSide_m: number;
  readonly cycle: Tick;
  /** Cycles of the chip's clock on every path that is timed by it. */
  readonly cycles: PathCycles;
}

/** What the chip is built to run, and the room that it takes. */
export interface Program {
  readonly steps: readonly Step[];
  readonly layers: readonly Layer[];
  /** Jobs of each step that may be in flight. */
  readonly windows: readonly number[];
  readonly noc: NocLayout;
  /** It goes on with other operands: Chip.rebuild(). */
  readonly rebuilds?: boolean;
}

/** Unit costs of `arch`, before the accounting leaves anything out (but with no share counted twice). */
export function chipCost(arch: ArchConfig): ChipCost {
  const { accounting, digital } = arch;
  const elsewhere = chargedElsewhere(accounting);
  const countPlanes = counts(accounting, 'inputBitPlanes');
  const { devices, precision } = arch;
  const { inputs } = precision;
  const crossbarOf = (device: Device, weights: number, bits: number): CrossbarCost =>
    crossbarCost(device, { weights, inputs: bits }, countPlanes, elsewhere);
  const costs = (weights: number): Map<Device, CrossbarCost> =>
    new Map(allDevices(devices).map(device => [device, crossbarOf(device, weights, inputs)]));
  // K^T and V are as wide as activations.
  const known = costs(precision.weights);
  const made = inputs === precision.weights ? known : costs(inputs);
  const cost = (device: Device, dynamic: boolean): CrossbarCost =>
    (dynamic ? made : known).get(device) as CrossbarCost;
  const narrowed = new Map<string, CrossbarCost>();
  /** Of a device that codes of few bits stream into. */
  const narrow = (device: Device, bits: number): CrossbarCost => {
    const key = `${allDevices(devices).indexOf(device)} ${bits}`;
    const made = narrowed.get(key) ?? narrowCost(cost(device, true), crossbarOf(device, inputs, bits));
    narrowed.set(key, made);
    return made;
  };
  const buffers = perLevel(arch, ({ config: { capacity, port, ports, memory } }) =>
    bufferCost(digital, capacity, port, ports, memory),
  );
  const area_m2 = (per: PerBlock): number =>
    sum(furtherBuffers(arch, per), ({ level }) => buffers[level].area_m2);
  const statics = cost(devices.static, false);
  const pe_m2 = ofPe(statics.standing, arch.pe, 'area_m2') + buffers.pe.area_m2 + area_m2('pe');
  const tileSide_m = Math.sqrt(arch.tile.pes * pe_m2 + buffers.tile.area_m2 + area_m2('tile'));
  const cycle = toTicks(1 / arch.chip.clock);
  return {
    static: statics,
    dynamic: cost(devices.dynamic, true),
    of: ({ device, dynamic, streamedBits }) =>
      streamedBits === undefined ? cost(device, dynamic) : narrow(device, streamedBits),
    buffers,
    tileSide_m,
    cycle,
    cycles: pathCycles(cycle, digital, buffers, tileSide_m),
  };
}

/** Of the network: the chip's, or as many of them as a stage of its routers takes. */
export const nocCycle = ({ cycle, cycles }: ChipCost): Tick => cycles.logic * cycle;

/** The network for `tiles` tiles, as its kind lays it out. */
export function chipNoc(arch: ArchConfig, cost: ChipCost, tiles: number): NocLayout {
  const layout = arch.noc.kind.layOut({
    options: arch.noc,
    digital: arch.digital,
    tiles,
    tileSide_m: cost.tileSide_m,
    cycle: nocCycle(cost),
  });
  const { order = 'snake' } = arch.mapping ?? {};
  if (order === 'snake') return layout;
  return Object.assign({}, layout, { floorplan: hubNear(layout.floorplan, tiles) });
}

/** Builds the chip with its tiles for the layers of `program`, in steps; `fold` simulates identical blocks once. */
export function buildChip(
  kernel: Kernel,
  arch: ArchConfig,
  cost: ChipCost,
  program: Program,
  fold: boolean,
): Generator<void, Chip> {
  const params = chipParams(kernel, arch, cost, program, fold);
  return new Chip(kernel, params, program.steps, program.layers).build(program.rebuilds);
}

function chipParams(
  kernel: Kernel,
  arch: ArchConfig,
  cost: ChipCost,
  program: Program,
  fold: boolean,
): ChipParams {
  const { accounting, digital } = arch;
  const { kind, broadcast, flit } = arch.noc;
  const { noc } = program;
  const connected = counts(accounting, 'interconnect');
  const accumulator = (level: AccumulatorLevel): AccumulatorParams => ({
    level,
    latency: counts(accounting, 'accumulators') ? cost.cycles.logic * cost.cycle : 0,
    add_J: counts(accounting, 'accumulators') ? digital.adder.energy : 0,
  });
  const buffer = ({ level, config }: BufferPlace): BufferParams => {
    const counted = counts(accounting, 'buffers');
    const unit = cost.buffers[level];
    return {
      level,
      capacityBits: config.capacity * 8,
      portBits: config.port,
      ports: config.ports,
      cycle: counted ? cost.cycles.buffers[level].interval * cost.cycle : 0,
      latency: counted ? cost.cycles.buffers[level].access * cost.cycle : 0,
      read_J: counted ? unit.read_J : 0,
      write_J: counted ? unit.write_J : 0,
    };
  };
  const { pe, tile, global } = perLevel(arch, buffer);
  const further = (per: PerBlock): BufferParams[] => furtherBuffers(arch, per).map(buffer);
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
          further: further('pe'),
          accumulator: accumulator('pe'),
        },
        buffer: tile,
        further: further('tile'),
        accumulator: accumulator('tile'),
        wire_J: connected ? digital.wire.energy * cost.tileSide_m : 0,
        wire: connected ? cost.cycles.tileWire * cost.cycle : 0,
      },
      accumulator: accumulator('global'),
      costOf: cost.of,
      flitBits: flit,
      router_J: connected ? noc.router_J : 0,
      link_J: connected ? noc.link_J : 0,
      clock_J: connected ? noc.clock_J : 0,
      stages: noc.stages,
      controller_J: counts(accounting, 'controllers') ? digital.controller.energy : 0,
      broadcast: kind.broadcasts.includes(broadcast) ? broadcast : 'unicast',
      cycle: kind.clocked ? nocCycle(cost) : 0,
      fold: { tiles: fold && kind.foldTiles, pes: fold },
    },
    globalBuffer: global,
    further: further('chip'),
    softmax: {
      units: arch.softmax.units,
      select: phase(arch.softmax.select),
      exponent: phase(arch.softmax.exponent),
      divide: phase(arch.softmax.divide),
    },
    vector: {
      lanes: arch.vector.lanes,
      cycle: cost.cycles.logic * cost.cycle,
      functions: {
        layernorm: fn(digital.vector.layernorm),
        gelu: fn(digital.vector.gelu),
        add: fn(digital.vector.add),
        ...(digital.vector.mac !== undefined && { mac: fn(digital.vector.mac) }),
      },
    },
    dram: {
      energy_J: digital.dram.energy,
      bandwidth: digital.dram.bandwidth,
      latency: toTicks(digital.dram.latency),
    },
    weightsFromDram: counts(accounting, 'dram'),
    floorplan: noc.floorplan,
    makeNoc: parent => noc.build(parent, new Clock(kernel, nocCycle(cost))),
    windows: program.windows,
    fold,
  };
}
