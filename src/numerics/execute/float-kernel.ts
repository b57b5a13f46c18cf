/** The float32 matrix product in WebAssembly SIMD, emitted at run time, on the calling thread. */
import { standalone } from '../../wasm/standalone.ts';
import {
  floatFunctions,
  floatPanel,
  floatTask,
  PACKED_BYTES,
  readProduct,
  writeOperands,
} from '../kernels/float-product.ts';
import { PANEL } from '../kernels/float-tile.ts';

export type FloatKernel = (a: Float32Array, m: number, b: Float32Array, k: number, n: number) => Float32Array;

/** A kernel with its own memory, which grows to the largest product that it was given; null without WebAssembly SIMD. */
export function floatKernel(): FloatKernel | null {
  const module = standalone(floatFunctions());
  if (module === null) return null;
  return (a, m, b, k, n) => {
    const { task, bytes } = floatTask(PACKED_BYTES, m, k, n);
    const buffer = module.reserve(PACKED_BYTES + bytes);
    writeOperands(buffer, task, a, b);
    for (let panel = 0; panel * PANEL < n; panel++) floatPanel(module.kernels, buffer, task, panel, 0);
    return readProduct(buffer, task);
  };
}
