import test from 'ava';
import { readSamples, unpadded } from '../../src/accuracy/samples.ts';
import { TrexError } from '../../src/base/errors.ts';
import { badFile } from '../../src/data/bad-file.ts';
import type { DataSet, Item } from '../../src/data/data-set.ts';
import { tinyBert, tinyVit } from '../numerics/execute/tiny.ts';

const model = tinyVit();

const image = (label: number, value = 0): Item => ({
  input: new Float32Array(3 * 12 * 12).fill(value),
  shape: [3, 12, 12],
  label,
  name: `item of ${label}`,
});

const setOf = (...items: (Item | Error)[]): DataSet => ({
  name: 'set',
  size: items.length,
  kind: 'tensor',
  async item(index) {
    const item = items[index];
    if (item instanceof Error) throw item;
    return item;
  },
});

test('a bad input stops the run, or is left out and counted', async t => {
  const set = setOf(image(0), badFile('b.png', 'no image'), image(1));
  await t.throwsAsync(readSamples(set, model), { instanceOf: TrexError, message: 'b.png: no image' });
  const samples = await readSamples(set, model, { skipBad: true });
  t.deepEqual(samples.skipped, [{ name: 'set#1', reason: 'b.png: no image' }]);
  t.is(await samples.sample(1), undefined);
  t.is((await samples.sample(2))?.label, 1);
});

test('nothing left is an error', async t => {
  await t.throwsAsync(readSamples(setOf(badFile('b', 'x')), model, { skipBad: true }), {
    message: /none of 1 inputs decodes/,
  });
});

test('the hash knows values, labels and order', async t => {
  const hash = async (...items: Item[]) => (await readSamples(setOf(...items), model)).sha256;
  const first = await hash(image(0), image(1));
  t.is(await hash(image(0), image(1)), first);
  t.not(await hash(image(1), image(0)), first);
  t.not(await hash(image(0), image(1, 1e-30)), first);
  t.not(await hash(image(0), { ...image(1), label: 2 }), first);
  t.regex(first, /^[0-9a-f]{64}$/);
});

test('an input that does not fit the network is told with its name', async t => {
  const refused: [Item, RegExp][] = [
    [{ ...image(0), shape: [3, 16, 16] }, /item of 0: shape \[3,16,16\]; tiny runs on images of \[3,12,12\]/],
    [image(5), /item of 5: label 5, but tiny has 5 classes/],
    [{ input: Int32Array.of(1), shape: [1], label: 0, name: 'w' }, /w: shape \[1\]/],
  ];
  for (const [item, message] of refused)
    await t.throwsAsync(readSamples(setOf(item), model), { instanceOf: TrexError, message });
});

test('a text loses its padding, and only padding at the end', async t => {
  t.is(unpadded(Uint8Array.of(1, 1, 0), 3, 'x'), 2);
  t.is(unpadded(undefined, 3, 'x'), 3);
  t.throws(() => unpadded(Uint8Array.of(1, 0, 1), 3, 'x'), { message: /gaps/ });
  t.throws(() => unpadded(Uint8Array.of(0, 1), 2, 'x'), { message: /no token/ });
  const bert = tinyBert({ pooler: 'run', classes: 2 });
  const text: Item = {
    input: Int32Array.of(1, 2, 0),
    shape: [3],
    label: 1,
    name: 't',
    types: Int32Array.of(0, 1, 0),
    mask: Uint8Array.of(1, 1, 0),
  };
  const samples = await readSamples(setOf(text), bert);
  t.deepEqual((await samples.sample(0))?.input, { words: Int32Array.of(1, 2), types: Int32Array.of(0, 1) });
  await t.throwsAsync(readSamples(setOf({ ...text, input: Int32Array.of(1, 20, 0) }), bert), {
    message: /token 20; tiny has a vocabulary of 20/,
  });
});
