/** Takes tokens out before or within some encoders. What a rule declares for model files stands in tokens/, one file each. */
import type { GraphBuilder } from './builder.ts';
import type { EncoderShape, Mixed } from './encoder-shape.ts';

/** What an encoder's attention made of so many tokens. */
export type MixedTokens = Mixed & Pick<EncoderShape, 'tokens'>;

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
  attending: MixedTokens | undefined,
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
  readonly keep?: readonly number[] | undefined;
  /** How many are left there, for one input: instead of `keep`. */
  readonly patches?: readonly number[] | undefined;
  /** What the shares are of: all patches of the image, or those that are still there. Absent: image. */
  readonly of?: 'image' | 'left' | undefined;
  /** The patches that go become one, weighted by their scores. Absent: they are lost. */
  readonly fuse?: boolean | undefined;
}

/** The encoders of all places, in their order. */
export const placesOf = ({ before, within = [] }: PruningPlaces): readonly number[] => before ?? within;

/** Of all patches of the image, those that are still there. */
interface PatchCounts {
  readonly image: number;
  readonly left: number;
}

/** Patches that go on at stage `stage`; `rounded` takes a share of a number of them. */
export const keptAt = (
  { of, keep = [], patches }: PruningPlaces,
  stage: number,
  { image, left }: PatchCounts,
  rounded: (patches: number, share: number) => number,
): number => patches?.[stage] ?? rounded(of === 'left' ? left : image, keep[stage]);

/** As most rules round. */
export const roundedDown = (patches: number, share: number): number => Math.floor(patches * share);

/**
 * What is wrong with numbers of patches that go on, as stage and words; undefined: nothing. `fuse`: where some go, one token of
 * them stays.
 */
export function patchesProblem(
  counts: readonly number[],
  image: number,
  fuse = false,
): { readonly stage: number; readonly message: string } | undefined {
  let left = image;
  for (const [stage, count] of counts.entries()) {
    if (count > left) {
      const there = stage === 0 ? `the image has ${image}` : `${left} are left there`;
      return { stage, message: `${count} patches cannot go on, ${there}` };
    }
    left = fuse && count < left ? count + 1 : count;
  }
  return undefined;
}

/** Which patches go on by their own score, and not as so many of the best. */
export interface Threshold {
  /** What is compared with it, in words. */
  readonly describe: string;
  readonly range: readonly [least: number, most: number];
  /** Absent: nobody has published one. */
  readonly usual?: number;
  /**
   * Whether a patch with this score goes on, scored as its rule scores it (attention: the class token's, summed over
   * `heads`, of a map of `rows`). Patches of higher scores go on where this one does.
   */
  goesOn(score: number, threshold: number, map: { readonly heads: number; readonly rows: number }): boolean;
}

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
  /** Every encoder can be a place: the scores are there anyway. */
  readonly anywhere?: true;
  /** Absent: its method takes a share of the patches and no threshold. */
  readonly threshold?: Threshold;
  /** What the model file must fulfil beside what all rules ask for; the problem in words, or undefined. */
  check(model: { readonly dim: number; readonly heads: number }): string | undefined;
  /** The rule of a network whose first of `tokens` rows is the class token. */
  rule(places: PruningPlaces, tokens: number): TokenRule;
}
