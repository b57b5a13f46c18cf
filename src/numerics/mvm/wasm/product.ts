/** The short way for an ideal matrix: without noise and with a lossless ADC, the bits of the crossbars are those of the integer product. */
import { intBytes, intFunctions, intPanels, intProduct } from '../../kernels/int-product.ts';
import type { MvmInput } from '../backend.ts';
import type { MvmPlan } from '../spec.ts';
import type { Host } from './host.ts';
import type { LoadedWeights, WasmMatrix } from './matrix.ts';

/** Lays out the weights [row][col] of an ideal matrix. */
export function loadProduct(host: Host, { spec }: MvmPlan, weights: Int16Array): LoadedWeights {
  const { data } = intPanels(weights, spec.rows, spec.cols);
  const bytes = data.byteLength;
  const { arena, at } = host.place(bytes);
  new Int16Array(arena.memory.buffer, at, data.length).set(data);
  return { arena, at, bytes };
}

/** Inputs [token][row] times the weights, [token][col]. Runs on the calling thread. */
export function integerProduct(host: Host, matrix: WasmMatrix, x: MvmInput, tokens: number): Int32Array {
  const { rows: k, cols: n } = matrix.plan.spec;
  const { arena, at: panels } = matrix.product();
  const { kernel } = host.kernel(arena, 'product', null, intFunctions);
  const [leftBytes, sumBytes] = intBytes({ m: tokens, k, n });
  const at = arena.take(leftBytes + sumBytes);
  const y = intProduct(kernel.product, arena.memory.buffer, { m: tokens, k, n, at, panels }, x);
  arena.free(at, leftBytes + sumBytes);
  return y;
}
