/** scale * x plus a learned value for the distance between query and key in their window (Swin, arXiv 2103.14030, Eq. 4; LeViT, arXiv 2104.01136). */
import { distanceIndex } from '../distances.ts';
import { zeros } from '../matrix.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'relativebias',
  reduction: 'none',
  gives: 'rows',
  learns: 'rows',
  options: ['scale', 'distances'],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: false,
    why: "one product and one sum an element: one pass, as an addition; the paper's account leaves out no attention",
  },
  arithmetic: ({ id, rowLength, batch, scale = 1, distances }, learned) => {
    if (distances === undefined) throw new Error(`${id}: a relativebias without distances`);
    const tables = learned.rows(id);
    const index = distanceIndex(distances);
    const size = tables.length / distances.heads;
    return ([x]) => {
      const y = zeros(x.rows, x.columns);
      for (let row = 0, at = 0; row < x.rows; row++)
        for (let segment = 0; segment < batch; segment++) {
          const table = (segment % distances.heads) * size;
          for (let key = 0; key < rowLength; key++, at++)
            y.data[at] = scale * x.data[at] + tables[table + index[row * rowLength + key]];
        }
      return y;
    };
  },
  gradient: 'refused',
} as const satisfies VectorFunction;
