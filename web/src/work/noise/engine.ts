/** Who computes the reads: WebAssembly, a GPU that has shown that its bits are right, or plain loops. */
import {
  gpuBackend,
  knowsAnswer,
  type MvmBackend,
  type MvmSpec,
  type MvmStats,
  program,
  referenceBackend,
  streamKey,
  TrexError,
  wasmBackend,
} from 'trex-sim';
import type { EngineAnswer, EngineName } from './protocol.ts';

const OPEN: Readonly<Record<EngineName, () => Promise<MvmBackend>>> = {
  wasm: () => wasmBackend(),
  gpu: () => gpuBackend({ mode: 'webgl2' }),
  reference: async () => referenceBackend(),
};
/** Plain loops need nothing: they come last. */
const ORDER: readonly EngineName[] = ['wasm', 'reference'];

/** Of the speed: arrays of the size of a layer of a small ViT, with read variation. */
const SPEC: MvmSpec = {
  rows: 128,
  cols: 128,
  arrayRows: 64,
  cellBits: 2,
  weightBits: 8,
  inputBits: 8,
  signedInput: false,
  encoding: 'offset',
  adc: { bits: 6, levelsPerLsb: 'full-scale' },
  strip: 16,
};
const TOKENS = 64;
/** Reads of `reference` are slow: a few are enough. */
const LEAST_MS = 60;

/** Cells read a second. */
async function speed(backend: MvmBackend): Promise<number> {
  const weights = Array.from({ length: SPEC.rows * SPEC.cols }, (_, i) => ((37 * i) % 255) - 127);
  const x = Uint8Array.from({ length: TOKENS * SPEC.rows }, (_, i) => (29 * i) % 256);
  const noise = { read: { kind: 'multiplicative', sigma: 0.1, when: 'device' } } as const;
  const handle = await backend.load(program(weights, SPEC, noise, streamKey(1, 'program')));
  const out = new Int32Array(handle.plan.slices * TOKENS * SPEC.cols);
  const run = { handle, x, tokens: TOKENS, key: streamKey(1, 'read') };
  // The first run compiles.
  await backend.run(run, out);
  const stats: MvmStats = { conversions: 0, cellMacs: 0 };
  const start = performance.now();
  do await backend.run(run, out, stats);
  while (performance.now() - start < LEAST_MS);
  const rate = (1000 * stats.cellMacs) / (performance.now() - start);
  handle.dispose();
  return rate;
}

/** The engine that runs; another one takes its place where it fails. */
export class Engine {
  #backend: MvmBackend | undefined;
  #name: EngineName = 'wasm';
  #notice = '';
  readonly #rates: Partial<Record<EngineName, number>> = {};
  /** Counts engines: what was prepared for another one is of no use. */
  generation = 0;

  /** Opens the best one on first use. */
  async backend(): Promise<MvmBackend> {
    if (this.#backend !== undefined) return this.#backend;
    let last: unknown;
    for (const name of ORDER)
      try {
        await this.#take(name);
        return this.#backend as unknown as MvmBackend;
      } catch (error) {
        last = error;
        this.#notice = `${name} does not run here: ${(error as Error).message}`;
      }
    throw last;
  }

  /** Asks for another one; where it does not run or has other bits, the one before goes on. */
  async choose(name: EngineName): Promise<EngineAnswer> {
    await this.backend();
    if (name !== this.#name || this.#rates[name] === undefined)
      try {
        await this.#take(name);
        this.#notice = '';
      } catch (error) {
        this.#notice = `${name} is not used: ${(error as Error).message}`;
      }
    return this.answer();
  }

  /** A run has failed: the next one begins with WebAssembly. False: it was that already. */
  fellBack(error: Error): boolean {
    if (this.#name !== 'gpu') return false;
    this.#backend?.dispose().catch(() => {});
    this.#backend = undefined;
    this.#notice = `the GPU was lost, WebAssembly goes on: ${error.message}`;
    return true;
  }

  answer(): EngineAnswer {
    const { mode = '', device = '' } = this.#backend?.info ?? {};
    const text = [mode, ...(device === 'cpu' || device === mode ? [] : [device])].join(', ');
    return {
      engine: this.#name,
      text: `${this.#name} (${text})`,
      notice: this.#notice,
      cellMacs_s: Object.assign({}, this.#rates),
    };
  }

  async #take(name: EngineName): Promise<void> {
    const backend = await OPEN[name]();
    try {
      if (!(await knowsAnswer(backend)))
        throw new TrexError(
          'its answer to a small product that is known differs, so its bits cannot be trusted',
        );
      this.#rates[name] ??= await speed(backend);
    } catch (error) {
      await backend.dispose().catch(() => {});
      throw error;
    }
    const before = this.#backend;
    this.#backend = backend;
    this.#name = name;
    this.generation++;
    await before?.dispose().catch(() => {});
  }
}
