/** Every op of a network in plain float64 loops, and whole networks written down layer by layer: what the executor is checked against. */
import type { ModelWeights } from '../../../src/workload/import/model-weights.ts';

/** One array per row. */
export type Rows = number[][];

export const toRows = (m: { rows: number; columns: number; data: Float32Array }): Rows =>
  Array.from({ length: m.rows }, (_, i) => [...m.data.slice(i * m.columns, (i + 1) * m.columns)]);

/** erf by Simpson's rule on its integral. */
export function erf(x: number): number {
  const steps = 2000;
  const h = x / steps;
  let sum = 1 + Math.exp(-x * x);
  for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * Math.exp(-((i * h) ** 2));
  return (2 / Math.sqrt(Math.PI)) * ((h / 3) * sum);
}

export const gelu = (v: number): number => 0.5 * v * (1 + erf(v / Math.SQRT2));

export const geluTanh = (v: number): number =>
  0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)));

export function matmul(a: Rows, b: Rows): Rows {
  return a.map(row => b[0].map((_, j) => row.reduce((sum, v, k) => sum + v * b[k][j], 0)));
}

export const transpose = (a: Rows): Rows => a[0].map((_, j) => a.map(row => row[j]));

export const add = (a: Rows, b: Rows, scale = 1): Rows =>
  a.map((row, i) => row.map((v, j) => v + scale * b[i][j]));

export const map = (a: Rows, f: (v: number) => number): Rows => a.map(row => row.map(f));

export function layerNorm(x: Rows, w: { gain: Float32Array; shift: Float32Array }, eps: number): Rows {
  return x.map(row => {
    const mean = row.reduce((s, v) => s + v, 0) / row.length;
    const variance = row.reduce((s, v) => s + (v - mean) ** 2, 0) / row.length;
    return row.map((v, j) => ((v - mean) / Math.sqrt(variance + eps)) * w.gain[j] + w.shift[j]);
  });
}

export function softmax(x: Rows): Rows {
  return x.map(row => {
    const e = row.map(v => Math.exp(v - Math.max(...row)));
    const sum = e.reduce((s, v) => s + v, 0);
    return e.map(v => v / sum);
  });
}

export function linear(x: Rows, weights: ModelWeights, id: string): Rows {
  const { weight, bias, in: rows, out } = weights.linear(id);
  const w = Array.from({ length: rows }, (_, i) => [...weight.slice(i * out, (i + 1) * out)]);
  return matmul(x, w).map(row => row.map((v, j) => v + (bias === null ? 0 : bias[j])));
}

/** Each score by itself, with Ramapuram's -log n (arXiv 2409.04431). */
export const sigmoids = (scores: Rows): Rows => map(scores, s => 1 / (1 + scores.length * Math.exp(-s)));

/** f(Q K^T / sqrt(d)) V for each head, heads side by side. */
export function attention(
  q: Rows,
  k: Rows,
  v: Rows,
  heads: number,
  f: (scores: Rows) => Rows = softmax,
): Rows {
  const width = q[0].length / heads;
  const part = (x: Rows, h: number): Rows => x.map(row => row.slice(h * width, (h + 1) * width));
  const outputs = Array.from({ length: heads }, (_, h) => {
    const scores = map(matmul(part(q, h), transpose(part(k, h))), s => s / Math.sqrt(width));
    return matmul(f(scores), part(v, h));
  });
  return q.map((_, i) => outputs.flatMap(o => o[i]));
}

/** What the first query gives to each key, averaged over heads. */
export function firstAttention(q: Rows, k: Rows, heads: number): number[] {
  const width = q[0].length / heads;
  const maps = Array.from({ length: heads }, (_, h) => {
    const of = (row: readonly number[]): readonly number[] => row.slice(h * width, (h + 1) * width);
    return softmax([k.map(row => of(row).reduce((s, v, i) => s + v * of(q[0])[i], 0) / Math.sqrt(width))])[0];
  });
  return k.map((_, i) => maps.reduce((s, map) => s + map[i], 0) / heads);
}

/** Convolution of image[channel][y][x], directly; gives [channel][y][x]. */
export function conv(
  image: number[][][],
  weights: ModelWeights,
  id: string,
  window: { kernel: number; stride: number; padding: number },
): number[][][] {
  const { weight, bias, out } = weights.linear(id);
  const { kernel, stride, padding } = window;
  const side = Math.floor((image[0].length + 2 * padding - kernel) / stride) + 1;
  const at = (c: number, y: number, x: number): number => image[c][y]?.[x] ?? 0;
  return Array.from({ length: out }, (_, o) =>
    Array.from({ length: side }, (_, y) =>
      Array.from({ length: side }, (_, x) => {
        let sum = bias === null ? 0 : bias[o];
        for (let c = 0; c < image.length; c++)
          for (let dy = 0; dy < kernel; dy++)
            for (let dx = 0; dx < kernel; dx++)
              sum +=
                weight[((c * kernel + dy) * kernel + dx) * out + o] *
                at(c, y * stride + dy - padding, x * stride + dx - padding);
        return sum;
      }),
    ),
  );
}

/** From [channel][y][x] to one row per pixel. */
export const pixels = (image: number[][][]): Rows =>
  image[0].flatMap((line, y) => line.map((_, x) => image.map(channel => channel[y][x])));

/** From a flat [channel][y][x] array. */
export const planes = (image: Float32Array, channels: number, side: number): number[][][] =>
  Array.from({ length: channels }, (_, c) =>
    Array.from({ length: side }, (_, y) => [
      ...image.slice((c * side + y) * side, (c * side + y + 1) * side),
    ]),
  );

/** Largest difference over the largest reference value; none where nothing differs, zeros included. */
export function relativeError(got: Rows, want: Rows): number {
  const largest = Math.max(...want.flat().map(Math.abs));
  const difference = Math.max(
    ...want.map((row, i) => Math.max(...row.map((v, j) => Math.abs(got[i][j] - v)))),
  );
  return difference === 0 ? 0 : difference / largest;
}
