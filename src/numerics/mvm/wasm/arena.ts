/** A memory that many matrices share, so that a kernel is instantiated once per memory and thread: first fit, neighbours merged. */
import { TrexError } from '../../../base/errors.ts';
import { PAGE_BYTES, type WasmMemory, wasmEngine } from './engine.ts';

/** The most that 32-bit addresses reach. */
export const MAX_PAGES = 65536;
/** A cache line: no entry of a table crosses one. */
const ALIGN = 64;
/** No address is 0: to the kernels that means none. */
const FIRST = ALIGN;

interface Gap {
  readonly start: number;
  readonly size: number;
}

/** Bytes are not cleared. */
export class Arena {
  readonly memory: WasmMemory;
  /** Free places below `#end`, by address. */
  #gaps: Gap[] = [];
  #end = FIRST;

  /** `shared` between threads. */
  constructor(shared: boolean) {
    const engine = wasmEngine();
    if (engine === undefined) throw new Error('an arena without WebAssembly');
    this.memory = new engine.Memory({ initial: 1, maximum: MAX_PAGES, shared });
  }

  /** Address of `bytes` free bytes, or undefined if 4 GiB do not hold them beside the rest. */
  allocate(bytes: number): number | undefined {
    const size = sizeOf(bytes);
    const at = this.#gaps.findIndex(gap => gap.size >= size);
    if (at >= 0) {
      const gap = this.#gaps[at];
      const rest = gap.size - size;
      this.#gaps.splice(at, 1, ...(rest > 0 ? [{ start: gap.start + size, size: rest }] : []));
      return gap.start;
    }
    const start = this.#end;
    const missing = start + size - this.memory.buffer.byteLength;
    if (missing > 0 && !this.#grow(Math.ceil(missing / PAGE_BYTES))) return undefined;
    this.#end = start + size;
    return start;
  }

  /** As `allocate`. @throws TrexError where there is no room. */
  take(bytes: number): number {
    const at = this.allocate(bytes);
    if (at === undefined)
      throw new TrexError('the matrix and its inputs do not fit into 4 GiB of memory: cut the columns');
    return at;
  }

  /** Gives back what `allocate` gave for so many bytes. */
  free(start: number, bytes: number): void {
    const size = sizeOf(bytes);
    const after = this.#gaps.findIndex(gap => gap.start > start);
    const at = after < 0 ? this.#gaps.length : after;
    const [before, behind] = [this.#gaps[at - 1], this.#gaps[at]];
    const joinsBefore = before !== undefined && before.start + before.size === start;
    const joinsBehind = behind !== undefined && start + size === behind.start;
    const first = joinsBefore ? before.start : start;
    const end = joinsBehind ? behind.start + behind.size : start + size;
    const from = joinsBefore ? at - 1 : at;
    const replaced = (joinsBefore ? 1 : 0) + (joinsBehind ? 1 : 0);
    if (end === this.#end) {
      this.#gaps.splice(from, replaced);
      this.#end = first;
    } else {
      this.#gaps.splice(from, replaced, { start: first, size: end - first });
    }
  }

  /** Bytes in use. */
  get used(): number {
    return this.#end - FIRST - this.#gaps.reduce((sum, gap) => sum + gap.size, 0);
  }

  #grow(pages: number): boolean {
    if (this.memory.buffer.byteLength / PAGE_BYTES + pages > MAX_PAGES) return false;
    try {
      this.memory.grow(pages);
      return true;
    } catch {
      return false;
    }
  }
}

const sizeOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / ALIGN)) * ALIGN;
