/** A grid of vectors on another grid by the definition, point by point in two dimensions (Keys' cubic kernel, pixel centres at half places). */
import type { Rows } from '../../numerics/execute/oracle.ts';
import type { Sides } from './checkpoint.ts';

function cubic(x: number, a: number): number {
  const d = Math.abs(x);
  if (d >= 2) return 0;
  return d < 1 ? (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1 : a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a;
}

/** `antialias`: as timm does it; else as transformers does. */
export function resized(rows: Rows, from: Sides, to: Sides, antialias: boolean): Rows {
  const [h, w] = from;
  const centres = to.map((n, axis) => Array.from({ length: n }, (_, o) => ((o + 0.5) * from[axis]) / n));
  const stretch = to.map((n, axis) => (antialias ? Math.max(1, from[axis] / n) : 1));
  const a = antialias ? -0.5 : -0.75;
  return centres[0].flatMap(cy =>
    centres[1].map(cx => {
      const sum = rows[0].map(() => 0);
      let total = 0;
      for (let y = -3 * h; y < 4 * h; y++)
        for (let x = -3 * w; x < 4 * w; x++) {
          const beyond = y < 0 || x < 0 || y >= h || x >= w;
          if (antialias && beyond) continue;
          const weight = cubic((y + 0.5 - cy) / stretch[0], a) * cubic((x + 0.5 - cx) / stretch[1], a);
          const at = Math.min(h - 1, Math.max(0, y)) * w + Math.min(w - 1, Math.max(0, x));
          for (const [j, v] of rows[at].entries()) sum[j] += weight * v;
          total += weight;
        }
      return sum.map(v => v / total);
    }),
  );
}
