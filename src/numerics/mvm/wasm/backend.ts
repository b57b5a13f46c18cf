/** The back end for CPUs: subset-sum tables in WebAssembly SIMD, emitted at run time, on one or more threads. */
import { EXIT, TrexError, usageError } from '../../../base/errors.ts';
import { finishedWith, turn } from '../../../base/turn.ts';
import { isIdeal, planCells, planEffects } from '../arrays.ts';
import { checkRun, countRun, type MatrixWeights, type MvmBackend } from '../backend.ts';
import { checkWeights } from '../levels.ts';
import { cellPlan } from '../merge.ts';
import { programSteps } from '../program.ts';
import { planMvm } from '../spec.ts';
import { floatProduct } from './float-product.ts';
import { Host } from './host.ts';
import { loadCells } from './load.ts';
import { asWasmMatrix, holding, type LoadedCells, wasmMatrix } from './matrix.ts';
import type { MvmPool } from './pool.ts';
import { integerProduct, loadProduct } from './product.ts';
import { programCells, programsInPlace } from './program.ts';
import { runScaled, runSlices } from './run.ts';

const MAX_THREADS = 256;
/** Arrays that are programmed in plain loops before signals are let in. */
const ARRAYS_BETWEEN_TURNS = 64;

/** Threads of the back end. */
export interface WasmOptions {
  /** Threads, the calling one among them; default 1. */
  readonly threads?: number;
  /** Starts so many others: on Node those of `mvm/node/threads.ts`. */
  readonly startThreads?: (count: number) => MvmPool;
}

/** @throws TrexError: a number of threads that cannot be (2), or more than one without a way to start them (4). */
export async function wasmBackend(options: WasmOptions = {}): Promise<MvmBackend> {
  const { threads = 1, startThreads } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
    throw usageError(`threads is a whole number from 1 to ${MAX_THREADS}, got ${threads}`);
  }
  if (threads > 1 && startThreads === undefined)
    throw new TrexError(`${threads} threads: nothing here can start any; use threads: 1`, EXIT.missing);
  const host = new Host(threads, threads > 1 ? startThreads?.(threads - 1) : undefined);
  return {
    name: 'wasm',
    info: { mode: 'simd', threads, device: 'cpu' },
    async load(matrix) {
      const { plan, ideal } = matrix;
      const load = (): Promise<LoadedCells> => loadCells(host, matrix);
      const cells = ideal === undefined ? await host.queue(load) : load;
      return wasmMatrix(plan, ideal, cells, weights => loadProduct(host, plan, weights));
    },
    async loadWeights(spec, noise, matrices, background = false) {
      const plan = planMvm(spec);
      for (const { weights, quantized } of matrices) if (!quantized) checkWeights(weights, plan);
      const effects = planEffects(plan, noise);
      const programming = { plan, effects, cells: planCells(cellPlan(plan), effects) };
      const inPlace = programsInPlace(programming);
      const ideal = isIdeal(plan, effects);
      let arrays = 0;
      const rest = async (): Promise<void> => {
        if (++arrays % ARRAYS_BETWEEN_TURNS === 0) await turn();
      };
      const load = async (some: readonly MatrixWeights[]): Promise<LoadedCells[]> => {
        if (inPlace) return await programCells(host, programming, some);
        const cells: LoadedCells[] = [];
        for (const { weights, key } of some) {
          cells.push(
            await loadCells(host, await finishedWith(programSteps(weights, spec, noise, key), rest)),
          );
        }
        return cells;
      };
      const now = (): Promise<LoadedCells[]> =>
        background && inPlace
          ? programCells(host, programming, matrices, true)
          : host.queue(() => load(matrices));
      // The cells of an ideal matrix are loaded when a run asks for them, which it hardly ever does.
      const cells = ideal ? undefined : await now();
      return matrices.map((one, i) =>
        wasmMatrix(
          plan,
          ideal ? Int16Array.from(one.weights) : undefined,
          cells?.[i] ?? (async () => (await load([one]))[0]),
          weights => loadProduct(host, plan, weights),
        ),
      );
    },
    async run(run, out, stats) {
      const { handle, x, tokens } = run;
      checkRun(handle.plan, x, tokens, out);
      await holding([handle], () => host.queue(() => runSlices(host, run, out)));
      countRun(handle.plan, tokens, stats);
    },
    async runScaled(runs, stats) {
      for (const { handle, x, tokens } of runs) checkRun(handle.plan, x, tokens);
      const handles = runs.map(({ handle }) => handle);
      const products = await holding(handles, () => host.queue(() => runScaled(host, runs)));
      for (const { handle, tokens } of runs) countRun(handle.plan, tokens, stats);
      return products;
    },
    async product(handle, x, tokens) {
      checkRun(handle.plan, x, tokens);
      return integerProduct(host, asWasmMatrix(handle), x, tokens);
    },
    floatProduct: (a, m, b, k, n) => host.queue(() => floatProduct(host, { a, m, b, k, n })),
    dispose: () => host.close(),
  };
}
