/** A-ViT's halting (Yin et al., CVPR 2022, arXiv 2112.07658; NVlabs/A-ViT timm/models/act_vision_transformer.py): the first column of a token says how much nearer it is to being done, and those that have added up most go. How many go where is data dependent: the model file gives it. */
import type { GraphBuilder, Place } from '../builder.ts';
import type { EncoderShape } from '../encoder-shape.ts';
import { permuted, type Values } from '../reorder.ts';
import {
  keptAt,
  type PruningPlaces,
  type PruningRule,
  placesOf,
  roundedDown,
  type TokenRule,
} from '../token-rule.ts';

/** sigmoid(scale x - center): gate_scale and gate_center of its released trainings, one of which has a center of 75. */
const [GATE_SCALE, GATE_CENTER] = [10, 30];

const at = (encoder: number, name: string): Place => ({
  id: `halting${encoder}.${name}`,
  stage: 'predictor',
  encoder: null,
});

/** Not here: the weighted sum of the class token over the encoders, which its head reads (a vector addition an encoder). */
function halting(places: PruningPlaces, tokens: number): TokenRule {
  const before = placesOf(places);
  const last = before[before.length - 1];
  let sum: Values | undefined;
  return {
    before(b, shape, i, x) {
      // Halting is of what an encoder gives.
      if (i === 0 || i > last) return undefined;
      const now = addHalting(b, shape, i, x);
      const { rows } = now;
      if (sum === undefined) sum = now;
      else {
        const id = b.vector(at(i, 'sum'), 'add', [sum.id, now.id], { rows, rowLength: 1 });
        sum = { id, rows, columns: 1 };
      }
      const stage = before.indexOf(i);
      if (stage < 0) return undefined;
      const kept = 1 + keptAt(places, stage, { image: tokens - 1, left: rows - 1 }, roundedDown);
      if (kept === rows && places.patches === undefined) return undefined;
      // Those that are least done go on.
      const undone = b.vector(at(i, 'undone'), 'scale', [sum.id], { rows, rowLength: 1, scale: -1 });
      const slice = { from: rows, to: rows - 1, width: 1, change: 'slice', start: 1 } as const;
      const scores = b.tokens(at(i, 'scores'), undone, slice);
      const change = { from: rows, to: kept, change: 'keep', start: 0, scoreColumns: 1 } as const;
      if (i < last) {
        const id = b.tokens(at(i, 'keepSum'), sum.id, { ...change, width: 1 }, scores);
        sum = { id, rows: kept, columns: 1 };
      }
      return { id: b.tokens(at(i, 'keep'), x, { ...change, width: shape.dim }, scores), tokens: kept };
    },
  };
}

/** How much nearer each token has come: tokens x 1. */
function addHalting(b: GraphBuilder, { tokens: rows, dim }: EncoderShape, i: number, x: string): Values {
  const take = { dim: 1, start: 0, size: 1 };
  const order = { dims: [rows, dim], axes: [0, 1], take };
  const column = { rows, columns: 1 };
  const first = permuted(b, at(i, 'first'), { id: x, rows, columns: dim }, order, column);
  const shape = { rows, rowLength: 1, scale: GATE_SCALE, offset: -GATE_CENTER };
  return { id: b.vector(at(i, 'gate'), 'sigmoid', [first.id], shape), ...column };
}

export const pruningRule = {
  by: 'halting',
  describe: 'how much the first column of the tokens adds up to (A-ViT)',
  within: false,
  fuses: false,
  anywhere: true,
  // The score is what it adds up to, with a minus. A-ViT's epsilon is 0.01.
  threshold: {
    describe: 'what its halting scores add up to',
    range: [0, 1],
    usual: 0.99,
    goesOn: (score, threshold) => -score < threshold,
  },
  check: () => undefined,
  rule: halting,
} as const satisfies PruningRule;
