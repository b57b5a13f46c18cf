/** Programmed matrices in the memory of a back end, up to a budget. Runs visit layers in a fixed order, so what came first stays and the rest is made anew each time: any other rule would throw out just what is needed next. */
import type { MvmBackend, MvmHandle } from '../mvm/backend.ts';
import type { ProgrammedMatrix } from '../mvm/programmed-matrix.ts';

/** A back end holds its own copy of the conductances. */
const COPIES = 2;

export class LoadedMatrices {
  readonly #backend: MvmBackend;
  readonly #budget_B: number;
  readonly #handles = new Map<string, MvmHandle>();
  #used_B = 0;

  constructor(backend: MvmBackend, budget_B: number) {
    this.#backend = backend;
    this.#budget_B = budget_B;
  }

  /** Bytes that stay from run to run. */
  get used_B(): number {
    return this.#used_B;
  }

  /** Calls `use` with the matrix `key`, made by `make` unless it is still there. */
  async use<T>(
    key: string,
    make: () => ProgrammedMatrix,
    use: (handle: MvmHandle) => Promise<T>,
  ): Promise<T> {
    const kept = this.#handles.get(key);
    if (kept !== undefined) return await use(kept);
    const matrix = make();
    const size_B = COPIES * bytesOf(matrix);
    if (this.#used_B + size_B > this.#budget_B) return await this.useOnce(matrix, use);
    const handle = await this.#backend.load(matrix);
    this.#handles.set(key, handle);
    this.#used_B += size_B;
    return await use(handle);
  }

  /** Loads, uses and frees a matrix. */
  async useOnce<T>(matrix: ProgrammedMatrix, use: (handle: MvmHandle) => Promise<T>): Promise<T> {
    const handle = await this.#backend.load(matrix);
    try {
      return await use(handle);
    } finally {
      handle.dispose();
    }
  }

  dispose(): void {
    for (const handle of this.#handles.values()) handle.dispose();
    this.#handles.clear();
    this.#used_B = 0;
  }
}

/** Conductances, and their squares where read noise follows the cells. */
const bytesOf = ({ g, noise }: ProgrammedMatrix): number =>
  g.byteLength + ('squares' in noise ? noise.squares.byteLength : 0);
