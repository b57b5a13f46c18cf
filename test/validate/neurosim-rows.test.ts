/** How far the circuit laws are from NeuroSim's sub-array runs: the bounds that docs/technology.md gives. */
import test from 'ava';
import { NEUROSIM_ROWS, type NeurosimRow, simulatedRow } from '../../src/validate/neurosim-rows.ts';

/** Mean and largest relative error of a figure over the rows that have it. */
function errors(of: (row: NeurosimRow) => number | undefined, rows = NEUROSIM_ROWS): [number, number] {
  const found = rows.flatMap(row => {
    const theirs = of(row);
    return theirs === undefined ? [] : [Math.abs((of(simulatedRow(row)) as number) / theirs - 1)];
  });
  return [found.reduce((sum, e) => sum + e, 0) / found.length, Math.max(...found)];
}

test('every run stands once: 22 of sizes and nodes, 20 of converters', t => {
  const names = NEUROSIM_ROWS.map(r => [r.cell, r.node_m, r.size, r.adc, r.bits].join(' '));
  t.is(names.length, 42);
  t.is(new Set(names).size, 42);
});

for (const [what, of, mean, worst] of [
  ['area', (r: NeurosimRow) => r.area_m2.total, 0.02, 0.045],
  ['area of the array', (r: NeurosimRow) => r.area_m2.array, 0.01, 0.01],
  ['area of the ADCs', (r: NeurosimRow) => r.area_m2.adc, 0.02, 0.13],
  ['area of shift-and-add', (r: NeurosimRow) => r.area_m2.shiftAdd, 0.14, 0.14],
  ['area of the rest', (r: NeurosimRow) => r.area_m2.other, 0.01, 0.05],
  ['energy', (r: NeurosimRow) => r.energy_J.total, 0.03, 0.11],
  ['energy of conversion', (r: NeurosimRow) => r.energy_J.adc, 0.03, 0.13],
  ['energy of shift-and-add', (r: NeurosimRow) => r.energy_J.shiftAdd, 0.01, 0.01],
  ['energy of the rest', (r: NeurosimRow) => r.energy_J.other, 0.05, 0.1],
  ['sensing time', (r: NeurosimRow) => r.sense_s, 0.02, 0.1],
  ['leakage', (r: NeurosimRow) => r.leakage_W, 0.02, 0.025],
] as const) {
  test(`${what}: at most ${mean} off in the mean, ${worst} in a row`, t => {
    const [is, most] = errors(of);
    t.true(is <= mean, `mean ${is}`);
    t.true(most <= worst, `worst ${most}`);
  });
}
