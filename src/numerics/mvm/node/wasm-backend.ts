/** The wasm back end on worker threads of Node. */
import type { MvmBackend } from '../backend.ts';
import { wasmBackend as withoutThreads } from '../wasm/backend.ts';
import { startThreads } from './threads.ts';

/** `threads` counts the calling one; default 1. @throws TrexError (usage) */
export const wasmBackend = ({ threads = 1 }: { readonly threads?: number } = {}): Promise<MvmBackend> =>
  withoutThreads({ threads, startThreads });
