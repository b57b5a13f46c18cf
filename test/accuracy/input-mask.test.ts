/** Masks of token ids: 1 for a token, 0 for padding, and nothing between. */
import test from 'ava';
import { inputsOf } from '../../src/accuracy/input-array.ts';
import { parseNpy } from '../../src/workload/import/npy.ts';
import { writeNpy } from '../../src/workload/import/npy-writer.ts';
import { tinyBert } from '../numerics/execute/tiny.ts';

test('a mask holds 1 and 0', t => {
  const ids = { path: 'x.npy', array: parseNpy(writeNpy(Int32Array.of(1, 2, 3), [1, 3])) };
  const mask = (...values: number[]) => ({
    mask: { path: 'm.npy', array: parseNpy(writeNpy(Float32Array.from(values), [1, 3])) },
  });
  t.is(inputsOf(tinyBert(), ids, mask(1, 1, 0)).length, 1);
  t.throws(() => inputsOf(tinyBert(), ids, mask(1, 0.5, 0)), {
    message: 'm.npy: a mask holds 1 and 0, not 0.5',
  });
});
