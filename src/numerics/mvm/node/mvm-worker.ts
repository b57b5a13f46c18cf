/** One worker thread of the wasm back end: knows the memories and the kernels, and works when told. */
import type { WasmMemory, WasmModule } from '../../../wasm/engine.ts';
import { instantiate } from '../../../wasm/module.ts';
import { serveThread } from '../../../wasm/node/serve.ts';
import type { Kernel } from '../wasm/kernel.ts';
import type { MvmJob, MvmNote } from '../wasm/pool.ts';
import { work } from '../wasm/work.ts';

const memories = new Map<number, WasmMemory>();
/** Modules, and their instances by memory. */
const kernels = new Map<number, { module: WasmModule; instances: Map<number, Kernel> }>();

serveThread<MvmNote, MvmJob>(thread => ({
  note(note) {
    if (note.kind === 'join') memories.set(note.memory, note.on);
    else if (note.kind === 'learn') kernels.set(note.kernel, { module: note.module, instances: new Map() });
    else kernels.delete(note.kernel);
  },
  accept({ memory: number, bytes, assignment }) {
    const memory = memories.get(number)!;
    // V8 misses growth between reading a memory's length and listening for growth: growing by nothing reads it anew.
    if (memory.buffer.byteLength < bytes) memory.grow(0);
    const pieces = assignment.pieces.map(({ kernel, task }) => ({
      kernel: kernelOn(kernel, number, memory),
      task,
    }));
    return most => work({ ...assignment, pieces }, thread, memory.buffer, most);
  },
}));

function kernelOn(id: number, number: number, memory: WasmMemory): Kernel {
  const { module, instances } = kernels.get(id)!;
  let kernel = instances.get(number);
  if (kernel === undefined) instances.set(number, (kernel = instantiate<Kernel>(module, memory)));
  return kernel;
}
