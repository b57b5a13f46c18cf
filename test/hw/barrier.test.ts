import test from 'ava';
import { Barrier } from '../../src/hw/barrier.ts';

test('the last of the parties opens a barrier, and it closes again', t => {
  const barrier = new Barrier(Int32Array.of(3, 1));
  t.deepEqual(
    [0, 0, 1, 0, 0, 0, 0].map(entry => barrier.arrive(entry)),
    [false, false, true, true, false, false, true],
  );
});
