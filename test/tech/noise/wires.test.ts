import test from 'ava';
import { uniformStream } from '../../../src/base/random.ts';
import { applyIrDrop, type IrDrop } from '../../../src/tech/noise/wires.ts';

const WIRES: IrDrop = {
  onResistance_ohm: 240e3,
  rowWire_ohm: 1.79,
  colWire_ohm: 0.6,
  arrayCols: 64,
  activity: 1,
};

/**
 * Column currents of the whole resistive ladder at 1 V on all rows: nodes on every wordline and bitline crossing, wire
 * segments between them, rows driven from column 0, columns at ground behind the last row. Solved by Gauss-Seidel sweeps
 * along the lines until the voltages stand still.
 */
function ladder(g: Float64Array, rows: number, cols: number, drop: IrDrop): Float64Array {
  const { rowWire_ohm: rowWire, colWire_ohm: colWire, driver_ohm = 0, sense_ohm = 0 } = drop;
  const word = new Float64Array(rows * cols).fill(1);
  const bit = new Float64Array(rows * cols);
  const [gr, gc] = [1 / rowWire, 1 / colWire];
  // The driver and the sense amplifier are in series with the segment next to them.
  const [driver, sense] = [1 / (rowWire + driver_ohm), 1 / (colWire + sense_ohm)];
  for (let sweep = 0; sweep < 2000; sweep++) {
    let moved = 0;
    for (let row = 0; row < rows; row++) {
      moved = Math.max(moved, solveLine(word, bit, g, row * cols, 1, cols, gr, driver, 1, true));
    }
    for (let col = 0; col < cols; col++) {
      moved = Math.max(moved, solveLine(bit, word, g, col, cols, rows, gc, sense, 0, false));
    }
    if (moved < 1e-13) break;
  }
  return Float64Array.from({ length: cols }, (_, col) => {
    let current = 0;
    for (let row = 0; row < rows; row++)
      current += g[row * cols + col] * (word[row * cols + col] - bit[row * cols + col]);
    return current;
  });
}

/** Solves one line exactly against the voltages of the lines across it (Thomas algorithm); returns the largest change. */
function solveLine(
  v: Float64Array,
  across: Float64Array,
  g: Float64Array,
  start: number,
  stride: number,
  length: number,
  wire: number,
  last: number,
  end: number,
  endFirst: boolean,
): number {
  const c = new Float64Array(length);
  const d = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const at = start + i * stride;
    const before = i > 0 ? wire : endFirst ? last : 0;
    const after = i < length - 1 ? wire : endFirst ? 0 : last;
    let rhs = g[at] * across[at];
    if (i === 0 && endFirst) rhs += last * end;
    if (i === length - 1 && !endFirst) rhs += last * end;
    const lower = i > 0 ? wire : 0;
    const pivot = g[at] + before + after - (i > 0 ? lower * c[i - 1] : 0);
    c[i] = i < length - 1 ? wire / pivot : 0;
    d[i] = (rhs + (i > 0 ? lower * d[i - 1] : 0)) / pivot;
  }
  let moved = 0;
  for (let i = length - 1; i >= 0; i--) {
    const at = start + i * stride;
    const value = d[i] + (i < length - 1 ? c[i] * v[at + stride] : 0);
    moved = Math.max(moved, Math.abs(value - v[at]));
    v[at] = value;
  }
  return moved;
}

/** Relative loss of all column currents: by the ladder, and by the approximation. */
function losses(drop: IrDrop, size: number, seed: number): { exact: number; approximate: number } {
  const random = uniformStream(seed, 'ladder');
  const levels = Float64Array.from({ length: size * size }, () => Math.floor(random() * 4) / 3);
  const ideal = levels.reduce((sum, v) => sum + v, 0);
  const siemens = levels.map(v => v / drop.onResistance_ohm);
  const currents = ladder(siemens, size, size, drop);
  const exact = 1 - (currents.reduce((sum, v) => sum + v, 0) * drop.onResistance_ohm) / ideal;
  const g = levels.slice();
  applyIrDrop(g, size, size, 1, drop);
  return { exact, approximate: 1 - g.reduce((sum, v) => sum + v, 0) / ideal };
}

test('at 240 kohm the approximation is within a twentieth of the ladder', t => {
  for (const size of [16, 32, 64]) {
    const { exact, approximate } = losses(WIRES, size, size);
    t.true(exact > 0);
    t.true(Math.abs(approximate / exact - 1) < 0.05, `${size}: ${approximate} for ${exact}`);
  }
});

test('at 6 kohm, where a sixth of the current is lost, it is within a quarter of the ladder', t => {
  const drop = { ...WIRES, onResistance_ohm: 6e3 };
  const { exact, approximate } = losses(drop, 64, 1);
  t.true(exact > 0.15, `${exact}`);
  t.true(Math.abs(approximate / exact - 1) < 0.25, `${approximate} for ${exact}`);
});

test('drivers and sense amplifiers of 1 kohm lose a share that the approximation has within a quarter', t => {
  for (const ends of [{ driver_ohm: 1000 }, { sense_ohm: 1000 }, { driver_ohm: 1000, sense_ohm: 1000 }]) {
    // Wires of 5 and 10 ohm: the values of Yale's batch-norm fine-tuning.
    const drop = { ...WIRES, onResistance_ohm: 222e3, rowWire_ohm: 5, colWire_ohm: 10, ...ends };
    const { exact, approximate } = losses(drop, 64, 3);
    t.true(exact > 0.1, `${exact}`);
    t.true(Math.abs(approximate / exact - 1) < 0.25, `${JSON.stringify(ends)}: ${approximate} for ${exact}`);
  }
});

test('a cell alone has its driver and its sense amplifier in series', t => {
  const g = Float64Array.of(1);
  applyIrDrop(g, 1, 1, 1, {
    ...WIRES,
    onResistance_ohm: 100,
    rowWire_ohm: 1,
    colWire_ohm: 2,
    driver_ohm: 30,
    sense_ohm: 7,
  });
  t.true(Math.abs(g[0] - 100 / 140) < 1e-12);
});

test('one cell at the end of both lines loses the share of its whole path', t => {
  const g = new Float64Array(16);
  g[3] = 1;
  applyIrDrop(g, 4, 4, 1, { ...WIRES, onResistance_ohm: 100, rowWire_ohm: 1, colWire_ohm: 2 });
  // Four row segments of 1 ohm and four column segments of 2 ohm in front of 100 ohm: a divider, exact.
  t.true(Math.abs(g[3] - 100 / 112) < 1e-12);
});

test('arrays side by side have wordlines of their own', t => {
  const one = new Float64Array(8).fill(1);
  applyIrDrop(one, 1, 8, 1, { ...WIRES, arrayCols: 4 });
  t.deepEqual([...one.subarray(0, 4)], [...one.subarray(4)]);
  t.true(one[3] < one[0]);
});
