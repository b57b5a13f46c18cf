/** What experts made of the rows that chose them, back in the order of the rows: the sum of a row's experts, weighted by their scores over the sum of those (Mixtral, arXiv 2401.04088; one expert: its row as it is, GATECH-EIC/ShiftAddViT pvt/fmoe_new.py, NaiveGate). */
import { zeros } from '../matrix.ts';
import { expertsOf } from '../routes.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'combine',
  reduction: 'column',
  gives: 'routed',
  learns: 'nothing',
  options: ['routes'],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'a row of each expert is fetched and added, weighted, at the place of its token: one pass an element, as an addition',
  },
  // Operands: the rows of the first expert, of the second, ...; scores, rows x experts, above zero.
  arithmetic: op => {
    const { top = 1 } = op.routes ?? {};
    return ([x, scores]) => {
      const y = zeros(scores.rows, x.columns);
      const chosen = Array.from({ length: scores.rows }, (_, row) => expertsOf(scores, row, top));
      let from = 0;
      for (let expert = 0; expert < scores.columns; expert++)
        for (const [row, experts] of chosen.entries()) {
          if (!experts.includes(expert)) continue;
          const score = (e: number): number => scores.data[row * scores.columns + e];
          const share = top === 1 ? 1 : score(expert) / experts.reduce((sum, e) => sum + score(e), 0);
          for (let j = 0; j < x.columns; j++) y.data[row * x.columns + j] += share * x.data[from++];
        }
      return y;
    };
  },
  gradient: 'refused',
} as const satisfies VectorFunction;
