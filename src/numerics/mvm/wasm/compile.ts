/** Compiles kernels once per shape, and instantiates them once per memory. */
import { EXIT, TrexError } from '../../../base/errors.ts';
import { type Arena, MAX_PAGES } from './arena.ts';
import { assembleModule, type ExportedFunction } from './assembler.ts';
import { type WasmMemory, type WasmModule, wasmEngine } from './engine.ts';
import type { ThreadPool } from './host.ts';
import type { Kernel } from './work.ts';

/** Modules that are kept; beyond, all are compiled anew when they are needed. */
const MAX_MODULES = 256;

export interface LoadedKernel {
  readonly id: number;
  readonly module: WasmModule;
  readonly kernel: Kernel;
}

interface Compiled {
  readonly id: number;
  readonly module: WasmModule;
  readonly instances: Map<Arena, Kernel>;
}

export class Kernels {
  readonly #pool: ThreadPool | undefined;
  readonly #modules = new Map<string, Compiled>();
  /** Ids of the kernels that the other threads know. */
  readonly #taught = new Set<number>();
  #ids = 0;

  constructor(pool: ThreadPool | undefined) {
    this.#pool = pool;
  }

  /** The functions that `emit` gives for a `shape`, on the memory of `arena`. */
  get(arena: Arena, name: string, shape: unknown, emit: () => readonly ExportedFunction[]): LoadedKernel {
    const key = `${name} ${JSON.stringify(shape)}`;
    const compiled = this.#modules.get(key) ?? this.#compile(key, emit());
    let kernel = compiled.instances.get(arena);
    if (kernel === undefined) {
      kernel = instantiate(compiled.module, arena.memory);
      compiled.instances.set(arena, kernel);
    }
    return { id: compiled.id, module: compiled.module, kernel };
  }

  /**
   * Makes the other threads know the kernels of a run that follows at once. What else was compiled since they were asked
   * for may have thrown them out.
   */
  teach(kernels: readonly LoadedKernel[]): void {
    for (const { id, module } of kernels) {
      if (this.#taught.has(id)) continue;
      this.#pool?.learn(id, module);
      this.#taught.add(id);
    }
  }

  #compile(key: string, functions: readonly ExportedFunction[]): Compiled {
    if (this.#modules.size >= MAX_MODULES) {
      for (const id of this.#taught) this.#pool?.forget(id);
      this.#taught.clear();
      this.#modules.clear();
    }
    const module = compileModule(functions, this.#pool !== undefined);
    const compiled = { id: this.#ids++, module, instances: new Map<Arena, Kernel>() };
    this.#modules.set(key, compiled);
    return compiled;
  }
}

/** @throws TrexError where there is no WebAssembly with SIMD. */
function compileModule(functions: readonly ExportedFunction[], shared: boolean): WasmModule {
  const engine = wasmEngine();
  const bytes = assembleModule(functions, shared, MAX_PAGES);
  if (engine === undefined || !engine.validate(bytes)) {
    throw new TrexError('the wasm back end needs WebAssembly with SIMD: use another back end', EXIT.missing);
  }
  return new engine.Module(bytes);
}

/** The kernels of a module on a memory. */
export const instantiate = (module: WasmModule, memory: WasmMemory): Kernel =>
  new (wasmEngine()!.Instance)(module, { env: { memory } }).exports as unknown as Kernel;
