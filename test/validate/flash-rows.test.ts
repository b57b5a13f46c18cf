/** Sense amplifiers at nodes, cells and sizes of which there is no run: the law against the formulas of its source. */
import test from 'ava';
import { FLASH_ROWS, type FlashRow, simulatedFlash } from '../../src/validate/flash-rows.ts';

const off = (of: (row: FlashRow) => number): number[] =>
  FLASH_ROWS.map(row => Math.abs(of(simulatedFlash(row)) / of(row) - 1));

test('four nodes, four cells, two sizes, three resolutions', t => {
  t.is(new Set(FLASH_ROWS.map(r => [r.cell, r.node_m, r.rows, r.bits].join(' '))).size, 96);
});

for (const [what, of, mean, worst] of [
  ['time to sense', (r: FlashRow) => r.sense_s, 0.03, 0.15],
  ['energy of the currents', (r: FlashRow) => r.mirrors_J, 0.05, 0.15],
] as const) {
  test(`${what}: at most ${mean} off in the mean, ${worst} in a row`, t => {
    const errors = off(of);
    const is = errors.reduce((sum, e) => sum + e, 0) / errors.length;
    t.true(is <= mean, `mean ${is}`);
    t.true(Math.max(...errors) <= worst, `worst ${Math.max(...errors)}`);
  });
}
