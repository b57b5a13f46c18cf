/** DynamicViT's token pruning (Rao et al., arXiv 2106.02034): a predictor scores the patches before some encoders, and only the best go on. */
import type { GraphBuilder, Place } from '../builder.ts';
import type { EncoderShape } from '../encoder-shape.ts';
import {
  keptAt,
  type PruningPlaces,
  type PruningRule,
  placesOf,
  roundedDown,
  type TokenRule,
} from '../token-rule.ts';

function dynamicVit(places: PruningPlaces, tokens: number): TokenRule {
  return {
    before(b, shape, encoder, x) {
      const stage = placesOf(places).indexOf(encoder);
      if (stage < 0) return undefined;
      const counts = { image: tokens - 1, left: shape.tokens - 1 };
      const kept = 1 + keptAt(places, stage, counts, roundedDown);
      // A share of 1 is no predictor; where counts are of one input, it has been asked.
      if (kept === shape.tokens && places.patches === undefined) return undefined;
      const scores = addPredictor(b, shape, stage, x);
      const change = { from: shape.tokens, to: kept, width: shape.dim, change: 'keep', start: 0 } as const;
      return { id: b.tokens(at(stage, 'keep'), x, change, scores), tokens: kept };
    },
  };
}

/** Two scores per patch (keep, drop), from its own channels and the mean of half of them over all patches. */
function addPredictor(b: GraphBuilder, s: EncoderShape, stage: number, x: string): string {
  const { dim, normEps } = s;
  const rows = s.tokens - 1;
  const change = { from: s.tokens, to: rows, width: dim, change: 'slice', start: 1 } as const;
  const patches = b.tokens(at(stage, 'patches'), x, change);
  const normed = b.layerNorm(at(stage, 'norm'), patches, rows, dim, normEps);
  const local = b.linear(at(stage, 'fc0'), normed, { rows, in: dim, out: dim });
  const active = b.vector(at(stage, 'gelu0'), 'gelu', [local], { rows, rowLength: dim });
  let y = b.vector(at(stage, 'mean'), 'halfmean', [active], { rows, rowLength: dim });
  y = b.linear(at(stage, 'fc1'), y, { rows, in: dim, out: dim / 2 });
  y = b.vector(at(stage, 'gelu1'), 'gelu', [y], { rows, rowLength: dim / 2 });
  y = b.linear(at(stage, 'fc2'), y, { rows, in: dim / 2, out: dim / 4 });
  y = b.vector(at(stage, 'gelu2'), 'gelu', [y], { rows, rowLength: dim / 4 });
  return b.linear(at(stage, 'fc3'), y, { rows, in: dim / 4, out: 2 });
}

const at = (stage: number, name: string): Place => ({
  id: `predictor${stage}.${name}`,
  stage: 'predictor',
  encoder: null,
});

export const pruningRule = {
  by: 'predictor',
  describe: 'a predictor of its own (DynamicViT)',
  within: false,
  fuses: false,
  // The score is keep over drop: the logit of the share that their softmax gives to keep.
  threshold: {
    describe: "the predictor's share of keeping the patch",
    range: [0, 1],
    usual: 0.5,
    goesOn: (score, threshold) => 1 / (1 + Math.exp(-score)) >= threshold,
  },
  check: ({ dim }) => (dim % 4 === 0 ? undefined : `the predictor needs a dim that 4 divides, not ${dim}`),
  rule: dynamicVit,
} as const satisfies PruningRule;
