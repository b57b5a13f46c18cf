/** The folder of an optimisation: what is damaged in it is done again, and said. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { openStore, WEIGHTS } from '../../../src/optimize/node/folder-store.ts';
import type { TrainedOutcome } from '../../../src/optimize/store.ts';

const root = mkdtempSync(join(tmpdir(), 'trex-store-'));
test.after.always(() => rmSync(root, { recursive: true, force: true }));

async function open(dir: string) {
  const damage: string[] = [];
  const begin = { version: '1', seed: 1 };
  const onDamage = (message: string): void => void damage.push(message);
  const store = await openStore({
    dir,
    command: 'trex optimize',
    begin,
    force: false,
    results: [],
    onDamage,
  });
  return { store, damage };
}

const outcome = (loss: number): TrainedOutcome => ({
  loss,
  accuracy: null,
  lossHistory: [loss],
  warnings: [],
});
const flipped = (path: string, at: number, flip: number): void => {
  const bytes = readFileSync(path);
  bytes[at % bytes.length] ^= flip;
  writeFileSync(path, bytes);
};

test('a checkpoint with any changed byte is not taken up', async t => {
  const dir = mkdtempSync(join(root, 'f'));
  const { store, damage } = await open(dir);
  const path = join(dir, 'checkpoint.bin');
  const state = Uint8Array.from({ length: 200 }, (_, i) => (i * 7) % 256);
  const checkpoint = store.checkpoint('partial a');
  checkpoint.save(state);
  t.deepEqual(checkpoint.load(), state);
  t.is(store.checkpoint('partial b').load(), undefined, 'of another job');
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      checkpoint.save(state);
      flipped(path, at, flip);
      const before = damage.length;
      t.is(checkpoint.load(), undefined);
      t.regex(
        damage[before],
        /checkpoint\.bin: has (no )?checksum.*; the training that it is of begins anew$/,
      );
    }),
    { numRuns: 300, seed: 2 },
  );
  store.close();
});

test('weights that are not those that a job left are made again; those of a later job replace them', async t => {
  const dir = mkdtempSync(join(root, 'f'));
  const first = await open(dir);
  first.store.finish('base', 'base', outcome(1), Uint8Array.of(1, 2, 3));
  first.store.finish('final a', 'final', outcome(2), Uint8Array.of(4));
  first.store.finish('final b', 'final', outcome(3), Uint8Array.of(5));
  first.store.measure('CKA', [[1]]);
  first.store.close();
  const second = await open(dir);
  t.deepEqual([...second.store.outcomes.keys()], ['base', 'final b']);
  t.deepEqual(second.store.measured.get('CKA'), [[1]]);
  t.deepEqual(second.damage, []);
  second.store.close();
  flipped(join(dir, WEIGHTS.base), 1, 8);
  rmSync(join(dir, WEIGHTS.final));
  const third = await open(dir);
  t.deepEqual([...third.store.outcomes], []);
  t.regex(third.damage[0], /base\.safetensors: has checksum .*, expected .*; base is trained again$/);
  t.regex(third.damage[1], /weights\.safetensors: is not there any more; final b is trained again$/);
  third.store.close();
});
