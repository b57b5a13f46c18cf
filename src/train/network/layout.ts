/** Where everything of a training run lies in the one memory that its threads share: a function of the run's sizes alone. */

import { EXIT, TrexError } from '../../base/errors.ts';
import { largest } from '../../base/extremes.ts';
import { AddressSpace } from '../../wasm/arena.ts';
import { MAX_PAGES, PAGE_BYTES } from '../../wasm/engine.ts';
import { outputShape } from '../../workload/check.ts';
import type { Graph } from '../../workload/graph.ts';
import type { DynamicOp, StaticOp } from '../../workload/op.ts';
import { areaOf } from '../../workload/size.ts';
import { KEY_BYTES, NORMAL_BYTES } from '../wasm/noise.ts';
import { packedBytes } from '../wasm/pack.ts';
import { featuresOf, headOf } from './classifier.ts';
import { RECORD_FLOATS } from './crossbar-record.ts';
import { type ParameterVector, parameterVector } from './parameter-vector.ts';

/** Parts of a batch whose gradients are added up in a fixed order: more than threads, so that these stay busy. */
const PARTS = 8;
/** Gradient vectors of all parts take this much at most, as long as one fits. */
const PARTS_BYTES = 2 ** 29;
/** Rows that go through the network together: enough for the matrix kernels, few enough for the caches. */
const CHUNK_ROWS = 256;
/** Codes of the widest weights, from -128. */
export const CODES = 256;
export const CODE_ZERO = CODES / 2;
/** The first bytes: the number of the next task, then zeros that nobody writes. */
const ZEROS = 64;
const RESERVED = 1024;
/** Vector reads may go beyond the end of an array, up to a panel. */
const SLACK = 64;

/** Places from `start` on. */
export const addressesFrom = (start: number): AddressSpace => new AddressSpace(start, SLACK);

/** What a run is made of; plain data, so that it can be sent to a thread. */
export interface TrainSpec {
  readonly graph: Graph;
  /** Samples of a step at most. */
  readonly batch: number;
  readonly threads: number;
  /** Memory for crossbars in the loop. */
  readonly variation: boolean;
}

/** One linear layer's weights, packed for a step. */
export interface PackedWeights {
  readonly op: StaticOp;
  readonly forward: number;
  readonly backward: number;
  /** With variation: the weights as the cells hold them, rows of `paddedOut` floats, and the scales of the columns. */
  readonly effective: number;
  readonly paddedOut: number;
  readonly scales: number;
}

/** Addresses in bytes. */
export interface Layout {
  readonly spec: TrainSpec;
  readonly bytes: number;
  readonly parameters: ParameterVector;
  readonly zeros: number;
  readonly vector: number;
  readonly gradient: number;
  readonly first: number;
  readonly second: number;
  readonly parts: number;
  readonly partGradients: number;
  readonly partBytes: number;
  readonly chunkSamples: number;
  readonly packed: ReadonlyMap<string, PackedWeights>;
  /** The batch: images or words, types and lengths of texts; labels; what a teacher says. */
  readonly inputs: number;
  readonly types: number;
  readonly lengths: number;
  readonly labels: number;
  readonly teacherLogits: number;
  readonly teacherFeatures: number;
  /** Results by sample: loss (float64), logits, features. */
  readonly losses: number;
  readonly logits: number;
  readonly features: number;
  /** Sums of squares of the gradient's blocks. */
  readonly squares: number;
  /** Crossbars: normal numbers, deviations of static and dynamic cells by op, records, keys, ones. */
  readonly matmuls: readonly (StaticOp | DynamicOp)[];
  readonly normals: number;
  readonly sigmas: number;
  readonly records: number;
  readonly keys: number;
  /** Mean errors of the sums: `widest` floats for each matmul. */
  readonly means: number;
  readonly widest: number;
  readonly ones: number;
  readonly workspaces: number;
}

/** Keys of an op: writes of its weights, then reads and writes of each part. */
export const keysPerOp = (parts: number): number => 1 + 2 * parts;

export const classesOf = (graph: Graph): number => headOf(graph).out;

/** Rows of logits of an input: one, or one for each token of a decoder. */
export const answersOf = (graph: Graph): number => headOf(graph).rows;

/** Floats of one input. */
export function inputFloats({ model }: Graph): number {
  return 'imageSize' in model ? model.inChannels * areaOf(model.image) : model.tokens;
}

/** Lays out the memory up to the threads' workspaces; `workspaceBytes` belongs to each thread. */
export function layoutOf(spec: TrainSpec, workspaceBytes: number): Layout {
  const { graph, batch, threads, variation } = spec;
  const places = addressesFrom(RESERVED);
  const parameters = parameterVector(graph);
  const { size } = parameters;
  const parts = Math.max(1, Math.min(PARTS, batch, Math.floor(PARTS_BYTES / (size * 4))));
  const [vector, gradient, first, second] = [0, 1, 2, 3].map(() => places.floats(size));
  const partBytes = Math.ceil((size * 4) / 64) * 64;
  const partGradients = places.allocate(parts * partBytes);
  const packed = new Map<string, PackedWeights>();
  for (const op of graph.ops) {
    if (op.kind !== 'static' || packed.has(op.weightId)) continue;
    const paddedOut = Math.ceil(op.out / 4) * 4;
    packed.set(op.weightId, {
      op,
      forward: places.allocate(packedBytes(op.in, op.out)),
      backward: places.allocate(packedBytes(op.out, op.in)),
      effective: variation ? places.floats(op.in * paddedOut) : 0,
      paddedOut,
      scales: variation ? places.floats(paddedOut) : 0,
    });
  }
  const classes = classesOf(graph);
  const features = featuresOf(graph).width;
  const tokens = graph.model.tokens;
  const matmuls = graph.ops.filter(op => op.kind === 'static' || op.kind === 'dynamic');
  const widest = 4 * Math.ceil(largest(matmuls.map(op => outputShape(op).columns)) / 4);
  const noise = (bytes: number): number => (variation ? places.allocate(bytes) : 0);
  const layout = {
    spec,
    parameters,
    zeros: ZEROS,
    vector,
    gradient,
    first,
    second,
    parts,
    partGradients,
    partBytes,
    chunkSamples: Math.max(1, Math.min(Math.ceil(batch / parts), Math.round(CHUNK_ROWS / tokens))),
    packed,
    inputs: places.floats(batch * inputFloats(graph)),
    types: places.floats(batch * tokens),
    lengths: places.floats(batch),
    labels: places.floats(batch),
    teacherLogits: places.floats(batch * classes),
    teacherFeatures: places.floats(batch * features),
    losses: places.allocate(8 * batch),
    logits: places.floats(batch * classes),
    features: places.floats(batch * features),
    squares: places.floats(gradientBlocks(size)),
    matmuls,
    normals: noise(NORMAL_BYTES),
    sigmas: noise(matmuls.length * CODES * 4),
    records: noise(matmuls.length * RECORD_FLOATS * 4),
    keys: noise(matmuls.length * keysPerOp(parts) * KEY_BYTES),
    means: noise(matmuls.length * widest * 4),
    widest,
    ones: noise(widest * 4),
  };
  const workspaces = places.end;
  const bytes = workspaces + threads * workspaceBytes + RESERVED;
  if (bytes > MAX_PAGES * PAGE_BYTES)
    throw new TrexError(
      `training ${graph.model.name} with batches of ${batch} needs ${(bytes / 2 ** 30).toFixed(1)} GiB, more than the 4 that fit: use smaller batches or a smaller network`,
      EXIT.failed,
    );
  return { ...layout, bytes, workspaces };
}

/** Floats of the gradient that are summed and updated as one task. */
export const GRADIENT_BLOCK = 4096;
export const gradientBlocks = (size: number): number => Math.ceil(size / GRADIENT_BLOCK);
