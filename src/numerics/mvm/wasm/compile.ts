/** Compiles kernels once per shape, and instantiates them once per memory. */
import { EXIT, TrexError } from '../../../base/errors.ts';
import type { Arena } from '../../../wasm/arena.ts';
import type { WasmModule } from '../../../wasm/engine.ts';
import { compileModule, type ExportedFunction, instantiate } from '../../../wasm/module.ts';
import type { Kernel } from './kernel.ts';
import type { MvmPool } from './pool.ts';

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
  readonly #pool: MvmPool | undefined;
  readonly #modules = new Map<string, Compiled>();
  /** Ids of the kernels that the other threads know. */
  readonly #taught = new Set<number>();
  #ids = 0;

  constructor(pool: MvmPool | undefined) {
    this.#pool = pool;
  }

  /** The functions that `emit` gives for a `shape`, on the memory of `arena`. */
  get(arena: Arena, name: string, shape: unknown, emit: () => readonly ExportedFunction[]): LoadedKernel {
    const key = `${name} ${JSON.stringify(shape)}`;
    const compiled = this.#modules.get(key) ?? this.#compile(key, emit());
    let kernel = compiled.instances.get(arena);
    if (kernel === undefined) {
      kernel = instantiate<Kernel>(compiled.module, arena.memory);
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
      this.#pool?.tell({ kind: 'learn', kernel: id, module });
      this.#taught.add(id);
    }
  }

  /** @throws TrexError where there is no WebAssembly with SIMD. */
  #compile(key: string, functions: readonly ExportedFunction[]): Compiled {
    if (this.#modules.size >= MAX_MODULES) {
      for (const id of this.#taught) this.#pool?.tell({ kind: 'forget', kernel: id });
      this.#taught.clear();
      this.#modules.clear();
    }
    const module = compileModule(functions, this.#pool !== undefined);
    if (module === undefined)
      throw new TrexError(
        'the wasm back end needs WebAssembly with SIMD: use another back end',
        EXIT.missing,
      );
    const compiled = { id: this.#ids++, module, instances: new Map<Arena, Kernel>() };
    this.#modules.set(key, compiled);
    return compiled;
  }
}
