/** One op in training: forward over the samples of a chunk, backward over the same, with explicit derivatives. */
import type { Kernels } from '../wasm/kernels.ts';

/** The output of an op in a thread's workspace: [sample][row][column] floats. */
export interface Value {
  readonly at: number;
  /** Per sample. */
  readonly rows: number;
  readonly columns: number;
}

/** Where the derivative by an operand goes. */
export interface GradientSlot {
  /** 0: nobody needs it. */
  readonly at: number;
  /** Another op has written its share there before: add to it. */
  readonly accumulate: 0 | 1;
}

/** What a layer is bound to when a thread builds its network; addresses are bytes in the shared memory. */
export interface Wiring {
  readonly kernels: Kernels;
  readonly inputs: readonly Value[];
  readonly output: Value;
  /** Address of the derivative by the output. */
  readonly gradient: number;
  /** One per input. */
  readonly inputGradients: readonly GradientSlot[];
  readonly scratch: Scratch;
  /** Absent: the op is computed in float32, as its checkpoint means it. */
  readonly crossbar?: CrossbarWiring | undefined;
}

/** A thread's own memory for what lives within one call. */
export interface Scratch {
  /** A panel of zeros. */
  readonly zeros: number;
  /** One tile of `gemm`. */
  readonly tile: number;
  /** A packed operand. */
  readonly panels: number;
  /** Operands as the crossbars see them, and the derivative by one of them. */
  readonly streamed: number;
  readonly stationary: number;
  readonly derivative: number;
  /** Derivatives by the windows of a convolution within the network. */
  readonly windows: number;
}

/** Where an op finds what its crossbars do to it in this step; see `crossbar-record.ts`. */
export interface CrossbarWiring {
  /** Floats of the record. */
  readonly record: Float32Array;
  /** Address of the factors of the columns: the weight scales of a static layer, ones for a dynamic one. */
  readonly factors: number;
  /** Address of the mean errors of the columns' sums, in integer units. */
  readonly means: number;
  /** Address of the standard deviations of the cells, at code 0. */
  readonly sigmas: number;
  /** Address of the table of normal numbers. */
  readonly normals: number;
  /** Address of the key for reads, and of that for writes, of a part of the batch. */
  readonly readKey: (part: number) => number;
  readonly writeKey: (part: number) => number;
}

/** The samples that go through the network together. */
export interface Chunk {
  /** Index in the batch of the first one. */
  readonly first: number;
  readonly samples: number;
  /** The part of the batch that they belong to, and how many samples of it come before. */
  readonly part: number;
  readonly before: number;
  /** Address of the gradient vector of the part. */
  readonly gradients: number;
  /** Crossbars are switched on. */
  readonly noisy: boolean;
}

export interface Layer {
  forward(chunk: Chunk): void;
  backward(chunk: Chunk): void;
}

/** Floats of one sample. */
export const floatsOf = ({ rows, columns }: Pick<Value, 'rows' | 'columns'>): number => rows * columns;

/** Random numbers that noise on a row of `width` sums may take: four at a time, and four for each of the last ones. */
export const drawsPerRow = (width: number): number => 4 * ((width >> 2) + (width & 3));
