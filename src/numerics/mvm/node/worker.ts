/** One worker thread of the wasm back end: keeps the kernels of the matrices and works when told. */
import { parentPort } from 'node:worker_threads';
import { instantiate } from '../wasm/compile.ts';
import type { WasmMemory, WasmModule } from '../wasm/engine.ts';
import { type Job, type Kernel, work } from '../wasm/work.ts';

export type Message =
  | {
      readonly kind: 'load';
      readonly kernel: number;
      readonly module: WasmModule;
      readonly memory: WasmMemory;
    }
  | { readonly kind: 'unload'; readonly kernel: number }
  | { readonly kind: 'run'; readonly kernel: number; readonly job: Job; readonly thread: number };

export interface Reply {
  readonly error?: string;
}

const loaded = new Map<number, { kernel: Kernel; memory: WasmMemory }>();

parentPort?.on('message', (message: Message) => {
  if (message.kind === 'load') {
    loaded.set(message.kernel, {
      kernel: instantiate(message.module, message.memory),
      memory: message.memory,
    });
  } else if (message.kind === 'unload') {
    loaded.delete(message.kernel);
  } else {
    parentPort?.postMessage(run(message));
  }
});

function run({ kernel, job, thread }: Message & { kind: 'run' }): Reply {
  try {
    const entry = loaded.get(kernel)!;
    work(entry.kernel, job, thread, entry.memory.buffer);
    return {};
  } catch (error) {
    return { error: String(error) };
  }
}
