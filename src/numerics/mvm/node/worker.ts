/** One worker thread of the wasm back end: knows the memories and the kernels, and works when told. */
import { parentPort } from 'node:worker_threads';
import { instantiate } from '../wasm/compile.ts';
import type { WasmMemory, WasmModule } from '../wasm/engine.ts';
import type { PoolRun } from '../wasm/host.ts';
import { type Assignment, type Kernel, work } from '../wasm/work.ts';

/** Items after which patient work looks for other work: about a millisecond. */
const PATIENT_ITEMS = 32;

export interface RunMessage extends PoolRun {
  readonly kind: 'run';
  readonly id: number;
  readonly thread: number;
}

export type Message =
  | { readonly kind: 'join'; readonly memory: number; readonly on: WasmMemory }
  | { readonly kind: 'learn'; readonly kernel: number; readonly module: WasmModule }
  | { readonly kind: 'forget'; readonly kernel: number }
  | RunMessage;

export interface Reply {
  /** Of the run that ended. */
  readonly id: number;
  readonly error?: string;
}

const memories = new Map<number, WasmMemory>();
/** Modules, and their instances by memory. */
const kernels = new Map<number, { module: WasmModule; instances: Map<number, Kernel> }>();

parentPort?.on('message', (message: Message) => {
  if (message.kind === 'join') memories.set(message.memory, message.on);
  else if (message.kind === 'learn')
    kernels.set(message.kernel, { module: message.module, instances: new Map() });
  else if (message.kind === 'forget') kernels.delete(message.kernel);
  else run(message);
});

/** A run with what it works with: it keeps a kernel that is forgotten while it waits. */
interface Job {
  readonly id: number;
  readonly assignment: Assignment<Kernel>;
  readonly memory: WasmMemory;
  readonly thread: number;
}

/** Work that waits until there is nothing else, in the order in which it came. */
const patient: Job[] = [];

function run(message: RunMessage): void {
  const job = accept(message);
  if (job === undefined) return;
  if (!message.patient) answer(job, Number.POSITIVE_INFINITY);
  else if (patient.push(job) === 1) setImmediate(goOn);
}

function accept({ id, memory: number, bytes, assignment, thread }: RunMessage): Job | undefined {
  try {
    const memory = memories.get(number)!;
    // V8 misses growth between reading a memory's length and listening for growth: growing by nothing reads it anew.
    if (memory.buffer.byteLength < bytes) memory.grow(0);
    const pieces = assignment.pieces.map(({ kernel, task }) => ({
      kernel: kernelOn(kernel, number, memory),
      task,
    }));
    return { id, assignment: { ...assignment, pieces }, memory, thread };
  } catch (error) {
    reply({ id, error: String(error) });
    return undefined;
  }
}

/** Messages that have come in the meantime are handled before this is called again. */
function goOn(): void {
  if (answer(patient[0], PATIENT_ITEMS)) patient.shift();
  if (patient.length > 0) setImmediate(goOn);
}

/** Works on a run, and replies if there is no item left; whether it did. */
function answer({ id, memory, assignment, thread }: Job, most: number): boolean {
  try {
    if (!work(assignment, thread, memory.buffer, most)) return false;
    reply({ id });
  } catch (error) {
    reply({ id, error: String(error) });
  }
  return true;
}

const reply = (message: Reply): void => parentPort?.postMessage(message);

function kernelOn(id: number, number: number, memory: WasmMemory): Kernel {
  const { module, instances } = kernels.get(id)!;
  let kernel = instances.get(number);
  if (kernel === undefined) instances.set(number, (kernel = instantiate(module, memory)));
  return kernel;
}
