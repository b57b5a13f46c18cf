/** The back end that the flags of a command name. */
import { availableParallelism } from 'node:os';
import { unknownName, usageError } from '../../../base/errors.ts';
import type { MvmBackend } from '../backend.ts';
import { referenceBackend } from '../reference.ts';
import { wasmBackend } from './wasm-backend.ts';

/** Beyond these, threads wait for each other. */
const MOST_THREADS = 8;

/** Threads of a run that names no number: the cores of this machine, as far as they help. */
export const defaultThreads = (): number => Math.min(MOST_THREADS, availableParallelism());

/** Back ends by their names on the command line; `auto` is wasm on the cores of this machine. */
export const BACKENDS = ['auto', 'wasm', 'gpu', 'reference'] as const;

/** Which back end computes reads, and with how many threads; undefined: as many as help. */
export interface BackendOptions {
  readonly backend: string;
  readonly gpuMode: string | undefined;
  readonly threads: number | undefined;
}

/** `auto` is wasm on the cores of this machine: results do not depend on either. @throws TrexError (2, or 4 where it is not there). */
export async function openBackend({ backend, gpuMode, threads }: BackendOptions): Promise<MvmBackend> {
  if (!(BACKENDS as readonly string[]).includes(backend)) throw unknownName('back end', backend, BACKENDS);
  if (gpuMode !== undefined && backend !== 'gpu') throw usageError('--gpu-mode needs --backend gpu');
  if (backend === 'reference') {
    if (threads !== undefined && threads !== 1) throw usageError('--backend reference has one thread');
    return referenceBackend();
  }
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1))
    throw usageError(`--threads ${threads}: expected a whole number of at least 1`);
  const count = threads ?? defaultThreads();
  if (backend !== 'gpu') return wasmBackend({ threads: count });
  // gpu.js is large, so its files are loaded only when they are asked for.
  const [{ gpuBackend }, { GPU_MODES }] = await Promise.all([
    import('../gpu/backend.ts'),
    import('../gpu/gpu-js.ts'),
  ]);
  const modes = ['auto', ...GPU_MODES] as const;
  const mode = modes.find(m => m === (gpuMode ?? 'auto'));
  if (mode === undefined) throw unknownName('gpu mode', gpuMode ?? '', modes);
  return gpuBackend({ mode, threads: threads ?? 1 });
}

/** "wasm (simd, 2 threads)". */
export function backendText({ name, info }: MvmBackend): string {
  const { mode, threads, device } = info;
  const where = device === 'cpu' ? '' : `, ${device}`;
  return `${name} (${mode}, ${threads} ${threads === 1 ? 'thread' : 'threads'}${where})`;
}
