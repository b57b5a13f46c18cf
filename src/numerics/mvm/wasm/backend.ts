/** The back end for CPUs: subset-sum tables in WebAssembly SIMD, emitted for each matrix, on one or more threads. */
import { EXIT, TrexError, usageError } from '../../../errors.ts';
import type { StreamKey } from '../../../random.ts';
import { checkRun, countRun, type MvmBackend, type MvmHandle, type MvmInput } from '../backend.ts';
import type { ProgrammedMatrix } from '../programmed-matrix.ts';
import { readKeys, tokensPerGroup } from '../read-keys.ts';
import { compileKernel, instantiate, MAX_PAGES } from './compile.ts';
import { PAGE_BYTES, type WasmMemory, type WasmModule, wasmEngine } from './engine.ts';
import { fillMemory, growTo, type MemoryPlan, planMemory } from './layout.ts';
import { type IntegerProduct, integerProduct } from './product.ts';
import { packRecords } from './records.ts';
import { type GroupBits, type KernelShape, kernelShape, recordBytes } from './shape.ts';
import { type Job, type Kernel, work } from './work.ts';

/** Tokens of one pass: enough that the tables are cheap, few enough that their records stay in the cache. */
const PASS_TOKENS = 512;
/** Look-ups per table from which tables of 8 rows are worth their 256 entries. */
const LARGE_TABLES = 224;

/** The other threads of a pool; they share the memories of the matrices. */
export interface ThreadPool {
  load(kernel: number, module: WasmModule, memory: WasmMemory): void;
  /** Every thread works on the job until no item is left; `thread` numbers start at 1. */
  run(kernel: number, job: Job): Promise<void>;
  unload(kernel: number): void;
  close(): Promise<void>;
}

interface LoadedKernel {
  readonly id: number;
  readonly shape: KernelShape;
  readonly kernel: Kernel;
}

class WasmMatrix implements MvmHandle {
  readonly matrix: ProgrammedMatrix;
  readonly memory: WasmMemory;
  readonly plan: MemoryPlan;
  readonly kernels = new Map<GroupBits, LoadedKernel>();
  #product: IntegerProduct | undefined;
  readonly #pool: ThreadPool | undefined;

  constructor(matrix: ProgrammedMatrix, threads: number, pool: ThreadPool | undefined) {
    this.matrix = matrix;
    this.plan = planMemory(matrix, threads);
    this.#pool = pool;
    const engine = wasmEngine();
    if (engine === undefined) throw new TrexError('this host has no WebAssembly', EXIT.missing);
    const initial = Math.ceil(this.plan.runs / PAGE_BYTES) + 1;
    if (initial > MAX_PAGES)
      throw new TrexError('the matrix does not fit into 4 GiB of memory: cut its columns');
    this.memory = new engine.Memory({ initial, maximum: MAX_PAGES, shared: threads > 1 });
    fillMemory(this.memory, matrix, this.plan.layout);
  }

  /** The kernel for tables of `groupBits` rows, compiled when it is first used. */
  kernel(groupBits: GroupBits, newId: () => number): LoadedKernel {
    let loaded = this.kernels.get(groupBits);
    if (loaded === undefined) {
      const shape = kernelShape(this.matrix, groupBits);
      const module = compileKernel(shape, this.#pool !== undefined);
      loaded = { id: newId(), shape, kernel: instantiate(module, this.memory) };
      this.#pool?.load(loaded.id, module, this.memory);
      this.kernels.set(groupBits, loaded);
    }
    return loaded;
  }

  /** The integer product of an ideal matrix. */
  product(x: MvmInput, tokens: number): Int32Array {
    this.#product ??= integerProduct(this.matrix);
    return this.#product(x, tokens);
  }

  dispose(): void {
    for (const { id } of this.kernels.values()) this.#pool?.unload(id);
    this.kernels.clear();
  }
}

/** `threads` counts the calling one; more than one needs Node. */
export async function wasmBackend(options: { readonly threads?: number } = {}): Promise<MvmBackend> {
  const { threads = 1 } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > 256) {
    throw usageError(`threads is a whole number from 1 to 256, got ${threads}`);
  }
  const pool = threads > 1 ? await startPool(threads - 1) : undefined;
  let kernels = 0;
  const newId = (): number => kernels++;
  const queue = oneByOne();
  return {
    name: 'wasm',
    info: { mode: 'simd', threads, device: 'cpu' },
    load: async matrix => new WasmMatrix(matrix, threads, pool),
    async run(handle, x, tokens, key, out, stats) {
      checkRun(handle.matrix.plan, x, tokens, out);
      await queue(() => runTokens(handle as WasmMatrix, x, tokens, key, out, pool, newId));
      countRun(handle.matrix.plan, tokens, stats);
    },
    async product(handle, x, tokens) {
      checkRun(handle.matrix.plan, x, tokens);
      return (handle as WasmMatrix).product(x, tokens);
    },
    dispose: async () => pool?.close(),
  };
}

/** Runs share the threads and the memory behind a matrix, so a run waits for the one before it. */
function oneByOne(): (run: () => Promise<void>) => Promise<void> {
  let last = Promise.resolve();
  return run => {
    const result = last.then(run);
    last = result.catch(() => {});
    return result;
  };
}

/** Threads exist only in Node, so their file is loaded only when they are asked for. */
async function startPool(others: number): Promise<ThreadPool> {
  if (typeof process === 'undefined') throw new TrexError('threads need Node: use threads: 1', EXIT.missing);
  const { startThreads } = await import('../node/threads.ts');
  return startThreads(others);
}

async function runTokens(
  handle: WasmMatrix,
  x: MvmInput,
  tokens: number,
  key: StreamKey,
  out: Int32Array,
  pool: ThreadPool | undefined,
  newId: () => number,
): Promise<void> {
  const { plan } = handle.matrix;
  const groupSize = tokensPerGroup(plan);
  const groupBits = Math.min(tokens, PASS_TOKENS) * plan.spec.inputBits < LARGE_TABLES ? 4 : 8;
  const kernel = handle.kernel(groupBits, newId);
  for (let first = 0; first < tokens; ) {
    const group = Math.floor(first / groupSize);
    const last = Math.min(tokens, first + PASS_TOKENS, (group + 1) * groupSize);
    const job = prepare(handle, kernel.shape, x, first, last - first, readKeys(plan, key, group));
    const others = pool?.run(kernel.id, job);
    work(kernel.kernel, job, 0, handle.memory.buffer);
    await others;
    collect(handle, job, tokens, first, out);
    first = last;
  }
}

/** Lays out keys, records and slice sums behind the matrix, packs the inputs, and resets the work counter. */
function prepare(
  { matrix, memory, plan: { layout, runs } }: WasmMatrix,
  shape: KernelShape,
  x: MvmInput,
  first: number,
  tokens: number,
  keys: Int32Array,
): Job {
  const { plan } = matrix;
  const align = (address: number): number => Math.ceil(address / 64) * 64;
  const records = align(runs + keys.length * 4);
  const out = align(records + plan.blocks * tokens * shape.planes * recordBytes(shape));
  const sums = plan.slices * tokens * layout.paddedCols;
  growTo(memory, out + sums * 4);
  const { buffer } = memory;
  new Int32Array(buffer, runs, keys.length).set(keys);
  new Int32Array(buffer, out, sums).fill(0);
  packRecords(buffer, records, matrix, shape, x, first, tokens);
  Atomics.store(new Int32Array(buffer, 0, 1), 0, 0);
  const counter = (first % tokensPerGroup(plan)) * shape.planes * shape.strips;
  return { layout, shape, tokens, counter, keys: runs, records, out };
}

/** Copies the slice sums of a pass without the padding columns. */
function collect(
  { matrix, memory }: WasmMatrix,
  job: Job,
  tokens: number,
  first: number,
  out: Int32Array,
): void {
  const { slices, spec } = matrix.plan;
  const { paddedCols } = job.layout;
  const sums = new Int32Array(memory.buffer, job.out, slices * job.tokens * paddedCols);
  for (let slice = 0; slice < slices; slice++) {
    const to = (slice * tokens + first) * spec.cols;
    const from = slice * job.tokens * paddedCols;
    if (paddedCols === spec.cols) {
      out.set(sums.subarray(from, from + job.tokens * paddedCols), to);
      continue;
    }
    for (let token = 0; token < job.tokens; token++) {
      const start = from + token * paddedCols;
      out.set(sums.subarray(start, start + spec.cols), to + token * spec.cols);
    }
  }
}
