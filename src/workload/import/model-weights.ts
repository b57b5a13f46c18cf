/** The learned values of a network as an executor asks for them: by the ids of the graph's ops, whatever file they came from. */
import type { Learned } from '../vector-function.ts';

/** One linear layer or im2col'd convolution. */
export interface LinearWeights {
  readonly in: number;
  readonly out: number;
  /**
   * `in` x `out`, row-major, as a crossbar holds it: `weight[i * out + o]` takes input i to output o. Input i of a
   * convolution is (channel * kernel + y) * kernel + x.
   */
  readonly weight: Float32Array;
  /** `out` values, or null for a layer without bias. */
  readonly bias: Float32Array | null;
}

/** Every call may convert anew: keep what you need twice. @throws Error for an id that holds no such weights. */
export interface ModelWeights extends Learned {
  /** By the `weightId` of a static or depthwise op (depthwise: taps x channels). */
  linear(weightId: string): LinearWeights;
}
