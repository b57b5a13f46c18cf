/**
 * Programmed matrices in the memory of a back end, up to a budget. Runs visit layers in a fixed order, so what came first
 * stays and the rest is made anew each time: any other rule would throw out just what is needed next. The next ones are
 * loaded in the background while one is in use.
 */
import type { MvmHandle } from '../mvm/backend.ts';

/** The matrices of one layer. `background`: something else is waited for. */
export type Load = (background: boolean) => Promise<readonly MvmHandle[]>;

interface Entry {
  readonly load: Load;
  loading?: Promise<readonly MvmHandle[]> | undefined;
  /** Loaded, and kept from run to run. */
  kept?: readonly MvmHandle[] | undefined;
}

export class LoadedMatrices {
  readonly #budget_B: number;
  readonly #ahead: number;
  readonly #entries = new Map<string, Entry>();
  readonly #order: string[] = [];
  #used_B = 0;
  /** Of all that were added. */
  #expected_B = 0;

  /** `ahead`: how many are loaded in the background while one is in use; none where there is no background. */
  constructor(budget_B: number, ahead: number) {
    this.#budget_B = budget_B;
    this.#ahead = ahead;
  }

  /** Bytes that stay from run to run. */
  get used_B(): number {
    return this.#used_B;
  }

  /** Matrices of about so many bytes together that runs use, in the order in which they do. Its loading starts if there is room. */
  add(key: string, bytes: number, load: Load): void {
    const entry: Entry = { load };
    this.#entries.set(key, entry);
    this.#order.push(key);
    this.#expected_B += bytes;
    if (this.#ahead > 0 && this.#expected_B <= this.#budget_B) loadBehind(entry);
  }

  /** Calls `use` with the matrices of `key`, loaded unless they are still there. */
  async use<T>(key: string, use: (handles: readonly MvmHandle[]) => Promise<T>): Promise<T> {
    const entry = this.#entries.get(key)!;
    this.#loadAhead(key);
    if (entry.kept !== undefined) return await use(entry.kept);
    const handles = await (entry.loading ?? entry.load(false));
    entry.loading = undefined;
    const bytes = handles.reduce((sum, handle) => sum + handle.bytes, 0);
    if (this.#used_B + bytes <= this.#budget_B) {
      entry.kept = handles;
      this.#used_B += bytes;
      return await use(handles);
    }
    try {
      return await use(handles);
    } finally {
      dispose(handles);
    }
  }

  dispose(): void {
    for (const entry of this.#entries.values()) {
      dispose(entry.kept ?? []);
      entry.loading?.then(dispose, () => {});
      entry.kept = undefined;
      entry.loading = undefined;
    }
    this.#used_B = 0;
  }

  #loadAhead(key: string): void {
    const at = this.#order.indexOf(key);
    for (const next of this.#order.slice(at + 1, at + 1 + this.#ahead)) {
      loadBehind(this.#entries.get(next)!);
    }
  }
}

function loadBehind(entry: Entry): void {
  if (entry.kept !== undefined || entry.loading !== undefined) return;
  entry.loading = entry.load(true);
  // Whoever uses it is told.
  entry.loading.catch(() => {});
}

function dispose(handles: readonly MvmHandle[]): void {
  for (const handle of handles) handle.dispose();
}
