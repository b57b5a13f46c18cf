import test from 'ava';
import fc from 'fast-check';
import { EXIT, TrexError } from '../../src/base/errors.ts';
import { sealedBytes } from '../../src/base/sealed.ts';
import { readState, stateBytes, type TrainState } from '../../src/train/state.ts';
import { writeSafetensors } from '../../src/workload/import/safetensors-writer.ts';

const values = (from: number): Float32Array => Float32Array.from({ length: 40 }, (_, i) => from + i / 8);
const state: TrainState = {
  fingerprint: 'abc',
  epoch: 2,
  step: 10,
  history: [
    { epoch: 1, loss: 2.5, accuracy: 0.25, validationLoss: 2 },
    { epoch: 2, loss: 1.5, accuracy: null, validationLoss: null },
  ],
  best: 1,
  vector: values(0),
  first: values(1),
  second: values(2),
  bestVector: values(3),
};

function failure(bytes: Uint8Array): TrexError {
  try {
    readState(bytes, 'abc', 40);
  } catch (error) {
    if (error instanceof TrexError) return error;
    throw error;
  }
  throw new Error('accepted');
}

test('a state comes back as it was', t => {
  t.deepEqual(readState(stateBytes(state), 'abc', 40), state);
});

test('a state with any changed byte is refused in one line', t => {
  const good = stateBytes(state);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const other = good.slice();
      other[at] ^= flip;
      const { message, exitCode } = failure(other);
      t.regex(message, /^checkpoint: has (no )?checksum.*: remove it to begin anew$/);
      t.is(exitCode, EXIT.invalidFile);
    }),
    { numRuns: 500, seed: 1 },
  );
});

test('sealed nonsense is refused by its schema, an older version by its checksum that is not there', t => {
  const sealed = (text: string): Uint8Array =>
    sealedBytes(writeSafetensors(new Map(), { version: '2', state: text }));
  for (const text of ['', '7', '{"epoch":"x"}', JSON.stringify({ fingerprint: 'abc', epoch: -1 })])
    t.regex(failure(sealed(text)).message, /^checkpoint: its header is not that of a training/);
  const old = writeSafetensors(new Map(), { version: '1', state: '{}' });
  t.regex(failure(old).message, /^checkpoint: has no checksum/);
});
