import test from 'ava';
import { answerIn, evaluationOf } from '../../../src/optimize/node/answer.ts';

/** What is wrong with a line as an answer. */
function why(line: string): string {
  const answer = answerIn(line);
  if (answer === undefined) return 'chatter';
  try {
    evaluationOf(answer);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
}

test('answers that make no sense say what they lack', t => {
  t.is(why('{"id": "a", "loss": 1}'), 'accepted');
  t.is(why('{"id": "a", "loss": 0, "accuracy": 0.5, "more": 3}'), 'accepted');
  t.regex(why('{"id": "a", "loss": "low"}'), /^its answer has no loss that is a number/);
  t.regex(why('{"id": "a", "loss": 1e999}'), /^its answer has no loss that is a number/);
  t.regex(why('{"id": "a"}'), /no loss/);
  t.is(why('{"id": "a", "loss": -0.25}'), 'its loss is -0.25: a cross-entropy is at least 0');
  t.regex(why('{"id": "a", "loss": 1, "accuracy": 75}'), /^its accuracy is no number from -1 to 1/);
  t.regex(why('{"id": "a", "loss": 1, "weights": 3}'), /^its weights are no path/);
  t.regex(why('{"id": "a", "loss": 1, "weights": "/no/such/file"}'), /^its weights cannot be read: ENOENT/);
  t.is(why('{"id": "a", "error": "out of memory"}'), 'out of memory');
});

test("Python's NaN and Infinity are values, not log lines", t => {
  t.regex(why('{"id": "a", "loss": NaN}'), /^its answer has no loss that is a number: .*NaN/);
  t.regex(why('{"id": "a", "loss": -Infinity, "accuracy": 0}'), /^its answer has no loss that is a number/);
  t.regex(why('{"loss": 1, "accuracy": NaN}'), /^its accuracy is no number/);
});

test('what is no JSON object is chatter', t => {
  for (const line of ['epoch 3', "{'loss': 2.3}", '[1]', '{', '{"loss": 2.3', 'null'])
    t.is(why(line), 'chatter');
});
