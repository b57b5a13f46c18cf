/** The float32 matrix product in WebAssembly SIMD, emitted at run time, on the calling thread. */
import { MAX_PAGES } from '../mvm/wasm/arena.ts';
import { assembleModule } from '../mvm/wasm/assembler.ts';
import { instantiate } from '../mvm/wasm/compile.ts';
import { PAGE_BYTES, wasmEngine } from '../mvm/wasm/engine.ts';
import { floatFunctions } from '../mvm/wasm/float-kernel.ts';
import {
  floatPanel,
  floatTask,
  PANEL,
  PANEL_BYTES,
  readProduct,
  writeOperands,
} from '../mvm/wasm/float-work.ts';

export type FloatKernel = (a: Float32Array, m: number, b: Float32Array, k: number, n: number) => Float32Array;

/** A kernel with its own memory, which grows to the largest product that it was given; null without WebAssembly SIMD. */
export function floatKernel(): FloatKernel | null {
  const engine = wasmEngine();
  const bytes = assembleModule(floatFunctions(), false, MAX_PAGES);
  if (engine === undefined || !engine.validate(bytes)) return null;
  const memory = new engine.Memory({ initial: 1, maximum: MAX_PAGES, shared: false });
  const kernel = instantiate(new engine.Module(bytes), memory);

  return (a, m, b, k, n) => {
    const { task, bytes: size } = floatTask(PANEL_BYTES, m, k, n);
    const missing = PANEL_BYTES + size - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    const { buffer } = memory;
    writeOperands(buffer, task, a, b);
    for (let panel = 0; panel * PANEL < n; panel++) floatPanel(kernel, buffer, task, panel, 0);
    return readProduct(buffer, task);
  };
}
