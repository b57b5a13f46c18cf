/** Takes tokens out before some encoders. What a rule declares for model files stands in tokens/, one file each. */
import type { GraphBuilder } from './builder.ts';
import type { EncoderShape, Mixed } from './encoder-shape.ts';

/** Rows of a token matrix, by the op that gives them. */
export interface Tokens {
  readonly id: string;
  readonly tokens: number;
}

export interface TokenRule {
  /**
   * The rows that encoder `i` gets instead of `x`, and their number; undefined: it gets `x`. `attending`: what the last
   * encoder before it that has attention made of it; undefined before the first.
   */
  before(
    b: GraphBuilder,
    shape: EncoderShape,
    i: number,
    x: string,
    attending: Mixed | undefined,
  ): Tokens | undefined;
}

/** Before which encoders patches go, and the share of the image's patches that is left there. */
export interface PruningPlaces {
  readonly before: readonly number[];
  readonly keep: readonly number[];
}

/** One way to choose the patches that go on. */
export interface PruningRule<By extends string = string> {
  /** `pruning.by` in a model file. */
  readonly by: By;
  /** Who scores the patches. */
  readonly describe: string;
  /** What the model file must fulfil beside what all rules ask for; the problem in words, or undefined. */
  check(model: { readonly dim: number }): string | undefined;
  /** The rule of a network whose first of `tokens` rows is the class token. */
  rule(places: PruningPlaces, tokens: number): TokenRule;
}
