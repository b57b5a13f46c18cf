/** Takes tokens out before or within some encoders. What a rule declares for model files stands in tokens/, one file each. */
import type { GraphBuilder } from './builder.ts';
import type { EncoderShape, Mixed } from './encoder-shape.ts';

/** Rows of a token matrix, by the op that gives them. */
export interface Tokens {
  readonly id: string;
  readonly tokens: number;
}

/**
 * The rows that encoder `i` goes on with instead of `x`, and their number; undefined: with `x`. `attending`: what the last
 * encoder that has attention made of its tokens; undefined before the first.
 */
export type TokenChoice = (
  b: GraphBuilder,
  shape: EncoderShape,
  i: number,
  x: string,
  attending: Mixed | undefined,
) => Tokens | undefined;

export interface TokenRule {
  /** Before the encoder. */
  readonly before?: TokenChoice;
  /** Between its attention and its MLP, where `x` is the sum of its input and attention. */
  readonly within?: TokenChoice;
}

/** Where patches go, and the share that is left there. */
export interface PruningPlaces {
  /** Before these encoders, or, where it is absent, within those of `within`. */
  readonly before?: readonly number[] | undefined;
  readonly within?: readonly number[] | undefined;
  readonly keep: readonly number[];
  /** What the shares are of: all patches of the image, or those that are still there. Absent: image. */
  readonly of?: 'image' | 'left' | undefined;
  /** The patches that go become one, weighted by their scores. Absent: they are lost. */
  readonly fuse?: boolean | undefined;
}

/** The encoders of all places, in their order. */
export const placesOf = ({ before, within = [] }: PruningPlaces): readonly number[] => before ?? within;

/** The patches that the share of stage `stage` is of. */
export const shareOf = ({ of }: PruningPlaces, image: number, left: number): number =>
  of === 'left' ? left : image;

/** One way to choose the patches that go on. */
export interface PruningRule<By extends string = string> {
  /** `pruning.by` in a model file. */
  readonly by: By;
  /** Who scores the patches. */
  readonly describe: string;
  /** It can choose between attention and MLP as well, not before an encoder alone. */
  readonly within: boolean;
  /** It can fuse what goes into one token. */
  readonly fuses: boolean;
  /** What the model file must fulfil beside what all rules ask for; the problem in words, or undefined. */
  check(model: { readonly dim: number; readonly heads: number }): string | undefined;
  /** The rule of a network whose first of `tokens` rows is the class token. */
  rule(places: PruningPlaces, tokens: number): TokenRule;
}
