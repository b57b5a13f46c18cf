/** A learned row for each word, or for the segment type of each word: an embedding by itself (torch.nn.Embedding, ONNX's Gather on a table). */
import { EXIT, TrexError } from '../../base/errors.ts';
import { zeros } from '../matrix.ts';
import type { VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'lookup',
  reduction: 'none',
  gives: 'rows',
  learns: 'rows',
  options: ['formula'],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: true,
    why: 'a row is read and handed on in one pass (assumed, as embeddings are)',
  },
  arithmetic: ({ id, rowLength, formula }, learned) => {
    const table = learned.rows(id);
    const rows = table.length / rowLength;
    return (_, words) => {
      const input = words();
      if (input.positions !== undefined)
        throw new TrexError(
          'the mask leaves out tokens before others, which this graph cannot: pad on the right',
          EXIT.invalidFile,
        );
      const ids = formula === 'types' ? (input.types ?? new Int32Array(input.words.length)) : input.words;
      const y = zeros(ids.length, rowLength);
      for (const [i, word] of ids.entries()) {
        if (word < 0 || word >= rows)
          throw new TrexError(`word ${i} is ${word}: its table has rows 0 to ${rows - 1}`, EXIT.invalidFile);
        y.data.set(table.subarray(word * rowLength, (word + 1) * rowLength), i * rowLength);
      }
      return y;
    };
  },
  gradient: 'refused',
} as const satisfies VectorFunction;
