/** Runs the phases of training steps on all threads of a run, this one among them. */

import { usageError } from '../../base/errors.ts';
import { turn } from '../../base/turn.ts';
import { PAGE_BYTES, type WasmMemory, type WasmModule, wasmEngine } from '../../wasm/engine.ts';
import { instantiate } from '../../wasm/module.ts';
import type { ThreadPool } from '../../wasm/pool.ts';
import { macs } from '../../workload/count.ts';
import { checkTrainable } from '../network/classifier.ts';
import { gradientBlocks, type Layout, layoutOf, type TrainSpec } from '../network/layout.ts';
import { workspaceBytes } from '../network/plan.ts';
import { buildProgram, type Program } from '../network/program.ts';
import { compileKernels, type Kernels } from '../wasm/kernels.ts';
import { normalFloats } from '../wasm/noise.ts';
import { type Job, type Site, work } from './work.ts';

/** What a helper needs to build its own view of the run. */
export interface HelperStart {
  readonly layout: Layout;
  readonly module: WasmModule;
  readonly memory: WasmMemory;
}

/** Threads that help the calling one: they get the start, then run jobs. All share the counter of tasks. */
export type Helpers = ThreadPool<HelperStart, Job>;

/** Starts helpers 1 to `count`; see `node/threads.ts`. */
export type StartHelpers = (count: number) => Helpers;

/** About a tenth of a second. */
const MACS_BETWEEN_TURNS = 2 ** 27;

/** The memory of a run with views of its arrays, and its threads. */
export class Engine {
  readonly layout: Layout;
  readonly memory: ArrayBuffer | SharedArrayBuffer;
  readonly floats: Float32Array;
  readonly ints: Int32Array;
  readonly #site: Site;
  readonly #helpers: Helpers | undefined;
  /** Of a forward pass, and of all since signals were let in. */
  readonly #sampleMacs: number;
  #macs = 0;

  constructor(site: Site, helpers: Helpers | undefined) {
    this.layout = site.layout;
    this.memory = site.memory;
    this.floats = new Float32Array(site.memory);
    this.ints = new Int32Array(site.memory);
    this.#site = site;
    this.#helpers = helpers;
    this.#sampleMacs = site.layout.spec.graph.ops.reduce((sum, op) => sum + macs(op), 0);
  }

  /** The network of the calling thread. */
  get program(): Program {
    return this.#site.program;
  }

  /** A view of floats at an address. */
  view(at: number, count: number): Float32Array {
    return this.floats.subarray(at / 4, at / 4 + count);
  }

  /** The learned values. */
  get vector(): Float32Array {
    return this.view(this.layout.vector, this.layout.parameters.size);
  }

  /** Does a job on all threads. */
  async run(job: Job): Promise<void> {
    Atomics.store(this.ints, 0, 0);
    const others = this.#helpers?.run(job);
    try {
      for (const _ of work(this.#site, job)) {
        if (job.kind === 'train' || job.kind === 'evaluate') await this.#rest();
      }
    } finally {
      await others;
    }
  }

  /** After a chunk of samples: lets signals in now and then. */
  async #rest(): Promise<void> {
    this.#macs += this.layout.chunkSamples * this.#sampleMacs;
    if (this.#macs < MACS_BETWEEN_TURNS) return;
    this.#macs = 0;
    await turn();
  }

  /** Norm of the gradient that `reduce` left. */
  gradientNorm(): number {
    const { squares, parameters } = this.layout;
    let sum = 0;
    for (const square of this.view(squares, gradientBlocks(parameters.size))) sum += square;
    return Math.sqrt(sum);
  }

  async close(): Promise<void> {
    await this.#helpers?.close();
  }
}

/** @throws TrexError for a network that cannot be trained here, or too large a one. */
export async function startEngine(spec: TrainSpec, startHelpers?: StartHelpers): Promise<Engine> {
  checkTrainable(spec.graph);
  const grouped = spec.variation ? spec.graph.ops.find(op => op.kind === 'grouped') : undefined;
  if (grouped !== undefined)
    throw usageError(
      `training on crossbars does not know grouped layers: ${grouped.id}; train without variation`,
    );
  const alone = startHelpers === undefined || spec.threads === 1;
  const sized = { ...spec, threads: alone ? 1 : spec.threads };
  const layout = layoutOf(sized, workspaceBytes(layoutOf(sized, 0)));
  const module = compileKernels(!alone);
  const pages = Math.ceil(layout.bytes / PAGE_BYTES);
  const memory = new (wasmEngine()!.Memory)({ initial: pages, maximum: pages, shared: !alone });
  if (spec.variation) {
    const floats = new Float32Array(memory.buffer);
    floats.set(normalFloats(), layout.normals / 4);
    floats.fill(1, layout.ones / 4, layout.ones / 4 + layout.widest);
  }
  const start = { layout, module, memory };
  const helpers = alone ? undefined : startHelpers(sized.threads - 1);
  helpers?.tell(start);
  return new Engine(siteOf(start, 0), helpers);
}

/** A thread's own instance of the kernels and of the network. */
export function siteOf({ layout, module, memory }: HelperStart, thread: number): Site {
  const kernels = instantiate<Kernels>(module, memory);
  const { buffer } = memory;
  return { layout, memory: buffer, kernels, program: buildProgram(layout, buffer, kernels, thread) };
}
