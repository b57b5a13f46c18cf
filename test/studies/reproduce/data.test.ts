/** The parts of a task, and the linear classifier on them. */
import test from 'ava';
import { loadModel } from '../../../src/run/node/load.ts';
import { taskData } from '../../../studies/reproduce/data.ts';
import { linearAccuracy } from '../../../studies/reproduce/linear.ts';
import { fullStudy } from '../../../studies/reproduce/tasks.ts';

const sizes = { train: 24, validation: 12, test: 12 };

test('glyphs: validation images are none of the training or test images', async t => {
  const { model } = loadModel('glyph-vit');
  const { train, validation, test: held } = await taskData({ ...fullStudy.glyphs, sizes }, model, 1);
  t.is(train.labels.length, 24);
  t.is(held.size, 12);
  const image = (values: ArrayLike<number>, i: number): string =>
    Array.from(values)
      .slice(i * 400, (i + 1) * 400)
      .join();
  const seen = new Set(Array.from({ length: 24 }, (_, i) => image(train.inputs, i)));
  for (let i = 0; i < 12; i++) {
    t.false(seen.has(image(validation.inputs, i)));
    t.false(seen.has(image((await held.item(i)).input, 0)));
  }
});

test('grammar: words of every sentence are in the vocabulary of the network', async t => {
  const { model } = loadModel('grammar-bert');
  const { train, test: held } = await taskData({ ...fullStudy.grammar, sizes }, model, 1);
  t.is(held.vocabulary, 'vocabulary' in model ? model.vocabulary : 0);
  // [UNK] is word 1.
  t.false(Array.from(train.inputs).includes(1));
  t.true((train.lengths as Int32Array).every(length => length >= 4 && length <= model.tokens));
});

test('softmax regression finds classes that a plane separates, and no others', t => {
  const count = 400;
  const inputs = Float32Array.from({ length: 2 * count }, (_, i) => Math.sin(7.3 * i * i + 0.5 * i));
  const labels = (of: (x: number, y: number) => boolean) =>
    Int32Array.from({ length: count }, (_, i) => (of(inputs[2 * i], inputs[2 * i + 1]) ? 1 : 0));
  const plane = { inputs, labels: labels((x, y) => x + y > 0) };
  const exclusive = { inputs, labels: labels((x, y) => x * y > 0) };
  t.true(linearAccuracy(plane, plane, 2, 1) > 0.97);
  t.true(linearAccuracy(exclusive, exclusive, 2, 1) < 0.7);
});
