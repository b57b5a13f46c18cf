/** Assembles and compiles the kernels of one matrix. */
import { EXIT, TrexError } from '../../../errors.ts';
import { assembleModule } from './assembler.ts';
import { type WasmMemory, type WasmModule, wasmEngine } from './engine.ts';
import { drawKernel } from './noise-kernel.ts';
import type { KernelShape } from './shape.ts';
import { sumKernel } from './sum-kernel.ts';
import { tableKernel } from './table-kernel.ts';
import type { Kernel } from './work.ts';

/** The most that 32-bit addresses reach. */
export const MAX_PAGES = 65536;
const DRAW = 0;

/** The bytes of a kernel module, a few kilobytes. */
export const kernelBytes = (shape: KernelShape, shared: boolean): Uint8Array<ArrayBuffer> =>
  assembleModule(
    [
      { build: drawKernel() },
      { name: 'build', build: tableKernel(shape, 4) },
      { name: 'buildSquares', build: tableKernel(shape, 2) },
      { name: 'sums', build: sumKernel(shape, DRAW) },
    ],
    shared,
    MAX_PAGES,
  );

/** Throws a `TrexError` where there is no WebAssembly with SIMD. */
export function compileKernel(shape: KernelShape, shared: boolean): WasmModule {
  const engine = wasmEngine();
  const bytes = kernelBytes(shape, shared);
  if (engine === undefined || !engine.validate(bytes)) {
    throw new TrexError('the wasm back end needs WebAssembly with SIMD: use another back end', EXIT.missing);
  }
  return new engine.Module(bytes);
}

/** The kernels of a module on a memory. */
export const instantiate = (module: WasmModule, memory: WasmMemory): Kernel =>
  new (wasmEngine()!.Instance)(module, { env: { memory } }).exports as unknown as Kernel;
