/** The learned values of a network as an executor asks for them: by the ids of the graph's ops, whatever file they came from. */

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

/**
 * LayerNorm: y = (x - mean) / sqrt(variance + eps) * gain + shift, with mean and variance of the row and the op's eps.
 * BatchNorm: y = x * gain + shift, its running mean, variance and eps already folded in. One value per column each.
 */
export interface NormWeights {
  readonly gain: Float32Array;
  readonly shift: Float32Array;
}

/** BERT's three tables, row-major; a token's vector is the sum of one row of each. */
export interface EmbeddingWeights {
  /** vocabulary x dim. */
  readonly words: Float32Array;
  /** maxTokens x dim. */
  readonly positions: Float32Array;
  /** types x dim. */
  readonly types: Float32Array;
}

/** Every call may convert anew: keep what you need twice. @throws Error for an id that holds no such weights. */
export interface ModelWeights {
  /** By the `weightId` of a static or depthwise op (depthwise: taps x channels). */
  linear(weightId: string): LinearWeights;
  /** By the id of a layernorm or batchnorm op. */
  norm(opId: string): NormWeights;
  /** Learned rows, row-major: (to - from) x width of a `prepend` op, rows x rowLength of an `add` op with parameters. */
  rows(opId: string): Float32Array;
  /** By the id of an `embed` op. */
  embedding(opId: string): EmbeddingWeights;
}
