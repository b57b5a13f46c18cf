/** The arithmetic of transformers in float64, in plain loops, by its definitions alone. */
export type Rows = number[][];

export const rows = (values: readonly number[], width: number): Rows =>
  Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));

export const product = (a: Rows, b: Rows): Rows =>
  a.map(row => b[0].map((_, j) => row.reduce((sum, x, k) => sum + x * b[k][j], 0)));

export const plus = (a: Rows, b: Rows): Rows => a.map((row, i) => row.map((x, j) => x + b[i % b.length][j]));

export const layerNorm = (x: Rows, gain: readonly number[], shift: readonly number[], eps: number): Rows =>
  x.map(row => {
    const mean = row.reduce((s, v) => s + v, 0) / row.length;
    const variance = row.reduce((s, v) => s + (v - mean) ** 2, 0) / row.length;
    return row.map((v, j) => ((v - mean) / Math.sqrt(variance + eps)) * gain[j] + shift[j]);
  });

export const rmsNorm = (x: Rows, gain: readonly number[], eps: number): Rows =>
  x.map(row => {
    const square = row.reduce((s, v) => s + v * v, 0) / row.length;
    return row.map((v, j) => (v / Math.sqrt(square + eps)) * gain[j]);
  });

/** The error function by its series (Abramowitz and Stegun 7.1.5). */
export function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

export const gelu = (x: number): number => 0.5 * x * (1 + erf(x / Math.SQRT2));
export const geluTanh = (x: number): number =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

const softmax = (row: readonly number[]): number[] => {
  const exponents = row.map(v => Math.exp(v));
  const sum = exponents.reduce((s, v) => s + v, 0);
  return exponents.map(v => v / sum);
};

/** How heads meet: their number, those of keys and values, a scale, which keys a query sees, what is added to the scores. */
export interface Heads {
  readonly heads: number;
  readonly keys?: number;
  readonly scale?: number;
  readonly causal?: boolean;
  readonly bias?: (head: number, i: number, j: number) => number;
}

export function attention(
  q: Rows,
  k: Rows,
  v: Rows,
  { heads, keys = heads, scale, causal = false, bias }: Heads,
): Rows {
  const width = q[0].length / heads;
  const factor = scale ?? 1 / Math.sqrt(width);
  return q.map((query, i) =>
    Array.from({ length: heads }, (_, h) => {
      const from = Math.floor(h / (heads / keys)) * width;
      const seen = k.filter((_, j) => !causal || j <= i);
      const map = softmax(
        seen.map((key, j) => {
          let sum = 0;
          for (let c = 0; c < width; c++) sum += query[h * width + c] * key[from + c];
          return sum * factor + (bias?.(h, i, j) ?? 0);
        }),
      );
      return Array.from({ length: width }, (_, c) => map.reduce((s, p, j) => s + p * v[j][from + c], 0));
    }).flat(),
  );
}

/** Halves of each head, or its neighbours, turned by angles. */
export function rotary(x: Rows, heads: number, cos: Rows, sin: Rows, neighbours = false): Rows {
  const width = x[0].length / heads;
  return x.map((row, i) => {
    const out = [...row];
    for (let h = 0; h < heads; h++)
      for (let c = 0; c < width / 2; c++) {
        const a = h * width + (neighbours ? 2 * c : c);
        const b = neighbours ? a + 1 : a + width / 2;
        out[a] = row[a] * cos[i][c] - row[b] * sin[i][c];
        out[b] = row[b] * cos[i][c] + row[a] * sin[i][c];
      }
    return out;
  });
}
