/** The float32 matrix product: sums in float64, rounded to float32 once, so that no order of summation shows. */
import { FLOAT_PANEL, type FloatPanels } from './panels.ts';

/** Sums of two rows by one panel: a loop in JavaScript keeps these in registers. */
const TILE = 2 * FLOAT_PANEL;

/** a (m x k, row-major) times b: m x n. */
export function floatMatmul(a: Float32Array, m: number, b: FloatPanels): Float32Array {
  const { k, n, data } = b;
  const c = new Float32Array(m * n);
  const sums = new Float32Array(TILE);
  for (let panel = 0; panel < n; panel += FLOAT_PANEL) {
    const width = Math.min(FLOAT_PANEL, n - panel);
    for (let i = 0; i < m; i += 2) {
      const last = i + 1 === m;
      addTile(a, i * k, last ? i * k : (i + 1) * k, data, panel * k, k, sums);
      for (let j = 0; j < width; j++) c[i * n + panel + j] = sums[j];
      if (last) continue;
      for (let j = 0; j < width; j++) c[(i + 1) * n + panel + j] = sums[FLOAT_PANEL + j];
    }
  }
  return c;
}

/** Two rows of `a`, k values each from `first` and from `second`, times the panel of `b` from `at`. */
function addTile(
  a: Float32Array,
  first: number,
  second: number,
  b: Float32Array,
  at: number,
  k: number,
  sums: Float32Array,
): void {
  let p0 = 0.0;
  let p1 = 0.0;
  let p2 = 0.0;
  let p3 = 0.0;
  let q0 = 0.0;
  let q1 = 0.0;
  let q2 = 0.0;
  let q3 = 0.0;
  let from = at | 0;
  for (let i = 0; i < k; i++) {
    const x = a[first + i];
    const y = a[second + i];
    const b0 = b[from];
    const b1 = b[from + 1];
    const b2 = b[from + 2];
    const b3 = b[from + 3];
    p0 += x * b0;
    p1 += x * b1;
    p2 += x * b2;
    p3 += x * b3;
    q0 += y * b0;
    q1 += y * b1;
    q2 += y * b2;
    q3 += y * b3;
    from += FLOAT_PANEL;
  }
  sums[0] = p0;
  sums[1] = p1;
  sums[2] = p2;
  sums[3] = p3;
  sums[4] = q0;
  sums[5] = q1;
  sums[6] = q2;
  sums[7] = q3;
}
