/** SPViT's token selector (Kong et al., ECCV 2022, arXiv 2112.13890; PeiyanFlying/SPViT vit_l2_3keep_senet.py): a predictor that all heads share scores the patches head by head, heads are weighted patch by patch, and the patches that go become one package token. */
import type { GraphBuilder, Place } from '../builder.ts';
import type { EncoderShape } from '../encoder-shape.ts';
import { joinedRows, permuted, reshaped, type Values } from '../reorder.ts';
import { square } from '../size.ts';
import {
  keptAt,
  type PruningPlaces,
  type PruningRule,
  placesOf,
  roundedDown,
  type TokenRule,
} from '../token-rule.ts';

const at = (stage: number, name: string): Place => ({
  id: `selector${stage}.${name}`,
  stage: 'predictor',
  encoder: null,
});

/** Packages stand behind the patches, are scored as they are, and always go on. */
function headPredictors(places: PruningPlaces, tokens: number): TokenRule {
  let packages = 0;
  return {
    before(b, shape, encoder, x) {
      const stage = placesOf(places).indexOf(encoder);
      if (stage < 0) return undefined;
      const { tokens: from, dim: width } = shape;
      const patches = from - 1 - packages;
      const kept = keptAt(places, stage, { image: tokens - 1, left: patches }, roundedDown);
      if (kept === patches && places.patches === undefined) return undefined;
      const cut = (name: string, of: Values, start: number, to: number): Values => {
        const change = { from: of.rows, to, width: of.columns, change: 'slice', start } as const;
        return { id: b.tokens(at(stage, name), of.id, change), rows: to, columns: of.columns };
      };
      const all = { id: x, rows: from, columns: width };
      const scores = addScores(b, shape, stage, cut('spatial', all, 1, from - 1));
      if (kept === patches) return undefined;
      const own = packages === 0 ? scores : cut('patchScores', scores, 0, patches);
      const front = packages === 0 ? all : cut('front', all, 0, 1 + patches);
      const choice = { start: 0, scoreColumns: 1 } as const;
      const keep = { ...choice, from: 1 + patches, to: 1 + kept, width, change: 'keep' } as const;
      const left = b.tokens(at(stage, 'keep'), front.id, keep, own.id);
      const to = patches - kept;
      const rest = { ...choice, from: 1 + patches, to, width, change: 'rest' } as const;
      const gone = b.tokens(at(stage, 'rest'), front.id, rest, own.id);
      const weighing = { ...rest, from: patches, width: 1, firstAbsent: true } as const;
      const weights = b.tokens(at(stage, 'restScores'), own.id, weighing, own.id);
      const sizes = { rows: to, rowLength: width };
      const weighted = b.vector(at(stage, 'weighted'), 'multiply', [gone, weights], {
        ...sizes,
        second: 'segment',
      });
      const pack = { id: b.vector(at(stage, 'package'), 'sum', [weighted], sizes), rows: 1, columns: width };
      const older = packages === 0 ? [] : [cut('packages', all, 1 + patches, packages)];
      const joined = joinedRows(b, at(stage, 'join'), [
        { id: left, rows: 1 + kept, columns: width },
        ...older,
        pack,
      ]);
      packages++;
      return { id: joined.id, tokens: joined.rows };
    },
  };
}

/** One score of each row: what the heads say of keeping it, weighted by how much each head counts there. */
function addScores(b: GraphBuilder, s: EncoderShape, stage: number, x: Values): Values {
  const { dim, heads, normEps } = s;
  const { rows } = x;
  const d = dim / heads;
  const place = (name: string): Place => at(stage, name);
  const column = { rows, columns: 1 };
  // How much each head counts: its mean, through two layers.
  const means = meanOfSegments(b, place, 'head', x, heads);
  const squeezed = b.linear(place('squeeze'), means.id, { rows, in: heads, out: heads / 2 });
  const active = b.vector(place('squeezeGelu'), 'gelu', [squeezed], { rows, rowLength: heads / 2 });
  const excited = b.linear(place('excite'), active, { rows, in: heads / 2, out: heads });
  const weights = b.vector(place('weights'), 'sigmoid', [excited], { rows, rowLength: heads });
  // One predictor for all heads: local half, and the mean of the other half.
  const copies = { filters: 1, order: 'tiled' } as const;
  const layer = (name: string, from: string, inSize: number, out: number): string =>
    b.grouped(place(name), from, { rows, groups: heads, in: inSize, out, copies });
  const gelu = (name: string, from: string, rowLength: number): string =>
    b.vector(place(name), 'gelu', [from], { rows, rowLength, batch: heads });
  const sizes = { rows, rowLength: d, batch: heads };
  let y = b.vector(place('norm'), 'layernorm', [x.id], { ...sizes, parameters: 2 * d, eps: normEps });
  y = b.vector(place('mean'), 'halfmean', [gelu('gelu0', layer('fc0', y, d, d), d)], sizes);
  y = gelu('gelu1', layer('fc1', y, d, d / 2), d / 2);
  y = gelu('gelu2', layer('fc2', y, d / 2, d / 4), d / 4);
  y = layer('fc3', y, d / 4, 2);
  y = b.vector(place('softmax'), 'softmax', [y], { rows, rowLength: 2, batch: heads });
  const pairs = { id: y, rows, columns: 2 * heads };
  const take = { dim: 2, start: 0, size: 1 };
  const order = { dims: [rows, heads, 2], axes: [0, 1, 2], take };
  const keep = permuted(b, place('keepScores'), pairs, order, { rows, columns: heads });
  const shape = { rows, rowLength: heads };
  const product = b.vector(place('product'), 'multiply', [keep.id, weights], shape);
  const mean = (name: string, id: string): string =>
    meanOfSegments(b, place, name, { id, rows, columns: heads }, 1).id;
  const [over, under] = [mean('weighted', product), mean('total', weights)];
  const id = b.vector(place('score'), 'divide', [over, under], { rows, rowLength: 1 });
  return { id, ...column };
}

/** The mean of each of `segments` segments of every row. */
function meanOfSegments(
  b: GraphBuilder,
  place: (name: string) => Place,
  name: string,
  x: Values,
  segments: number,
): Values {
  const { rows, columns } = x;
  const line = reshaped(b, place(`${name}In`), x, { rows: rows * columns, columns: 1 });
  const kernel = { height: 1, width: columns / segments };
  const window = {
    kernel,
    stride: kernel,
    padding: square(0),
    inChannels: 1,
    input: { height: rows, width: columns },
    output: { height: rows, width: segments },
  };
  const pooled = b.vector(place(`${name}Mean`), 'avgpool', [line.id], {
    rows: rows * columns,
    rowLength: 1,
    window,
  });
  const all = { id: pooled, rows: rows * segments, columns: 1 };
  return reshaped(b, place(`${name}Out`), all, { rows, columns: segments });
}

export const pruningRule = {
  by: 'head-predictors',
  describe: 'a predictor that all heads share (SPViT)',
  within: false,
  fuses: false,
  check({ dim, heads }) {
    if (heads % 2 !== 0) return `its weighing of heads needs an even number of them, not ${heads}`;
    const d = dim / heads;
    return d % 4 === 0 ? undefined : `its predictor needs heads of a width that 4 divides, not ${d}`;
  },
  rule: headPredictors,
} as const satisfies PruningRule;
