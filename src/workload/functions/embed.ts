/** BERT's input: the sum of a word, a position and a segment-type vector for each token (arXiv 1810.04805, Fig. 2). */
import { EXIT, TrexError } from '../../base/errors.ts';
import { type Matrix, zeros } from '../matrix.ts';
import type { EmbeddingTables, VectorFunction, Words } from '../vector-function.ts';

/** words.length x dim. @throws TrexError (invalid file) for an id beyond its table. */
export function embed(input: Words, tables: EmbeddingTables, dim: number): Matrix {
  const { words, types = new Int32Array(words.length), positions } = input;
  const y = zeros(words.length, dim);
  for (let i = 0; i < words.length; i++) {
    const word = rowOf(tables.words, words[i], dim, `word ${i}`);
    const type = rowOf(tables.types, types[i], dim, `segment type of word ${i}`);
    const position = rowOf(tables.positions, positions?.[i] ?? i, dim, `position of word ${i}`);
    for (let j = 0; j < dim; j++) y.data[i * dim + j] = word[j] + type[j] + position[j];
  }
  return y;
}

function rowOf(table: Float32Array, id: number, dim: number, what: string): Float32Array {
  const rows = table.length / dim;
  if (id < 0 || id >= rows)
    throw new TrexError(`${what} is ${id}: its table has rows 0 to ${rows - 1}`, EXIT.invalidFile);
  return table.subarray(id * dim, (id + 1) * dim);
}

export const vectorFunction = {
  name: 'embed',
  reduction: 'none',
  gives: 'rows',
  learns: 'tables',
  options: [],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'rows of three tables are added in one pass; looking them up is free (assumed)',
  },
  arithmetic: ({ id, rowLength }, learned) => {
    const tables = learned.embedding(id);
    return (_, words) => embed(words(), tables, rowLength);
  },
  gradient: 'kernel',
} as const satisfies VectorFunction;
