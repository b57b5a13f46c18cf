/** The part of WebAssembly's JavaScript interface that is used here, which the ECMAScript types leave out. */

export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  grow(pages: number): number;
}

/** A compiled module; it may be sent to other threads. */
export interface WasmModule {
  readonly [Symbol.toStringTag]?: string;
}

/** What a module exports. */
export type WasmFunction = (...args: number[]) => void;

export interface WasmEngine {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: { env: { memory: WasmMemory } },
  ) => { readonly exports: Record<string, WasmFunction> };
  readonly Memory: new (limits: { initial: number; maximum: number; shared: boolean }) => WasmMemory;
  validate(bytes: Uint8Array): boolean;
}

export const PAGE_BYTES = 65536;
/** The most that 32-bit addresses reach. */
export const MAX_PAGES = 65536;

/** The engine of this host, if it has one. */
export const wasmEngine = (): WasmEngine | undefined =>
  (globalThis as unknown as { WebAssembly?: WasmEngine }).WebAssembly;

/** Grows a memory to `bytes`. @throws RangeError beyond its maximum. */
export function growTo(memory: WasmMemory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
}
