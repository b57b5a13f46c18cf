/** How the event queue lays out an event in its buffer, and how it sorts runs: all events of one (tick, phase). */

/**
 * Words (32 bit) of a node; words 0 and 1 hold its key, tick + phase / 4, as a double.
 * One object: V8 makes `const { NEXT } = NODE` a constant, but reads an imported constant at each use.
 */
export const NODE = {
  WORDS: 8,
  /** Next event of the same run, 0 at its end. */
  NEXT: 2,
  HANDLER: 3,
  ARG: 4,
  /** In the head of a run: its last event. */
  TAIL: 5,
  /** In the head of a run: the head of the next run of the bucket, 0 at the end. */
  LINK: 6,
} as const;

/** Words of the buffer. */
export const COUNTERS = {
  /** Steps of all walks along the runs of buckets. */
  STEPS: 20,
  /** The run that push() put an event into last, 0 when it is not known. */
  HINT: 21,
} as const;

const { NEXT, TAIL, LINK } = NODE;
const { STEPS } = COUNTERS;
/** Up to here an insertion sort is faster than merging. */
const BLOCK = 16;

/**
 * Sorts a list of runs by key and returns the new head; runs of one key become one.
 * The list comes newest first, so where keys are equal the later in the list goes first.
 */
export function sortRuns(m: Int32Array, f: Float64Array, list: number): number {
  let sorted = 0;
  let size = 0;
  // Sorted lists of growing age and falling size, as in a binary counter; a bucket rarely needs it.
  let parts: { head: number; size: number }[] | undefined;
  for (let run = list; run !== 0; ) {
    if (size === BLOCK) {
      parts ??= [];
      while (parts.length > 0 && parts[parts.length - 1].size <= size) {
        const newer = parts.pop()!;
        sorted = mergeRuns(m, f, sorted, newer.head);
        size += newer.size;
      }
      parts.push({ head: sorted, size });
      sorted = size = 0;
    }
    const next = m[run | LINK];
    sorted = insertOlder(m, f, sorted, run);
    size++;
    run = next;
  }
  while (parts !== undefined && parts.length > 0) sorted = mergeRuns(m, f, sorted, parts.pop()!.head);
  return sorted;
}

/** Puts a run into a sorted list of newer runs; returns the head. */
function insertOlder(m: Int32Array, f: Float64Array, list: number, run: number): number {
  const key = f[run >> 1];
  let before = 0;
  let at = list;
  let steps = 1;
  while (at !== 0 && f[at >> 1] < key) {
    before = at;
    at = m[at | LINK];
    steps++;
  }
  m[STEPS] += steps;
  if (at !== 0 && f[at >> 1] === key) {
    const after = m[at | LINK];
    joinRuns(m, run, at);
    m[run | LINK] = after;
  } else m[run | LINK] = at;
  if (before === 0) return run;
  m[before | LINK] = run;
  return list;
}

/** Merges two sorted lists. */
function mergeRuns(m: Int32Array, f: Float64Array, older: number, newer: number): number {
  let head = 0;
  let last = 0;
  while (older !== 0 && newer !== 0) {
    let run = older;
    if (f[newer >> 1] < f[older >> 1]) {
      run = newer;
      newer = m[newer | LINK];
    } else {
      older = m[older | LINK];
      if (f[newer >> 1] === f[run >> 1]) {
        const after = m[newer | LINK];
        joinRuns(m, run, newer);
        newer = after;
      }
    }
    if (last === 0) head = run;
    else m[last | LINK] = run;
    last = run;
  }
  const rest = older !== 0 ? older : newer;
  if (last === 0) return rest;
  m[last | LINK] = rest;
  return head;
}

/** Appends the run `newer` to the run `older`. */
export function joinRuns(m: Int32Array, older: number, newer: number): void {
  m[m[older | TAIL] | NEXT] = newer;
  m[older | TAIL] = m[newer | TAIL];
}

/** Strings runs together. */
export class RunList {
  readonly #m: Int32Array;
  #head = 0;
  #last = 0;

  constructor(m: Int32Array) {
    this.#m = m;
  }

  add(run: number): void {
    if (this.#last === 0) this.#head = run;
    else this.#m[this.#last | LINK] = run;
    this.#last = run;
  }

  /** Ends the list; returns its first run, 0 when there is none. */
  end(): number {
    if (this.#last !== 0) this.#m[this.#last | LINK] = 0;
    return this.#head;
  }
}

/** Threads a free list through the nodes from `from` to the end of the buffer; returns its head. */
export function chainNodes(m: Int32Array, from: number): number {
  for (let node = from; node < m.length; node += NODE.WORDS) m[node | NEXT] = node + NODE.WORDS;
  m[(m.length - NODE.WORDS) | NEXT] = 0;
  return from;
}
