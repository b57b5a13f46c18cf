/** What the other threads of the back end are told and asked to do. */
import type { WasmMemory, WasmModule } from '../../../wasm/engine.ts';
import type { ThreadPool } from '../../../wasm/pool.ts';
import type { Assignment } from './work.ts';

/** Memories and kernels have numbers. */
export type MvmNote =
  | { readonly kind: 'join'; readonly memory: number; readonly on: WasmMemory }
  | { readonly kind: 'learn'; readonly kernel: number; readonly module: WasmModule }
  | { readonly kind: 'forget'; readonly kernel: number };

/** A run keeps the kernels that it finds when it is told. */
export interface MvmJob {
  readonly memory: number;
  /** How long the memory is: a thread that was given it while it grew may not have noticed. */
  readonly bytes: number;
  readonly assignment: Assignment<number>;
}

/** The other threads of the back end. What they are told is between the two. */
export type MvmPool = ThreadPool<MvmNote, MvmJob>;
