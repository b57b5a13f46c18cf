/** One worker thread of the wasm back end: knows the memories and the kernels, and works when told. */
import { parentPort } from 'node:worker_threads';
import { instantiate } from '../wasm/compile.ts';
import type { WasmMemory, WasmModule } from '../wasm/engine.ts';
import { type Assignment, type Kernel, work } from '../wasm/work.ts';

/** Items after which patient work looks for other work: about a millisecond. */
const PATIENT_ITEMS = 32;

export interface RunMessage {
  readonly kind: 'run';
  readonly id: number;
  readonly memory: number;
  readonly assignment: Assignment<number>;
  readonly patient: boolean;
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

/** Work that waits until there is nothing else, in the order in which it came. */
const patient: RunMessage[] = [];

function run(message: RunMessage): void {
  if (!message.patient) {
    answer(message, Number.POSITIVE_INFINITY);
    return;
  }
  if (patient.push(message) === 1) setImmediate(goOn);
}

/** Messages that have come in the meantime are handled before this is called again. */
function goOn(): void {
  if (answer(patient[0], PATIENT_ITEMS)) patient.shift();
  if (patient.length > 0) setImmediate(goOn);
}

/** Works on a run, and replies if there is no item left; whether it did. */
function answer({ id, memory: number, assignment, thread }: RunMessage, most: number): boolean {
  try {
    const memory = memories.get(number)!;
    const pieces = assignment.pieces.map(({ kernel, task }) => ({
      kernel: kernelOn(kernel, number, memory),
      task,
    }));
    if (!work({ ...assignment, pieces }, thread, memory.buffer, most)) return false;
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
