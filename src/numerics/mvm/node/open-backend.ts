/** The back end that the flags of a command name. */
import { availableParallelism } from 'node:os';
import { unknownName, usageError } from '../../../base/errors.ts';
import type { MvmBackend } from '../backend.ts';

/** Beyond these, threads wait for each other. */
const MOST_THREADS = 8;

/** Threads of a run that names no number: the cores of this machine, as far as they help. */
export const defaultThreads = (): number => Math.min(MOST_THREADS, availableParallelism());

/** Which back end, and how it runs. */
export interface BackendOptions {
  readonly backend: string;
  readonly gpuMode: string | undefined;
  readonly threads: number | undefined;
}

/** How each is opened, once its name is known to be one: its code is loaded only then. */
const OPENERS = {
  auto: openWasm,
  wasm: openWasm,
  gpu: openGpu,
  async reference({ threads }: BackendOptions) {
    if (threads !== undefined && threads !== 1) throw usageError('--backend reference has one thread');
    return (await import('../reference.ts')).referenceBackend();
  },
} as const satisfies Record<string, (options: BackendOptions) => Promise<MvmBackend>>;

/** Names of back ends. */
export const BACKENDS = Object.keys(OPENERS) as readonly (keyof typeof OPENERS)[];

/** `auto` is wasm on the cores of this machine: results do not depend on either. @throws TrexError (2, or 4 where it is not there). */
export async function openBackend(options: BackendOptions): Promise<MvmBackend> {
  const name = BACKENDS.find(known => known === options.backend);
  if (name === undefined) throw unknownName('back end', options.backend, BACKENDS);
  if (options.gpuMode !== undefined && name !== 'gpu') throw usageError('--gpu-mode needs --backend gpu');
  return OPENERS[name](options);
}

async function openWasm({ threads = defaultThreads() }: BackendOptions): Promise<MvmBackend> {
  checkThreads(threads);
  return (await import('./wasm-backend.ts')).wasmBackend({ threads });
}

async function openGpu({ gpuMode = 'auto', threads = 1 }: BackendOptions): Promise<MvmBackend> {
  checkThreads(threads);
  const [{ gpuBackend }, { GPU_MODES }] = await Promise.all([
    import('../gpu/backend.ts'),
    import('../gpu/gpu-js.ts'),
  ]);
  const modes = ['auto', ...GPU_MODES] as const;
  const mode = modes.find(m => m === gpuMode);
  if (mode === undefined) throw unknownName('gpu mode', gpuMode, modes);
  return gpuBackend({ mode, threads });
}

function checkThreads(threads: number): void {
  if (!Number.isInteger(threads) || threads < 1)
    throw usageError(`--threads ${threads}: expected a whole number of at least 1`);
}

/** "wasm (simd, 2 threads)". */
export function backendText({ name, info }: MvmBackend): string {
  const { mode, threads, device } = info;
  const where = device === 'cpu' ? '' : `, ${device}`;
  return `${name} (${mode}, ${threads} ${threads === 1 ? 'thread' : 'threads'}${where})`;
}
