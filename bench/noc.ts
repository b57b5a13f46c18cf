/** Flit-hops per second of the mesh: uniform traffic, a gather into one node, long packets from one node, and packets as a chip sends them. */

import { BernoulliInjection, nodeStreams } from '../src/hw/noc/injection.ts';
import { Mesh } from '../src/hw/noc/mesh.ts';
import { Clock } from '../src/sim/clock.ts';
import { Kernel } from '../src/sim/kernel.ts';
import { Phase } from '../src/sim/tick.ts';
import { Bench, printTable, type Rate } from './harness.ts';

interface Case {
  readonly name: string;
  /** Runs once on a fresh mesh and returns it. */
  readonly run: () => Mesh;
}

const HOT_NODE = 0;

function newMesh(rows: number, cols: number, whole = false): Mesh {
  const kernel = new Kernel();
  return new Mesh(kernel, 'mesh', { rows, cols, whole }, new Clock(kernel, 1));
}

function uniform(rate: number, cycles: number): Mesh {
  const mesh = newMesh(8, 8);
  const { kernel, nodes } = mesh;
  const injection = new BernoulliInjection(nodes, rate, 1, 1);
  const everyCycle = kernel.handler(() => {
    for (let node = 0; node < nodes; node++) {
      if (mesh.backlog(node) > 0 || injection.create(node, kernel.now) < 0) continue;
      mesh.send(node, Math.floor(injection.streams[node]() * nodes), 1, 0);
    }
    if (kernel.now < cycles) kernel.at(kernel.now + 1, Phase.Deliver, everyCycle, 0);
  });
  kernel.at(0, Phase.Deliver, everyCycle, 0);
  kernel.run();
  return mesh;
}

/** Packets between HOT_NODE and every `stride`-th node, all queued at once. */
function oneNode(side: number, flits: number, stride: number, gather: boolean): Mesh {
  const mesh = newMesh(side, side);
  for (let node = 0; node < mesh.nodes; node += stride) {
    if (gather) mesh.send(node, HOT_NODE, flits, 0);
    else mesh.send(HOT_NODE, node, flits, 0);
  }
  mesh.kernel.run();
  return mesh;
}

/** As the tiles of a layer send their results: packets of 6 flits from nodes of the first rows to the middle, one every few cycles. */
function sparse(whole: boolean): Mesh {
  const mesh = newMesh(32, 32, whole);
  const { kernel, nodes } = mesh;
  const [random] = nodeStreams(1, 1);
  const everyFew = kernel.handler(left => {
    mesh.send(Math.floor((random() * nodes) / 4), nodes / 2 + 16, 6, 0);
    if (left > 0) kernel.at(kernel.now + 10 + Math.floor(random() * 20), Phase.Compute, everyFew, left - 1);
  });
  kernel.at(0, Phase.Compute, everyFew, 4000);
  kernel.run();
  return mesh;
}

const FLITS = 'chip-like 32x32, 6 flits, flit by flit';
const WHOLE = 'chip-like 32x32, 6 flits, whole packets';

const CASES: readonly Case[] = [
  { name: 'uniform 8x8, 1 flit, 0.3', run: () => uniform(0.3, 5000) },
  { name: 'uniform 8x8, 1 flit, 0.7 (saturated)', run: () => uniform(0.7, 5000) },
  { name: 'gather 32x32, 8 flits', run: () => oneNode(32, 8, 1, true) },
  { name: 'scatter 32x32, 8 flits', run: () => oneNode(32, 8, 1, false) },
  { name: 'gather 70x70, 64 flits', run: () => oneNode(70, 64, 37, true) },
  { name: 'scatter 70x70, 64 flits', run: () => oneNode(70, 64, 37, false) },
  { name: FLITS, run: () => sparse(false) },
  { name: WHOLE, run: () => sparse(true) },
];

/** Times every case for about `seconds`; one operation is one flit over one link. */
export function benchNoc(seconds = 1): Rate[] {
  const bench = new Bench();
  for (const { name, run } of CASES) {
    bench.add('network on chip', name, run().counts.flitHops, () => () => run().counts.flits);
  }
  return bench.run(seconds);
}

if (import.meta.filename === process.argv[1]) {
  const rates = benchNoc();
  const rows = rates.map(({ name, opsPerSecond, rme }) => [
    name,
    (opsPerSecond / 1e6).toFixed(2),
    `${rme.toFixed(1)} %`,
  ]);
  printTable(['network on chip', 'M flit-hops/s', 'margin'], rows);
  const rateOf = (wanted: string): number => rates.find(({ name }) => name === wanted)?.opsPerSecond ?? 0;
  console.log(`whole packets are ${(rateOf(WHOLE) / rateOf(FLITS)).toFixed(1)} times as fast as their flits`);
}
