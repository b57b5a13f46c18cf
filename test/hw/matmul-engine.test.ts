import test from 'ava';
import { finished } from '../../src/base/turn.ts';
import { Buffer } from '../../src/hw/buffer.ts';
import type { Action } from '../../src/hw/components.ts';
import { type EngineParams, MatmulEngine } from '../../src/hw/matmul-engine.ts';
import { type GridFloorplan, gridFloorplan } from '../../src/hw/noc/floorplan.ts';
import { IdealNoc } from '../../src/hw/noc/ideal.ts';
import { Mesh } from '../../src/hw/noc/mesh.ts';
import type { Noc } from '../../src/hw/noc/noc.ts';
import { type Layer, slotOf } from '../../src/hw/program.ts';
import { Clock } from '../../src/sim/clock.ts';
import { Kernel } from '../../src/sim/kernel.ts';
import type { Tick } from '../../src/sim/tick.ts';
import {
  Bench,
  bufferParams,
  endsAt,
  layerOf,
  macroCost,
  stepOfKind,
  tileBlock,
  tileParams,
} from '../helpers/blocks.ts';

const CYCLE = 1000;
const READ = 0;
const WRITE = 1;
/** Of a tile of tileBlock([2]), in whole cycles so that packets leave at clock edges. */
const READ_TIME = 2 * CYCLE;
const WRITE_TIME = 2 * 7 * CYCLE;
/** One kind of crossbar, whose layers share its meters. */
const COST = macroCost({ readTime: CYCLE, writeTime: 7 * CYCLE });

interface Scene {
  readonly layers: readonly Layer[];
  readonly mesh?: boolean;
  readonly params?: Partial<EngineParams>;
  readonly buffer?: Parameters<typeof bufferParams>[0];
}

/** An engine whose steps 0 (read) and 1 (write) use the first layer. Flits have 16 bits. */
function engineOf(bench: Bench, { layers, mesh = false, params = {}, buffer = {} }: Scene) {
  const plan = gridFloorplan(layers.reduce((sum, layer) => sum + layer.tiles.length, 0));
  const noc = mesh ? meshOf(bench, plan) : new IdealNoc(bench.root, 'noc', plan.nodes);
  const global = bufferParams({ level: 'global', ...buffer });
  const engine = new MatmulEngine(bench.root, 'array', {
    params: {
      tile: tileParams(),
      accumulator: { level: 'global', latency: 0, add_J: 0 },
      costOf: () => COST,
      flitBits: 16,
      router_J: 1,
      link_J: 1,
      clock_J: 0,
      stages: 3,
      controller_J: 1,
      broadcast: 'unicast',
      cycle: mesh ? CYCLE : 0,
      fold: { tiles: false, pes: false },
      ...params,
    },
    steps: [
      stepOfKind(READ, 'read', { layer: layers[0].id }),
      stepOfKind(WRITE, 'write', { layer: layers[0].id }),
    ],
    layers,
    noc,
    floorplan: plan,
    buffer: new Buffer(bench.root, 'globalBuffer', global, bench.ledger),
    further: [],
    ledger: bench.ledger,
    onDone: bench.done,
  });
  finished(engine.build());
  return { engine, noc, plan };
}

const meshOf = (bench: Bench, { rows, cols }: GridFloorplan): Noc =>
  new Mesh(bench.root, 'noc', { rows, cols }, new Clock(bench.kernel, CYCLE));

/** Time of one packet through an empty mesh of the floorplan's size. */
function trip({ rows, cols }: GridFloorplan, src: number, dst: number, bits: number): Tick {
  const kernel = new Kernel();
  const mesh = new Mesh(kernel, 'noc', { rows, cols }, new Clock(kernel, CYCLE));
  let arrival = -1;
  mesh.onDeliver = () => {
    arrival = kernel.now;
  };
  mesh.send(src, dst, Math.ceil(bits / 16), 0);
  kernel.run();
  return arrival;
}

const pairs = (count: number, inputs = (i: number) => String(i)) =>
  Array.from({ length: count }, (_, i) => tileBlock([2], { inputs: inputs(i) }));

test('without a network a vector takes the time of its slowest tile', t => {
  const bench = new Bench();
  engineOf(bench, { layers: [layerOf([tileBlock([2]), tileBlock([8, 3])])] }).engine.start(slotOf(READ, 0));
  endsAt(t, bench, slotOf(READ, 0), 8 * CYCLE);
});

test('a matrix is written when its slowest tile is', t => {
  const bench = new Bench();
  engineOf(bench, { layers: [layerOf([tileBlock([2]), tileBlock([8, 3])])] }).engine.start(slotOf(WRITE, 0));
  endsAt(t, bench, slotOf(WRITE, 0), 8 * 7 * CYCLE);
});

test('a vector passes the global buffer on its way in and out', t => {
  const bench = new Bench();
  const buffer = { portBits: 32, cycle: 10 };
  engineOf(bench, { layers: [layerOf([tileBlock([2])])], buffer }).engine.start(slotOf(READ, 0));
  endsAt(t, bench, slotOf(READ, 0), 20 + READ_TIME + 30); // 64 bits in, 96 out
  t.deepEqual(bench.counts('buffer.global.read'), [64, 0, 0]);
  t.deepEqual(bench.counts('buffer.global.write'), [96, 0, 0]);
});

test('the global accumulator adds the partial sums of the tiles after the last one', t => {
  const bench = new Bench();
  const layers = [
    layerOf([tileBlock([2], { partials: 3 }), tileBlock([4], { partials: 4 }), tileBlock([2])]),
  ];
  const accumulator = { level: 'global', latency: 5, add_J: 1 } as const;
  engineOf(bench, { layers, params: { accumulator } }).engine.start(slotOf(READ, 0));
  endsAt(t, bench, slotOf(READ, 0), 4 * CYCLE + 5);
  t.deepEqual(bench.counts('accumulator.global.add'), [7, 0, 0]);
});

test('every tile of a layer issues every job', t => {
  const bench = new Bench();
  const { engine } = engineOf(bench, { layers: [layerOf(pairs(3))] });
  for (const slot of [slotOf(READ, 0), slotOf(READ, 1), slotOf(WRITE, 0)]) engine.start(slot);
  bench.kernel.run();
  t.deepEqual(bench.counts('controller.job'), [6, 3, 0]);
});

test('on a mesh a vector takes the way in, the read, and the way out', t => {
  const bench = new Bench();
  // Tile 0 of three stands at node 0 of a 2 x 2 mesh, the hub two links away at node 3.
  const { engine, plan } = engineOf(bench, {
    mesh: true,
    layers: [layerOf(pairs(1)), layerOf(pairs(2), { id: 'other', firstTile: 1 })],
  });
  t.deepEqual([plan.rows, plan.cols, plan.hub, plan.nodeOf(0)], [2, 2, 3, 0]);
  engine.start(slotOf(READ, 0));
  endsAt(t, bench, slotOf(READ, 0), trip(plan, 3, 0, 64) + READ_TIME + trip(plan, 0, 3, 96));
  // 4 flits in and 6 out over two links and three routers.
  t.deepEqual(bench.counts('link.flit'), [20, 0, 0]);
  t.deepEqual(bench.counts('router.flit'), [30, 0, 0]);
});

/** Tiles 0, 1 and 2 stand in the first row of a 3 x 3 mesh, the hub in its middle. */
const nine = (inputs: (i: number) => string): readonly Layer[] => [
  layerOf(pairs(3, inputs)),
  layerOf(pairs(5), { id: 'others', firstTile: 3 }),
];

test('in a chain each tile hands the vector on to the next one that needs the same inputs', t => {
  const bench = new Bench();
  const { engine, noc, plan } = engineOf(bench, {
    mesh: true,
    layers: nine(() => 'a'),
    params: { broadcast: 'chain' },
  });
  t.deepEqual([plan.hub, plan.nodeOf(0), plan.nodeOf(1), plan.nodeOf(2)], [4, 0, 1, 2]);
  engine.start(slotOf(READ, 0));
  const chain = trip(plan, 4, 0, 64) + trip(plan, 0, 1, 64) + trip(plan, 1, 2, 64);
  endsAt(t, bench, slotOf(READ, 0), chain + READ_TIME + trip(plan, 2, 4, 96));
  bench.kernel.run();
  t.is(noc.counts.packets, 3 + 3);
  // In: 4 flits over 2 + 1 + 1 links. Out: 6 flits over 2 + 1 + 2.
  t.deepEqual(bench.counts('link.flit'), [4 * 4 + 6 * 5, 0, 0]);
});

test('with unicast the hub sends the vector to every tile', t => {
  const bench = new Bench();
  const { engine, noc } = engineOf(bench, { mesh: true, layers: nine(() => 'a') });
  engine.start(slotOf(READ, 0));
  bench.kernel.run();
  t.is(noc.counts.packets, 3 + 3);
  t.deepEqual(bench.counts('link.flit'), [4 * 5 + 6 * 5, 0, 0]);
});

test('tiles with different inputs get them from the hub, chain or not', t => {
  const counts = [true, false].map(chain => {
    const bench = new Bench();
    engineOf(bench, {
      mesh: true,
      layers: nine(String),
      params: { broadcast: chain ? 'chain' : 'unicast' },
    }).engine.start(slotOf(READ, 0));
    bench.kernel.run();
    return [bench.ended, bench.counts('link.flit')];
  });
  t.deepEqual(counts[0], counts[1]);
});

test('weights of a run-time matrix go to every tile from the hub, and no packet comes back', t => {
  const bench = new Bench();
  const { engine, noc, plan } = engineOf(bench, {
    mesh: true,
    layers: nine(() => 'a'),
    params: { broadcast: 'chain' },
  });
  engine.start(slotOf(WRITE, 0));
  bench.kernel.run();
  t.is(noc.counts.packets, 3);
  t.deepEqual(bench.counts('link.flit'), [0, 8 * 5, 0]); // 128 bits in 8 flits
  const [[slot, end]] = bench.ended;
  t.is(slot, slotOf(WRITE, 0));
  // The last of three packets leaves the hub 16 cycles after the first at the earliest.
  t.true(end >= 16 * CYCLE + trip(plan, 4, 2, 128) + WRITE_TIME);
});

test('what the ledger books for the network is what the mesh did', t => {
  const bench = new Bench();
  const { engine, noc } = engineOf(bench, {
    mesh: true,
    layers: nine(() => 'a'),
    params: { broadcast: 'chain' },
  });
  for (let job = 0; job < 5; job++) engine.start(slotOf(READ, job));
  engine.start(slotOf(WRITE, 0));
  bench.kernel.run();
  t.is(bench.ended.length, 6);
  const total = (action: Action): number => bench.counts(action).reduce((sum, n) => sum + n, 0);
  t.is(noc.counts.flitHops, total('link.flit'));
  t.is(noc.counts.routerTraversals, total('router.flit'));
});

test('known weights are loaded through the channel of the hub, run-time matrices are not', t => {
  const bench = new Bench();
  const layers = [layerOf(pairs(2)), layerOf(pairs(2), { id: 'dynamic', dynamic: true, firstTile: 2 })];
  const { engine } = engineOf(bench, { mesh: true, layers });
  engine.loadWeights(() => bench.done(1));
  // 128 bits are 8 flits: the second tile has its weights at 16 cycles.
  endsAt(t, bench, 1, 16 * CYCLE + WRITE_TIME);
  t.is(engine.weightBits, 2 * 128);
  t.deepEqual(bench.counts('crossbar.write'), [0, 0, 4]);
});

test('without known weights the load is done at once', t => {
  const bench = new Bench();
  const { engine } = engineOf(bench, { layers: [layerOf(pairs(1), { dynamic: true })] });
  engine.loadWeights(() => bench.done(1));
  t.deepEqual(bench.ended, [[1, 0]]);
});

test('folded tiles give the times and the counts of separate ones', t => {
  const shares = [
    tileBlock([8, 8, 2], { partials: 4 }),
    tileBlock([8, 8, 2], { inputs: '1' }),
    tileBlock([2]),
  ];
  const runs = [false, true].map(fold => {
    const bench = new Bench();
    const params = { fold: { tiles: fold, pes: fold } };
    const { engine } = engineOf(bench, { layers: [layerOf(shares)], params });
    t.is(engine.tiles.length, fold ? 2 : 3);
    engine.loadWeights(() => bench.done(1));
    bench.kernel.run();
    for (const slot of [slotOf(READ, 0), slotOf(READ, 1)]) engine.start(slot);
    bench.kernel.run();
    engine.start(slotOf(WRITE, 0));
    bench.kernel.run();
    const counts = bench.ledger.meters.map(m => [m.action, [...m.counts]]);
    return { ended: bench.ended, counts, bits: engine.weightBits };
  });
  t.deepEqual(runs[0], runs[1]);
});
