/** The integer matrix product in WebAssembly SIMD, emitted at run time: pairs of int16 products added in int32 lanes. */
import { standalone } from '../../wasm/standalone.ts';
import { PANEL, STEP_BYTES, TILE_ROWS, tileKernel, UNROLL } from '../kernels/tile.ts';
import type { IntPanels } from './panels.ts';

export type IntKernel = (a: Int16Array, m: number, b: IntPanels) => Int32Array;

/** A kernel with its own memory, which grows to the largest product that it was given; null without WebAssembly SIMD. */
export function intKernel(): IntKernel | null {
  const module = standalone([{ name: 'tile', build: tileKernel('int16') }] as const);
  if (module === null) return null;
  const { tile } = module.kernels;

  return (a, m, b) => {
    const { k, n, steps, data } = b;
    const rows = Math.ceil(m / TILE_ROWS) * TILE_ROWS;
    const width = data.length / (2 * steps);
    const [aBytes, cBytes] = [rows * steps * 4, rows * width * 4];
    const bAt = aBytes + cBytes;
    const buffer = module.reserve(bAt + data.byteLength);

    const left = new Int16Array(buffer, 0, aBytes / 2);
    left.fill(0);
    for (let i = 0; i < m; i++) left.set(a.subarray(i * k, (i + 1) * k), i * steps * 2);
    const sums = new Int32Array(buffer, aBytes, rows * width);
    sums.fill(0);
    new Int16Array(buffer, bAt, data.length).set(data);
    for (let panel = 0; panel * PANEL < width; panel++) {
      const [from, to] = [bAt + panel * steps * STEP_BYTES, aBytes + panel * STEP_BYTES];
      tile(0, steps * 4, from, to, width * 4, rows / TILE_ROWS, steps / UNROLL);
    }
    const c = new Int32Array(m * n);
    for (let i = 0; i < m; i++) c.set(sums.subarray(i * width, i * width + n), i * n);
    return c;
  };
}
