/** Places in a memory: first fit, neighbours merged, whole cache lines. */
import { TrexError } from '../base/errors.ts';
import { growTo, MAX_PAGES, PAGE_BYTES, type WasmMemory, wasmEngine } from './engine.ts';

/** A cache line: no entry of a table crosses one, and vectors need less. */
const ALIGN = 64;

interface Gap {
  readonly start: number;
  readonly size: number;
}

/** Addresses alone, for a memory that need not be there yet. No address is 0: to the kernels that means none. */
export class AddressSpace {
  readonly #start: number;
  readonly #slack: number;
  /** Free places below `#end`, by address. */
  #gaps: Gap[] = [];
  #end: number;

  /** Places begin at `start`, with `slack` bytes behind each that a reader of whole vectors may touch. */
  constructor(start = ALIGN, slack = 0) {
    this.#start = Math.ceil(start / ALIGN) * ALIGN;
    this.#slack = slack;
    this.#end = this.#start;
  }

  /** Address of `bytes` free bytes. */
  allocate(bytes: number): number {
    const size = this.#sizeOf(bytes);
    const at = this.#gaps.findIndex(gap => gap.size >= size);
    if (at < 0) {
      this.#end += size;
      return this.#end - size;
    }
    const gap = this.#gaps[at];
    const rest = gap.size - size;
    this.#gaps.splice(at, 1, ...(rest > 0 ? [{ start: gap.start + size, size: rest }] : []));
    return gap.start;
  }

  /** Address of `count` free float32. */
  floats(count: number): number {
    return this.allocate(4 * count);
  }

  /** Gives back what `allocate` gave for so many bytes. */
  free(start: number, bytes: number): void {
    const size = this.#sizeOf(bytes);
    const after = this.#gaps.findIndex(gap => gap.start > start);
    const at = after < 0 ? this.#gaps.length : after;
    const [before, behind] = [this.#gaps[at - 1], this.#gaps[at]];
    const joinsBefore = before !== undefined && before.start + before.size === start;
    const joinsBehind = behind !== undefined && start + size === behind.start;
    const first = joinsBefore ? before.start : start;
    const end = joinsBehind ? behind.start + behind.size : start + size;
    const last = end === this.#end;
    this.#gaps.splice(
      joinsBefore ? at - 1 : at,
      (joinsBefore ? 1 : 0) + (joinsBehind ? 1 : 0),
      ...(last ? [] : [{ start: first, size: end - first }]),
    );
    if (last) this.#end = first;
  }

  /** Where everything in use has ended. */
  get end(): number {
    return this.#end;
  }

  /** Bytes in use. */
  get used(): number {
    return this.#end - this.#start - this.#gaps.reduce((sum, gap) => sum + gap.size, 0);
  }

  #sizeOf(bytes: number): number {
    return Math.max(1, Math.ceil((bytes + this.#slack) / ALIGN)) * ALIGN;
  }
}

/** A memory that grows as places in it are asked for, so that kernels are instantiated once for many. Bytes are not cleared. */
export class Arena {
  readonly memory: WasmMemory;
  readonly #space = new AddressSpace();
  readonly #full: string;

  /** `shared` between threads. `full`: what to tell the user when 4 GiB do not do. */
  constructor(shared: boolean, full: string) {
    const engine = wasmEngine();
    if (engine === undefined) throw new Error('an arena without WebAssembly');
    this.memory = new engine.Memory({ initial: 1, maximum: MAX_PAGES, shared });
    this.#full = full;
  }

  /** Address of `bytes` free bytes, or undefined if 4 GiB do not hold them beside the rest. */
  allocate(bytes: number): number | undefined {
    const at = this.#space.allocate(bytes);
    if (this.#reaches(this.#space.end)) return at;
    this.#space.free(at, bytes);
    return undefined;
  }

  /** As `allocate`. @throws TrexError where there is no room. */
  take(bytes: number): number {
    const at = this.allocate(bytes);
    if (at === undefined) throw new TrexError(this.#full);
    return at;
  }

  /** Gives back what `allocate` gave for so many bytes. */
  free(start: number, bytes: number): void {
    this.#space.free(start, bytes);
  }

  /** Bytes in use. */
  get used(): number {
    return this.#space.used;
  }

  #reaches(end: number): boolean {
    if (end > MAX_PAGES * PAGE_BYTES) return false;
    try {
      growTo(this.memory, end);
      return true;
    } catch {
      return false;
    }
  }
}
