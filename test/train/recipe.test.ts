/** Recipes and the learning rate. */
import test from 'ava';
import { defaultRecipe, fullRecipe, learningRate } from '../../src/train/recipe.ts';

test('the rate climbs in a line over the warm-up and falls as a cosine to its final share', t => {
  const recipe = fullRecipe({ rate: 2, finalRate: 0.1, warmup: 2 });
  const rates = Array.from({ length: 100 }, (_, step) => learningRate(recipe, step, 100, 10));
  t.is(rates[0], 2 / 20);
  t.is(rates[19], 2);
  t.is(rates[20], 2);
  t.true(Math.abs(rates[60] - (0.2 + 1.8 / 2)) < 1e-12);
  t.true(rates[99] > 0.2 && rates[99] < 0.21);
  for (let i = 21; i < 100; i++) t.true(rates[i] < rates[i - 1]);
});

test('a warm-up longer than the run never leaves a step without rate', t => {
  const recipe = fullRecipe({ warmup: 50 });
  for (let step = 0; step < 3; step++) t.true(learningRate(recipe, step, 3, 1) > 0);
});

test('settings out of range are named', t => {
  t.deepEqual(fullRecipe(), defaultRecipe);
  for (const [bad, message] of [
    [{ epochs: 0.5 }, /epochs 0.5: expected a whole number from 1/],
    [{ rate: Number.NaN }, /rate NaN/],
    [{ fraction: 0 }, /fraction 0: expected above 0, at most 1/],
    [{ labelSmoothing: 2 }, /labelSmoothing 2: expected from 0 to 0.9/],
  ] as const)
    t.throws(() => fullRecipe(bad), { message });
});
