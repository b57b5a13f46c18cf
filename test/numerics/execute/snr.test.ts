/** Signal-to-noise ratio in dB. */
import test from 'ava';
import { matrix } from '../../../src/numerics/execute/matrix.ts';
import { snr_dB } from '../../../src/numerics/execute/snr.ts';

test('a tenth of the signal as error is 20 dB, none is infinite, all of it is 0 dB', t => {
  const reference = matrix(1, 2, Float32Array.of(30, -40));
  t.true(Math.abs(snr_dB(matrix(1, 2, Float32Array.of(33, -44)), reference) - 20) < 1e-12);
  t.is(snr_dB(reference, reference), Number.POSITIVE_INFINITY);
  t.is(snr_dB(matrix(1, 2, new Float32Array(2)), reference), 0);
});
