/**
 * Programmed matrices in the memory of a back end, up to a budget. Runs visit layers in a fixed order, so what came first
 * stays and the rest is made anew each time: any other rule would throw out just what is needed next. The next ones are
 * loaded in the background while one is in use.
 */
import type { MvmHandle } from '../mvm/backend.ts';

/** `background`: something else is waited for. */
export type Load = (background: boolean) => Promise<MvmHandle>;

interface Entry {
  readonly load: Load;
  loading?: Promise<MvmHandle> | undefined;
  /** Loaded, and kept from run to run. */
  kept?: MvmHandle | undefined;
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

  /** A matrix of about so many bytes that runs use, in the order in which they do. Its loading starts if there is room. */
  add(key: string, bytes: number, load: Load): void {
    const entry: Entry = { load };
    this.#entries.set(key, entry);
    this.#order.push(key);
    this.#expected_B += bytes;
    if (this.#ahead > 0 && this.#expected_B <= this.#budget_B) loadBehind(entry);
  }

  /** Calls `use` with the matrix `key`, loaded unless it is still there. */
  async use<T>(key: string, use: (handle: MvmHandle) => Promise<T>): Promise<T> {
    const entry = this.#entries.get(key)!;
    this.#loadAhead(key);
    if (entry.kept !== undefined) return await use(entry.kept);
    const handle = await (entry.loading ?? entry.load(false));
    entry.loading = undefined;
    if (this.#used_B + handle.bytes <= this.#budget_B) {
      entry.kept = handle;
      this.#used_B += handle.bytes;
      return await use(handle);
    }
    try {
      return await use(handle);
    } finally {
      handle.dispose();
    }
  }

  dispose(): void {
    for (const entry of this.#entries.values()) {
      entry.kept?.dispose();
      entry.loading?.then(
        handle => handle.dispose(),
        () => {},
      );
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
