/** scale * x plus a learned value for the distance between query and key in their window (Swin, arXiv 2103.14030, Eq. 4; LeViT, arXiv 2104.01136), and a mask between pixels that a shift has brought together. */
import { distanceIndex } from '../distances.ts';
import { zeros } from '../matrix.ts';
import { shiftedParts } from '../shifted-parts.ts';
import type { VectorFunction } from '../vector-function.ts';

/** What pixels from two sides of the image's edge get instead of minus infinity (microsoft/Swin-Transformer). */
const MASK = -100;

export const vectorFunction = {
  name: 'relativebias',
  reduction: 'none',
  gives: 'rows',
  learns: 'rows',
  options: ['scale', 'distances', 'grid', 'shift'],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: false,
    why: "one product and one sum an element, of the value and the mask in one: one pass, as an addition; the paper's account leaves out no attention",
  },
  arithmetic: ({ id, rowLength, batch, scale = 1, distances, grid, shift = 0 }, learned) => {
    if (distances === undefined) throw new Error(`${id}: a relativebias without distances`);
    const tables = learned.rows(id);
    const index = distanceIndex(distances);
    const { window, heads } = distances;
    const size = tables.length / heads;
    if (shift > 0 && grid === undefined) throw new Error(`${id}: a shift without a grid`);
    const parts = shift > 0 && grid !== undefined ? shiftedParts(grid, window, shift) : undefined;
    return ([x]) => {
      const y = zeros(x.rows, x.columns);
      for (let row = 0, at = 0; row < x.rows; row++)
        for (let segment = 0; segment < batch; segment++) {
          const table = (segment % heads) * size;
          const part = parts?.[Math.floor(segment / heads)];
          for (let key = 0; key < rowLength; key++, at++) {
            const mask = part === undefined || part[row] === part[key] ? 0 : MASK;
            y.data[at] = scale * x.data[at] + tables[table + index[row * rowLength + key]] + mask;
          }
        }
      return y;
    };
  },
  // The mask is the same whatever the values are.
  gradient: {
    backward: ({ id, rowLength, batch, scale = 1, distances }) => {
      if (distances === undefined) throw new Error(`${id}: a relativebias without distances`);
      const index = distanceIndex(distances);
      const { heads } = distances;
      return ({ operands: [x, tables], by }, [dx, dTables]) => {
        const size = tables.columns / heads;
        for (let row = 0, at = 0; row < x.rows; row++)
          for (let segment = 0; segment < batch; segment++) {
            const table = (segment % heads) * size;
            for (let key = 0; key < rowLength; key++, at++) {
              if (dx !== undefined) dx[at] += scale * by.data[at];
              if (dTables !== undefined) dTables[table + index[row * rowLength + key]] += by.data[at];
            }
          }
      };
    },
  },
} as const satisfies VectorFunction;
