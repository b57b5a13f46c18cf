/** The input of text networks: the sum of a word, a position and a segment-type vector for each token (BERT, arXiv 1810.04805, Fig. 2), of those that there are. */
import { EXIT, TrexError } from '../../base/errors.ts';
import { type Matrix, zeros } from '../matrix.ts';
import type { EmbeddingTables, VectorFunction, Words } from '../vector-function.ts';

/** words.length x dim; the first token takes row `first` of the positions. @throws TrexError (invalid file) for an id beyond its table. */
export function embed(input: Words, tables: EmbeddingTables, dim: number, first = 0): Matrix {
  const { words, types = new Int32Array(words.length) } = input;
  const places = input.positions ?? positionsOf(words, tables.padding, first);
  const typed = tables.types.length > 0;
  const placed = tables.positions.length > 0;
  const y = zeros(words.length, dim);
  for (let i = 0; i < words.length; i++) {
    const word = rowOf(tables.words, words[i], dim, `word ${i}`);
    const position = placed ? rowOf(tables.positions, places[i], dim, `position of word ${i}`) : undefined;
    if (!typed && types[i] !== 0)
      throw new TrexError(
        `segment type of word ${i} is ${types[i]}: the network has no segment types`,
        EXIT.invalidFile,
      );
    const type = typed ? rowOf(tables.types, types[i], dim, `segment type of word ${i}`) : undefined;
    for (let j = 0; j < dim; j++)
      y.data[i * dim + j] =
        word[j] + (type === undefined ? 0 : type[j]) + (position === undefined ? 0 : position[j]);
  }
  return y;
}

/** From `first` on, one after another; with a padding token the others count from behind it, and it has its own row (transformers' create_position_ids_from_input_ids). */
export function positionsOf(words: Int32Array, padding: number | undefined, first = 0): Int32Array {
  let count = 0;
  return words.map((word, i) => {
    if (padding === undefined) return first + i;
    return word === padding ? padding : padding + ++count;
  });
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
  options: ['first'],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'rows of three tables are added in one pass; looking them up is free (assumed)',
  },
  arithmetic: ({ id, rowLength, first }, learned) => {
    const tables = learned.embedding(id);
    return (_, words) => embed(words(), tables, rowLength, first);
  },
  gradient: 'kernel',
} as const satisfies VectorFunction;
