/** The integer matrix product in WebAssembly SIMD, emitted at run time, on the calling thread. */
import { standalone } from '../../wasm/standalone.ts';
import { type IntPanels, intBytes, intFunctions, intProduct } from '../kernels/int-product.ts';

export type IntKernel = (a: Int16Array, m: number, b: IntPanels) => Int32Array;

/** A kernel with its own memory, which grows to the largest product that it was given; null without WebAssembly SIMD. */
export function intKernel(): IntKernel | null {
  const module = standalone(intFunctions());
  if (module === null) return null;
  return (a, m, { k, n, data }) => {
    const [leftBytes, sumBytes] = intBytes({ m, k, n });
    const panels = leftBytes + sumBytes;
    const buffer = module.reserve(panels + data.byteLength);
    new Int16Array(buffer, panels, data.length).set(data);
    return intProduct(module.kernels.product, buffer, { m, k, n, at: 0, panels }, a);
  };
}
