/** Synthetic traffic patterns, with the definitions of BookSim 2 (Dally & Towles, Principles and Practices, 3.2). */
import seedrandom from 'seedrandom';
import { unknownName, usageError } from '../../base/errors.ts';

/** Draws uniformly from [0, 1). */
export type RandomSource = () => number;

/** The destination of a packet that `source` creates. */
export type TrafficPattern = (source: number, random: RandomSource) => number;

export interface TrafficShape {
  readonly rows: number;
  readonly cols: number;
  /** Nodes that `hotspot` traffic goes to, with equal shares. */
  readonly hotspots?: readonly number[];
  /** Of what a pattern draws once, before all packets; 1 without. */
  readonly seed?: number;
}

type Factory = (shape: TrafficShape, nodes: number) => TrafficPattern;

const PATTERNS: Readonly<Record<string, Factory>> = {
  /** Any node, the source included. */
  uniform: (_, nodes) => (_source, random) => Math.floor(random() * nodes),
  /** The two halves of the node number's bits change places. */
  transpose: (_, nodes) => {
    const bits = addressBits('transpose', nodes);
    if (bits % 2 !== 0)
      throw usageError(`transpose traffic needs 4, 16, 64 ... nodes; the mesh has ${nodes}`);
    const half = bits / 2;
    return source => (source >> half) | ((source & ((1 << half) - 1)) << half);
  },
  /** All bits inverted. */
  bitcomp: (_, nodes) => {
    addressBits('bitcomp', nodes);
    return source => ~source & (nodes - 1);
  },
  /** Bits rotated left by one. */
  shuffle: (_, nodes) => {
    const bits = addressBits('shuffle', nodes);
    return source => (bits === 0 ? 0 : ((source << 1) & (nodes - 1)) | (source >> (bits - 1)));
  },
  /** The bits of the node number in reverse order. */
  bitrev: (_, nodes) => {
    const bits = addressBits('bitrev', nodes);
    return source => {
      let reversed = 0;
      for (let bit = 0; bit < bits; bit++) reversed |= ((source >> bit) & 1) << (bits - 1 - bit);
      return reversed;
    };
  },
  /** Half way on in both dimensions, less one, around the edge: ceil(k/2) - 1 of k nodes, as Dally and Towles and BookSim 2 have it. */
  tornado: ({ rows, cols }) => {
    const step = (k: number): number => Math.ceil(k / 2) - 1;
    const [down, right] = [step(rows), step(cols)];
    return source => ((Math.floor(source / cols) + down) % rows) * cols + (((source % cols) + right) % cols);
  },
  /** A permutation drawn with the seed, all equally likely. */
  randperm: ({ seed = 1 }, nodes) => {
    const random = seedrandom.alea(`${seed}/noc/permutation`);
    const to = Array.from({ length: nodes }, (_, node) => node);
    for (let i = nodes - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [to[i], to[j]] = [to[j], to[i]];
    }
    return source => to[source];
  },
  /** Two packets of three to the source itself, the third to the next node. */
  diagonal: (_, nodes) => (source, random) => (random() < 1 / 3 ? (source + 1) % nodes : source),
  /** The node's place in the lower or in the upper half of the nodes, with equal shares. */
  asymmetric: (_, nodes) => {
    if (nodes % 2 !== 0)
      throw usageError(`asymmetric traffic needs an even number of nodes; the mesh has ${nodes}`);
    const half = nodes / 2;
    return (source, random) => (source % half) + (random() < 0.5 ? 0 : half);
  },
  /** One step on in both dimensions, around the edge. */
  neighbor:
    ({ rows, cols }) =>
    source =>
      ((Math.floor(source / cols) + 1) % rows) * cols + ((source + 1) % cols),
  /** One of the hot spots. */
  hotspot: ({ hotspots = [0] }, nodes) => {
    for (const node of hotspots) {
      if (!Number.isInteger(node) || node < 0 || node >= nodes) {
        throw usageError(`hot spot ${node}: the mesh has the nodes 0 .. ${nodes - 1}`);
      }
    }
    if (hotspots.length === 0) throw usageError('hotspot traffic needs at least one hot spot');
    if (hotspots.length === 1) return () => hotspots[0];
    return (_source, random) => hotspots[Math.floor(random() * hotspots.length)];
  },
};

/** The patterns of synthetic traffic, by the names of BookSim 2. */
export const TRAFFIC_NAMES: readonly string[] = Object.keys(PATTERNS);

/** Throws a usage error for an unknown name, and where the pattern does not fit the mesh. */
export function trafficPattern(name: string, shape: TrafficShape): TrafficPattern {
  if (!Object.hasOwn(PATTERNS, name)) throw unknownName('traffic', name, TRAFFIC_NAMES);
  return PATTERNS[name](shape, shape.rows * shape.cols);
}

function addressBits(name: string, nodes: number): number {
  const bits = 31 - Math.clz32(nodes);
  if (2 ** bits !== nodes)
    throw usageError(`${name} traffic needs a power of two of nodes; the mesh has ${nodes}`);
  return bits;
}
