/** IR drop against the whole resistive network of an array, in each state that idle rows can be in. */
import test from 'ava';
import fc from 'fast-check';
import { uniformStream } from '../../../src/base/random.ts';
import { IDLE_ROWS, type IdleRows } from '../../../src/tech/circuit/idle-rows.ts';
import { applyIrDrop, type IrDrop } from '../../../src/tech/noise/wires.ts';
import { columnCurrents } from '../../../src/validate/ladder.ts';

/** Levels of the cells, 0 to 3. */
type Cells = 'uniform' | 'sparse' | 'full';

interface Case {
  readonly rows: number;
  readonly cols: number;
  readonly idle: IdleRows;
  readonly on_kohm: number;
  readonly ratio: number;
  readonly row_ohm: number;
  readonly column_ohm: number;
  readonly ends_ohm: number;
  readonly density: number;
  readonly cells: Cells;
}

const LEVELS: { readonly [cells in Cells]: (u: number) => number } = {
  uniform: u => Math.floor(4 * u),
  sparse: u => (u < 0.8 ? 0 : Math.floor(4 * u) - 2),
  full: () => 3,
};
/** Inputs of one array: the loss depends on where the driven rows are, which no mean knows. */
const READS = 4;

/** Shares of the current that are lost, over some reads: of the whole network, and of the model. */
function losses(one: Case, seed: number): { exact: number; model: number } {
  const { rows, cols, idle, on_kohm, ratio, row_ohm, column_ohm, ends_ohm, density } = one;
  const random = uniformStream(seed, 'ladder');
  const levels = Float64Array.from({ length: rows * cols }, () => LEVELS[one.cells](random()) / 3);
  // In units of a cell at its highest level.
  const g = levels.map(level => 1 / ratio + (1 - 1 / ratio) * level);
  const wires = { rowWire_ohm: row_ohm, colWire_ohm: column_ohm, driver_ohm: ends_ohm, sense_ohm: ends_ohm };
  const drop: IrDrop = { onResistance_ohm: 1e3 * on_kohm, ...wires, arrayCols: cols, idle };
  const ladder = { g: g.map(v => v / drop.onResistance_ohm), rows, cols, ...wires, idle };
  let [ideal, exact, model] = [0, 0, 0];
  for (let read = 0; read < READS; read++) {
    const driven = Array.from({ length: rows }, () => random() < density);
    driven[Math.floor(random() * rows)] = true;
    const count = driven.filter(Boolean).length;
    const counted = g.slice();
    applyIrDrop({ g: counted, rows, cols, unitsOn: 1, activity: (count - 1) / (rows - 1) }, drop);
    exact += columnCurrents(ladder, driven).reduce((sum, i) => sum + i, 0) * drop.onResistance_ohm;
    for (let i = 0; i < g.length; i++)
      if (driven[Math.floor(i / cols)]) {
        ideal += g[i];
        model += counted[i];
      }
  }
  return { exact: 1 - exact / ideal, model: 1 - model / ideal };
}

const DEVICES = [
  { on_kohm: 240, ratio: 100 },
  { on_kohm: 100, ratio: 17 },
  { on_kohm: 25.7, ratio: 39 },
  { on_kohm: 6, ratio: 150 },
] as const;
const WIRES = [
  { row_ohm: 1.79, column_ohm: 0.6, ends_ohm: 0 }, // NeuroSim's 32 nm FeFET array
  { row_ohm: 5, column_ohm: 10, ends_ohm: 0 }, // Yale's batch-norm fine-tuning
  { row_ohm: 5, column_ohm: 10, ends_ohm: 1000 },
] as const;

/** Within a share of the network's own loss. */
const TOLERANCE: { readonly [state in IdleRows]: number } = {
  grounded: 0.005,
  'cut-off': 0.05,
  floating: 0.05,
};

for (const idle of IDLE_ROWS)
  for (const [i, size] of [16, 32, 64, 128].entries())
    test(`${size} x ${size} cells whose idle rows are ${idle} lose what the network loses`, t => {
      for (const [d, device] of DEVICES.entries())
        for (const [w, wires] of WIRES.entries())
          for (const [k, density] of [0.1, 0.5, 0.9].entries()) {
            // Each size, device and wires with one density, so that all pairs are seen.
            if ((i + d + w) % 3 !== k) continue;
            const one: Case = {
              ...device,
              ...wires,
              rows: size,
              cols: size,
              idle,
              density,
              cells: 'uniform',
            };
            const { exact, model } = losses(one, 16 * d + w);
            const ratio = model / exact;
            t.true(Math.abs(ratio - 1) < TOLERANCE[idle], `${JSON.stringify(one)}: ${model} for ${exact}`);
          }
    });

test('any array loses what its network loses, within a twentieth', t => {
  fc.assert(
    fc.property(
      fc.record({
        rows: fc.integer({ min: 16, max: 96 }),
        cols: fc.integer({ min: 8, max: 96 }),
        idle: fc.constantFrom(...IDLE_ROWS),
        on_kohm: fc.double({ min: 5, max: 300, noNaN: true }),
        ratio: fc.double({ min: 5, max: 1000, noNaN: true }),
        row_ohm: fc.double({ min: 0.2, max: 10, noNaN: true }),
        column_ohm: fc.double({ min: 0.2, max: 10, noNaN: true }),
        ends_ohm: fc.constantFrom(0, 100, 1000),
        density: fc.double({ min: 0.3, max: 1, noNaN: true }),
        cells: fc.constantFrom<Cells>('uniform', 'sparse', 'full'),
      }),
      fc.integer({ min: 1, max: 1000 }),
      (one, seed) => {
        const { exact, model } = losses(one, seed);
        t.true(Math.abs(model / exact - 1) < 0.05, `${JSON.stringify(one)} ${seed}: ${model} for ${exact}`);
      },
    ),
    { seed: 5, numRuns: 30 },
  );
});

const ONE: IrDrop = {
  onResistance_ohm: 100,
  rowWire_ohm: 1,
  colWire_ohm: 2,
  arrayCols: 64,
  idle: 'cut-off',
};

test('a cell alone has its driver and its sense amplifier in series', t => {
  for (const idle of IDLE_ROWS) {
    const g = Float64Array.of(1);
    const ends = { driver_ohm: 30, sense_ohm: 7 };
    applyIrDrop({ g, rows: 1, cols: 1, unitsOn: 1, activity: 0.5 }, { ...ONE, ...ends, idle });
    t.true(Math.abs(g[0] - 100 / 140) < 1e-12, idle);
  }
});

test('one cell at the end of both lines loses the share of its whole path', t => {
  for (const idle of ['grounded', 'cut-off'] as const) {
    const g = new Float64Array(16);
    g[3] = 1;
    applyIrDrop({ g, rows: 4, cols: 4, unitsOn: 1, activity: 0.5 }, { ...ONE, idle });
    // Four row segments of 1 ohm and four column segments of 2 ohm in front of 100 ohm: a divider, exact.
    t.true(Math.abs(g[3] - 100 / 112) < 1e-12, idle);
  }
});

test('arrays side by side have wordlines of their own', t => {
  const one = new Float64Array(8).fill(1);
  applyIrDrop({ g: one, rows: 1, cols: 8, unitsOn: 1, activity: 0 }, { ...ONE, arrayCols: 4 });
  t.deepEqual([...one.subarray(0, 4)], [...one.subarray(4)]);
  t.true(one[3] < one[0]);
});

test('lines without resistance lose nothing', t => {
  for (const idle of IDLE_ROWS) {
    const g = Float64Array.from({ length: 64 }, (_, i) => (i % 4) / 3);
    const before = [...g];
    const none = { ...ONE, rowWire_ohm: 0, colWire_ohm: 0, idle };
    applyIrDrop({ g, rows: 8, cols: 8, unitsOn: 1, activity: 0.5 }, none);
    t.deepEqual([...g], before, idle);
  }
});

test('idle rows at ground load a column whatever the inputs are; cut off, each driven row takes its share', t => {
  const of = (idle: IdleRows, activity: number): number => {
    const g = new Float64Array(32 * 8).fill(1);
    applyIrDrop({ g, rows: 32, cols: 8, unitsOn: 1, activity }, { ...ONE, onResistance_ohm: 1e4, idle });
    return g.reduce((sum, v) => sum + v, 0);
  };
  t.is(of('grounded', 0.1), of('grounded', 0.9));
  t.true(of('cut-off', 0.1) > of('cut-off', 0.9));
  // With every row driven none is idle.
  for (const idle of IDLE_ROWS) t.true(Math.abs(of(idle, 1) / of('grounded', 1) - 1) < 1e-12, idle);
});

test('an activity of the file stands above that of the inputs', t => {
  const of = (activity: number, fixed?: number): number[] => {
    const g = new Float64Array(64).fill(1);
    const drop = fixed === undefined ? ONE : { ...ONE, activity: fixed };
    applyIrDrop({ g, rows: 8, cols: 8, unitsOn: 1, activity }, drop);
    return [...g];
  };
  t.deepEqual(of(0.2, 0.7), of(0.7));
  t.notDeepEqual(of(0.2), of(0.7));
});
