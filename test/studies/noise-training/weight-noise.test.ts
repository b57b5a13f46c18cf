/** The noise of NeuRRAM's protocol: as wide in tests as in training. */
import test from 'ava';
import { largest } from '../../../src/base/extremes.ts';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import { cellDeviations } from '../../../src/train/variation/cell-deviation.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { noisyCells, withWeightNoise } from '../../../studies/noise-training/weight-noise.ts';
import { tinyVit } from '../../numerics/execute/tiny.ts';

const SIGMA = 0.2;
const graph = buildGraph(tinyVit());
const weights = randomWeights(graph, 1);

test('in a test each weight has one normal number of sigma times the largest weight of its output', t => {
  const noisy = withWeightNoise(weights, SIGMA, 'a');
  const { in: inputs, out, weight, bias } = weights.linear('e0.fc1');
  const other = noisy.linear('e0.fc1');
  t.deepEqual(other.bias, bias);
  const units: number[] = [];
  for (let o = 0; o < out; o++) {
    const column = Array.from({ length: inputs }, (_, i) => i * out + o);
    const scale = largest(column.map(at => Math.abs(weight[at])));
    units.push(...column.map(at => (other.weight[at] - weight[at]) / scale));
  }
  const mean = units.reduce((sum, x) => sum + x, 0) / units.length;
  const deviation = Math.sqrt(units.reduce((sum, x) => sum + (x - mean) ** 2, 0) / units.length);
  t.true(Math.abs(mean) < (4 * SIGMA) / Math.sqrt(units.length));
  t.true(Math.abs(deviation / SIGMA - 1) < 4 / Math.sqrt(2 * units.length));
});

test('the same seed gives the same noise, none is none', t => {
  const of = (seed: string) => withWeightNoise(weights, SIGMA, seed).linear('e0.q').weight;
  t.deepEqual(of('a'), of('a'));
  t.notDeepEqual(of('a'), of('b'));
  t.is(withWeightNoise(weights, 0, 'a'), weights);
});

test('in training every integer weight, zero too, has sigma times the largest', t => {
  const deviations = cellDeviations(noisyCells(SIGMA), 8);
  t.is(deviations.length, 255);
  t.true(deviations.every(deviation => Math.abs(deviation - SIGMA * 127) < 1e-9));
  t.true(cellDeviations(noisyCells(0), 8).every(deviation => deviation === 0));
});
