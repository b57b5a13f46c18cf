import test from 'ava';
import { readSamples } from '../../src/accuracy/samples.ts';
import { TrexError } from '../../src/base/errors.ts';
import { badFile } from '../../src/data/bad-file.ts';
import type { DataSet, Item } from '../../src/data/data-set.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
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

test('a text loses what its mask leaves out, and its tokens keep their positions', async t => {
  const bert = tinyBert({ pooler: 'run', classes: 2 });
  const text = (mask: number[], input = [1, 2, 0, 3]): Item => ({
    input: Int32Array.from(input),
    shape: [input.length],
    label: 1,
    name: 't',
    types: Int32Array.of(0, 1, 0, 1),
    mask: Uint8Array.from(mask),
  });
  const input = async (item: Item, model: ModelConfig = bert) =>
    (await (await readSamples(setOf(item), model)).sample(0))?.input;
  t.deepEqual(await input(text([1, 1, 0, 0])), { words: Int32Array.of(1, 2), types: Int32Array.of(0, 1) });
  t.deepEqual(await input(text([1, 0, 0, 1])), {
    words: Int32Array.of(1, 3),
    types: Int32Array.of(0, 1),
    positions: Int32Array.of(0, 3),
  });
  await t.throwsAsync(input(text([0, 0, 1, 1])), {
    message: /t: its mask leaves out the first token, by which tiny classifies .*: pad on the right$/,
  });
  await t.throwsAsync(input(text([0, 0, 0, 0])), { message: /leaves no token/ });
  await t.throwsAsync(input(text([1, 1, 0, 0], [1, 20, 0, 0])), {
    message: /token 20; tiny has a vocabulary of 20/,
  });
  const long = Array.from({ length: 12 }, (_, i) => i);
  const eleventh = long.map(i => (i === 0 || i === 10 ? 1 : 0));
  await t.throwsAsync(input({ ...text(eleventh, long), types: new Int32Array(12) }), {
    message: /11 tokens; tiny has positions for 10/,
  });
});
