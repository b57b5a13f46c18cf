/** A matrix in the memory of the wasm back end. */
import type { MvmHandle } from '../backend.ts';
import type { MvmPlan } from '../spec.ts';
import type { Arena } from './arena.ts';
import type { Converted, SumMode } from './reach.ts';
import type { MatrixLayout } from './work.ts';

/** Cells, and what their conversions need. */
export interface LoadedCells {
  readonly arena: Arena;
  readonly layout: MatrixLayout;
  readonly bytes: number;
  readonly converted: Converted;
  readonly mode: SumMode;
}

/** Weights of an ideal matrix for the integer product. */
export interface LoadedWeights {
  readonly arena: Arena;
  readonly at: number;
  readonly bytes: number;
}

export interface WasmMatrix extends MvmHandle {
  /** Loaded when they are first asked for. Inside a queued job. */
  cells(): Promise<LoadedCells>;
  /** Only of an ideal matrix. */
  product(): LoadedWeights;
}

/**
 * `ideal`: the integer weights of an ideal matrix, which may never need its cells; they are `loaded` when a run asks for
 * them, which it hardly ever does.
 */
export function wasmMatrix(
  plan: MvmPlan,
  ideal: Int16Array | undefined,
  loaded: LoadedCells | (() => Promise<LoadedCells>),
  loadProduct: (weights: Int16Array) => LoadedWeights,
): WasmMatrix {
  let cells = typeof loaded === 'function' ? undefined : loaded;
  let product: LoadedWeights | undefined;
  return {
    plan,
    ideal: ideal !== undefined,
    get bytes() {
      return (cells?.bytes ?? 0) + (product?.bytes ?? 0) + (ideal?.byteLength ?? 0);
    },
    async cells() {
      if (typeof loaded === 'function') cells ??= await loaded();
      if (cells === undefined) throw new Error('a matrix that was disposed of is used');
      return cells;
    },
    product() {
      product ??= loadProduct(ideal!);
      return product;
    },
    dispose() {
      if (cells !== undefined) cells.arena.free(cells.layout.cells, cells.bytes);
      if (product !== undefined) product.arena.free(product.at, product.bytes);
      cells = undefined;
      product = undefined;
    },
  };
}

/** A handle that this back end gave. */
export const own = (handle: MvmHandle): WasmMatrix => handle as WasmMatrix;
