/** Rows that are read in groups share their lines: the array of an IR drop is the physical one. */
import test from 'ava';
import { streamKey } from '../../../src/base/random.ts';
import { program } from '../../../src/numerics/mvm/program.ts';
import { type MvmSpec, planMvm } from '../../../src/numerics/mvm/spec.ts';
import type { IdleRows } from '../../../src/tech/circuit/idle-rows.ts';
import { columnCurrents } from '../../../src/validate/ladder.ts';

const [ROWS, COLS, GROUP] = [64, 8, 16];
const ON_OHM = 20e3;
const wires = { rowWire_ohm: 2, colWire_ohm: 8, driver_ohm: 500, sense_ohm: 500 };

const spec: MvmSpec = {
  rows: ROWS,
  cols: COLS,
  arrayRows: GROUP,
  lineRows: ROWS,
  cellBits: 1,
  weightBits: 1,
  inputBits: 1,
  signedInput: false,
  encoding: 'offset',
  adc: { bits: 8, levelsPerLsb: 'lossless' },
  activity: 1,
  strip: 1,
};
// On cells alone, 0 is the offset code 1: every other row is off.
const weights = Int16Array.from({ length: ROWS * COLS }, (_, i) => (Math.floor(i / COLS) % 2 === 0 ? 0 : -1));
const on = (row: number): boolean => row % 2 === 0;

/** Share of the current of each group of rows that the lines take, of the first column. */
function losses(idle: IdleRows, changed: Partial<MvmSpec> = {}): number[] {
  const whole = { ...spec, ...changed };
  const noise = { irDrop: { onResistance_ohm: ON_OHM, ...wires, arrayCols: COLS, idle } };
  const { g, plan } = program(weights, whole, noise, streamKey(1, 'x'));
  const unitsOn = 2 ** plan.fracBits;
  return Array.from({ length: plan.blocks }, (_, block) => {
    let sum = 0;
    for (let row = 0; row < whole.arrayRows; row++) sum += g[(block * whole.arrayRows + row) * COLS];
    return 1 - sum / unitsOn / (whole.arrayRows / 2);
  });
}

for (const idle of ['grounded', 'cut-off'] as const)
  test(`groups of rows lose what the whole ladder says, idle rows ${idle}`, t => {
    const g = Float64Array.from({ length: ROWS * COLS }, (_, i) =>
      on(Math.floor(i / COLS)) ? 1 / ON_OHM : 0,
    );
    const ours = losses(idle);
    for (let group = 0; group < ROWS / GROUP; group++) {
      const driven = Array.from({ length: ROWS }, (_, row) => Math.floor(row / GROUP) === group);
      const ladder = { g, rows: ROWS, cols: COLS, ...wires, idle };
      const exact = 1 - (columnCurrents(ladder, driven)[0] * ON_OHM) / (GROUP / 2);
      t.true(Math.abs(ours[group] / exact - 1) < 0.05, `group ${group}: ${ours[group]}, ladder ${exact}`);
    }
    // The group beside the sense amplifier loses least.
    t.true(ours[0] > ours[3]);
  });

test('an array that is read at once is what it was, and one that is filled in part has no cells behind', t => {
  const alone = { arrayRows: ROWS };
  t.deepEqual(losses('cut-off', alone), losses('cut-off', { ...alone, lineRows: ROWS }));
  t.throws(() => planMvm({ ...spec, lineRows: GROUP - 1 }), { message: /lineRows is an integer from 16/ });
});
