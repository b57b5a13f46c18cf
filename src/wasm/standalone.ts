/** Kernels of the calling thread with a memory of their own, for products and sums that leave nothing there. */
import { growTo, MAX_PAGES, type WasmFunction, wasmEngine } from './engine.ts';
import { compileModule, type ExportedFunction, instantiate } from './module.ts';

export interface Standalone<Name extends string> {
  readonly kernels: Readonly<Record<Name, WasmFunction>>;
  /** The memory, grown to at least so many bytes; views of it before are void. */
  reserve(bytes: number): ArrayBuffer | SharedArrayBuffer;
}

/** Null without WebAssembly SIMD. */
export function standalone<Name extends string>(
  functions: readonly (ExportedFunction & { readonly name: Name })[],
): Standalone<Name> | null {
  const module = compileModule(functions, false);
  if (module === undefined) return null;
  const memory = new (wasmEngine()!.Memory)({ initial: 1, maximum: MAX_PAGES, shared: false });
  return {
    kernels: instantiate(module, memory),
    reserve(bytes) {
      growTo(memory, bytes);
      return memory.buffer;
    },
  };
}
