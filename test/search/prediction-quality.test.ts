/** How good a prediction is, held against trainings. */
import test from 'ava';
import { predictionQuality, qualityText } from '../../src/search/prediction-quality.ts';

test('the quality of a prediction is that of all trainings, and of those with pruned tokens', t => {
  const of = (loss: number, share: number) => ({ encoders: [1], keep: [1, 1, share], keepLoss: 0, loss });
  const samples = [of(1, 1), of(2, 0.7), of(3, 1), of(4, 0.7), of(5, 0.9)];
  t.deepEqual(predictionQuality(samples, [0, 3, 2, 2.5, 9]), {
    trainings: 5,
    rankCorrelation: 0.7,
    pruned: { trainings: 3, rankCorrelation: 0.5 },
  });
  const none = predictionQuality(samples.slice(0, 1), [1]);
  t.is(none.rankCorrelation, null);
  t.regex(qualityText(none), /none of 1, none of the 0 with pruned tokens/);
});
