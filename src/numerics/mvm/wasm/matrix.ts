/** A matrix in the memory of the wasm back end. */

import type { Arena } from '../../../wasm/arena.ts';
import type { MvmHandle } from '../backend.ts';
import type { MvmPlan } from '../spec.ts';
import type { MatrixLayout } from './block.ts';
import type { Converted, SumMode } from './value-bounds.ts';

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
  /** From here to `release` its memory stays, even if it is disposed of: for a run, from when it was asked for. */
  hold(): void;
  release(): void;
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
  let [users, disposed] = [0, false];
  const free = (): void => {
    if (cells !== undefined) cells.arena.free(cells.layout.cells, cells.bytes);
    if (product !== undefined) product.arena.free(product.at, product.bytes);
    cells = undefined;
    product = undefined;
  };
  const checkThere = (): void => {
    if (disposed && users === 0) throw new Error('a matrix that was disposed of is used');
  };
  return {
    plan,
    ideal: ideal !== undefined,
    get bytes() {
      return (cells?.bytes ?? 0) + (product?.bytes ?? 0) + (ideal?.byteLength ?? 0);
    },
    hold() {
      checkThere();
      users++;
    },
    release() {
      users--;
      if (disposed && users === 0) free();
    },
    async cells() {
      checkThere();
      if (typeof loaded === 'function') cells ??= await loaded();
      return cells!;
    },
    product() {
      checkThere();
      product ??= loadProduct(ideal!);
      return product;
    },
    dispose() {
      disposed = true;
      if (users === 0) free();
    },
  };
}

/** Calls `job`, which uses matrices that may be disposed of before it ends. */
export async function holding<T>(handles: readonly MvmHandle[], job: () => Promise<T>): Promise<T> {
  const matrices = handles.map(asWasmMatrix);
  const held: WasmMatrix[] = [];
  try {
    for (const matrix of matrices) {
      matrix.hold();
      held.push(matrix);
    }
    return await job();
  } finally {
    for (const matrix of held) matrix.release();
  }
}

/** A handle that this back end gave. */
export const asWasmMatrix = (handle: MvmHandle): WasmMatrix => handle as WasmMatrix;
