/** A bench for single blocks: a kernel with a root, a ledger, and a list of who finished when. */
import type { ExecutionContext } from 'ava';
import type { BufferParams } from '../../src/hw/buffer.ts';
import type { Action } from '../../src/hw/components.ts';
import { type Folded, type FoldedTile, foldLayer } from '../../src/hw/fold.ts';
import { JobTable } from '../../src/hw/job-table.ts';
import { Ledger } from '../../src/hw/ledger.ts';
import type { PeParams } from '../../src/hw/pe.ts';
import type { Fills, Layer, PeBlock, Step, TileBlock } from '../../src/hw/program.ts';
import type { TileParams } from '../../src/hw/tile.ts';
import { loadArch } from '../../src/run/node/load.ts';
import { Component } from '../../src/sim/component.ts';
import { Kernel } from '../../src/sim/kernel.ts';
import type { Tick } from '../../src/sim/tick.ts';
import type { CrossbarCost, CrossbarUse, PlaneTiming } from '../../src/tech/crossbar-cost.ts';

class Root extends Component {}

/** What a test stands on. */
export class Bench {
  readonly kernel = new Kernel();
  readonly root: Component = new Root(this.kernel, 'root');
  readonly ledger: Ledger;
  /** [argument, tick] in the order of the calls of `done`. */
  readonly ended: [number, Tick][] = [];

  constructor(steps = 2) {
    this.ledger = new Ledger(steps);
  }

  readonly done = (arg: number): void => {
    this.ended.push([arg, this.kernel.now]);
  };

  /** `done` as a handler of the kernel. */
  readonly handler = this.kernel.handler(this.done);

  /** Counts of one kind of action, by step. */
  counts(action: Action): number[] {
    const meter = this.ledger.meters.find(m => m.action === action);
    if (meter === undefined) throw new Error(`no meter counts ${action}`);
    return [...meter.counts];
  }
}

/** Nothing ends at `tick` - 1, and `arg` is the next to end, at `tick`. */
export function endsAt(t: ExecutionContext, bench: Bench, arg: number, tick: Tick): void {
  const before = bench.ended.length;
  bench.kernel.run(tick - 1);
  t.is(bench.ended.length, before, `nothing ends before ${tick}`);
  bench.kernel.run(tick);
  t.deepEqual(bench.ended[before], [arg, tick]);
}

/** A published crossbar with round numbers: 100 ticks a read, 1000 ticks a write. */
export function macroCost(overrides: Partial<CrossbarCost> = {}): CrossbarCost {
  const cost: CrossbarCost = {
    name: 'macro',
    planes: 1,
    readTime: 100,
    plane: undefined,
    readParts: [
      { component: 'crossbar.readCircuit', energy_J: 3 },
      { component: 'crossbar.adc', energy_J: 5 },
    ],
    writeTime: 1000,
    writeEnergy_J: 7,
    area_m2: 1,
    standing: [{ component: 'crossbar.array', per: 'crossbar', area_m2: 1, leakage_W: 0 }],
    leakage_W: 0,
    columns: 4,
    rows: 4,
    endurance: undefined,
    filled: () => cost,
    written: ({ rows, cols }) => ({ time: 250 * rows, energy_J: (7 * rows * cols) / 16 }),
    codesOf: ({ cols }) => cols,
    ...overrides,
  };
  return cost;
}

/** A crossbar of circuits with the given times of a bit plane. */
export const circuitCost = (
  plane: PlaneTiming,
  planes: number,
): CrossbarCost & { readonly plane: PlaneTiming } => {
  const cost = { ...macroCost({ name: 'circuit', planes }), plane, filled: (): CrossbarUse => cost };
  return cost;
};

/** A buffer that takes no time; `cycle` and the energies give it some. */
export const bufferParams = (overrides: Partial<BufferParams> = {}): BufferParams => ({
  level: 'tile',
  capacityBits: 8192,
  portBits: 64,
  ports: 1,
  cycle: 0,
  latency: 0,
  read_J: 0,
  write_J: 0,
  ...overrides,
});

export const peParams = (overrides: Partial<PeParams> = {}): PeParams => ({
  adcBanks: 1,
  writeDrivers: 1,
  buffer: bufferParams({ level: 'pe' }),
  further: [],
  accumulator: { level: 'pe', latency: 0, add_J: 0 },
  ...overrides,
});

export const tileParams = (overrides: Partial<TileParams> = {}): TileParams => ({
  pe: peParams(),
  buffer: bufferParams({ level: 'tile' }),
  further: [],
  accumulator: { level: 'tile', latency: 0, add_J: 0 },
  wire_J: 0,
  wire: 0,
  ...overrides,
});

/** What the layers of the tests are made of; the blocks of hw do not ask. */
const DEVICE = loadArch('trex').arch.devices.static;

export const peBlock = (crossbars: number): PeBlock => ({
  crossbars,
  inputBits: 32,
  outputs: 4,
  fills: fullOf(crossbars),
});

/** So many full crossbars of the tests' size. */
const fullOf = (count: number): Fills[] => [{ rows: 4, cols: 4, count }];

/** `count` PEs in lock-step. */
export const foldedPe = (crossbars: number, count = 1): Folded<PeBlock> => {
  const one = peBlock(crossbars);
  const all = {
    crossbars: one.crossbars * count,
    inputBits: one.inputBits * count,
    outputs: one.outputs * count,
    fills: fullOf(crossbars * count),
  };
  return { one, count, all };
};

/** A tile of PEs with these numbers of crossbars. */
export const tileBlock = (pes: readonly number[], overrides: Partial<TileBlock> = {}): TileBlock => ({
  crossbars: pes.reduce((sum, n) => sum + n, 0),
  pes: pes.map(peBlock),
  inputBits: 64,
  inputs: '0',
  outputBits: 96,
  outputs: 4,
  partials: 0,
  weightBits: 128,
  ...overrides,
});

/** A layer of these tiles, from tile 0 on. */
export const layerOf = (tiles: readonly TileBlock[], overrides: Partial<Layer> = {}): Layer => ({
  id: 'layer',
  unit: overrides.id ?? 'layer',
  dynamic: false,
  device: DEVICE,
  firstTile: 0,
  tiles,
  crossbars: tiles.reduce((sum, tile) => sum + tile.crossbars, 0),
  cells: 0,
  ...overrides,
});

/** The tiles as they are simulated: one for each, or folded. Ports of 32 bits, as the tests of folding have them. */
export const foldedTiles = (tiles: readonly TileBlock[], fold = false): FoldedTile[] => {
  const port = [{ portBits: 32, cycle: 1 }];
  return foldLayer(
    layerOf(tiles),
    { pe: port, tile: port },
    { tiles: fold, pes: fold },
    { timesOf: () => '', writeOf: ({ rows }) => rows },
  );
};

/** One step; `kind` decides what else it needs. */
export const stepOfKind = (index: number, kind: Step['kind'], overrides: Partial<Step> = {}): Step => ({
  index,
  id: `s${index}`,
  stage: 'qkv',
  encoder: 0,
  kind,
  jobs: 1,
  after: [],
  inputBits: 64,
  outputBits: 96,
  ...overrides,
});

/** Jobs of a layer that step 0 reads and step 1 writes. */
export const layerJobs = (): JobTable =>
  new JobTable(
    [stepOfKind(0, 'read', { layer: 'layer' }), stepOfKind(1, 'write', { layer: 'layer' })],
    ['layer'],
  );
