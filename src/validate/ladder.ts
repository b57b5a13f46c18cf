/**
 * The resistive network of a crossbar, solved whole: a node on each wordline and each bitline at every crossing, the wires
 * between them, the cells across. Conjugate gradients on Kirchhoff's current law, preconditioned by the lines; nothing of
 * it is shared with the model that it checks.
 */
import { TrexError } from '../base/errors.ts';
import type { IdleRows } from '../tech/circuit/idle-rows.ts';

export interface Ladder {
  /** Conductances [rows][cols] in siemens. */
  readonly g: Float64Array;
  readonly rows: number;
  readonly cols: number;
  readonly rowWire_ohm: number;
  readonly colWire_ohm: number;
  readonly driver_ohm: number;
  readonly sense_ohm: number;
  readonly idle: IdleRows;
}

/** Share of the residual's energy that is left. */
const TOLERANCE = 1e-20;
const MAX_STEPS = 5000;

/** Currents of the columns in amperes, 1 V on the `driven` rows; all columns end at ground behind the last row. */
export function columnCurrents(ladder: Ladder, driven: readonly boolean[]): Float64Array {
  const { rows, cols, rowWire_ohm, colWire_ohm, driver_ohm, sense_ohm, idle } = ladder;
  const size = rows * cols;
  const [alongRow, alongColumn] = [1 / rowWire_ohm, 1 / colWire_ohm];
  const [drive, sense] = [1 / (rowWire_ohm + driver_ohm), 1 / (colWire_ohm + sense_ohm)];
  const held = driven.map(on => (on || idle !== 'floating' ? drive : 0));
  const cell = ladder.g.map((g, i) => (driven[Math.floor(i / cols)] || idle !== 'cut-off' ? g : 0));

  /** Currents out of all nodes at voltages `v`: wordlines, then bitlines. */
  const currents = (v: Float64Array, out: Float64Array): void => {
    for (let row = 0, at = 0; row < rows; row++)
      for (let col = 0; col < cols; col++, at++) {
        const [word, bit] = [v[at], v[size + at]];
        const across = cell[at] * (word - bit);
        out[at] = across + (col > 0 ? alongRow * (word - v[at - 1]) : held[row] * word);
        if (col < cols - 1) out[at] += alongRow * (word - v[at + 1]);
        out[size + at] = row < rows - 1 ? alongColumn * (bit - v[size + at + cols]) : sense * bit;
        if (row > 0) out[size + at] += alongColumn * (bit - v[size + at - cols]);
        out[size + at] -= across;
      }
  };

  // Each line alone is tridiagonal: its pivots, then forward and back.
  const pivot = new Float64Array(2 * size);
  for (let row = 0, at = 0; row < rows; row++)
    for (let col = 0; col < cols; col++, at++) {
      const before = col > 0 ? alongRow - alongRow ** 2 / pivot[at - 1] : held[row];
      pivot[at] = cell[at] + before + (col < cols - 1 ? alongRow : 0);
      const above = row > 0 ? alongColumn - alongColumn ** 2 / pivot[size + at - cols] : 0;
      pivot[size + at] = cell[at] + above + (row < rows - 1 ? alongColumn : sense);
    }
  const precondition = (r: Float64Array, z: Float64Array): void => {
    for (let row = 0, at = 0; row < rows; row++)
      for (let col = 0; col < cols; col++, at++) {
        z[at] = (r[at] + (col > 0 ? alongRow * z[at - 1] : 0)) / pivot[at];
        const bit = size + at;
        z[bit] = (r[bit] + (row > 0 ? alongColumn * z[bit - cols] : 0)) / pivot[bit];
      }
    for (let row = rows - 1, at = size - 1; row >= 0; row--)
      for (let col = cols - 1; col >= 0; col--, at--) {
        if (col < cols - 1) z[at] += (alongRow * z[at + 1]) / pivot[at];
        if (row < rows - 1) z[size + at] += (alongColumn * z[size + at + cols]) / pivot[size + at];
      }
  };

  const v = new Float64Array(2 * size);
  const residual = new Float64Array(2 * size);
  for (let row = 0; row < rows; row++) if (driven[row]) residual[row * cols] = drive;
  const z = new Float64Array(2 * size);
  precondition(residual, z);
  const direction = z.slice();
  const image = new Float64Array(2 * size);
  let energy = dot(residual, z);
  const enough = TOLERANCE * energy;
  for (let step = 0; energy > enough; step++) {
    if (step === MAX_STEPS) throw new TrexError('the resistive network of an array does not converge');
    currents(direction, image);
    const length = energy / dot(direction, image);
    for (let i = 0; i < v.length; i++) {
      v[i] += length * direction[i];
      residual[i] -= length * image[i];
    }
    precondition(residual, z);
    const next = dot(residual, z);
    for (let i = 0; i < v.length; i++) direction[i] = z[i] + (next / energy) * direction[i];
    energy = next;
  }
  return Float64Array.from({ length: cols }, (_, col) => sense * v[2 * size - cols + col]);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
