/** The loss and its derivatives. */
import test from 'ava';
import {
  argMax,
  LAMBDA_FEATURES,
  LAMBDA_SOFT,
  logSoftmax,
  sampleLoss,
} from '../../../src/train/step/loss.ts';

const logits = Float32Array.of(1, -2, 0.5);
const features = Float32Array.of(0.3, -1, 2, 0.1);
const taught = { logits: Float32Array.of(2, 0, -1), features: Float32Array.of(1, 0, -0.5, 0.25) };
const sample = { logits, features, label: 1, taught };
const into = (dl: Float32Array, df: Float32Array, share = 1) => ({ share, logits: dl, features: df });

test('without smoothing and teacher it is the cross-entropy, its derivative softmax less one-hot', t => {
  const [dl, df] = [new Float32Array(3), new Float32Array(4)];
  const plain = { labelSmoothing: 0, softLabels: 0, features: 0 };
  const loss = sampleLoss({ logits, features, label: 2, taught: undefined }, plain, into(dl, df));
  const e = [...logits].map(Math.exp);
  const sum = e[0] + e[1] + e[2];
  t.true(Math.abs(loss + Math.log(e[2] / sum)) < 1e-12);
  t.true(Math.abs(dl[0] - e[0] / sum) < 1e-7 && Math.abs(dl[2] - (e[2] / sum - 1)) < 1e-7);
  t.deepEqual([...df], [0, 0, 0, 0]);
});

test('a student that says what its teacher says has no divergence of class tokens', t => {
  const [dl, df] = [new Float32Array(3), new Float32Array(4)];
  const options = { labelSmoothing: 0, softLabels: 0, features: 1 };
  const plain = sampleLoss({ logits, features, label: 0, taught: undefined }, options, into(dl, df));
  const equal = sampleLoss(
    { logits, features, label: 0, taught: { logits, features } },
    options,
    into(dl, df),
  );
  t.true(Math.abs(plain - equal) < 1e-12);
  t.true(df.every(d => Math.abs(d) < 1e-7));
});

test("derivatives of the paper's loss equal finite differences, times the share", t => {
  const options = { labelSmoothing: 0.1, softLabels: LAMBDA_SOFT, features: LAMBDA_FEATURES };
  const [dl, df] = [new Float32Array(3), new Float32Array(4)];
  const loss = (): number =>
    sampleLoss(sample, options, into(new Float32Array(3), new Float32Array(4), 0.25));
  sampleLoss(sample, options, into(dl, df, 0.25));
  for (const [values, derivatives] of [
    [logits, dl],
    [features, df],
  ] as const)
    for (const [i, own] of values.entries()) {
      values[i] = own + 2 ** -9;
      const up = loss();
      values[i] = own - 2 ** -9;
      const down = loss();
      values[i] = own;
      t.true(Math.abs(derivatives[i] - (0.25 * (up - down)) / 2 ** -8) < 1e-6);
    }
});

test('large logits overflow nothing; the first of equals is the largest', t => {
  t.deepEqual([...logSoftmax(Float32Array.of(1e4, 0))], [0, -1e4]);
  t.is(argMax(Float32Array.of(1, 3, 3)), 1);
});
