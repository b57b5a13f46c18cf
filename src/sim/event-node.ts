/** How the event queue lays out an event in its buffer, and how it sorts runs: all events of one (tick, phase). */

/** Words (32 bit) of one node; words 0 and 1 hold its key, tick * 4 + phase, as a double. */
export const NODE_WORDS = 8;
/** Next event of the same run, 0 at its end. */
export const NEXT = 2;
export const HANDLER = 3;
export const ARG = 4;
/** In the head of a run with more than one event: its last event. */
export const TAIL = 5;
/** In the head of a run: the head of the next run of the bucket, 0 at the end. */
export const LINK = 6;

/** Word of the buffer that counts the steps of all walks along runs. */
export const STEPS = 10;

/** Up to here an insertion sort is faster than merging. */
const BLOCK = 16;

/** The last event of the run that starts at `head`. */
export const tailOf = (m: Int32Array, head: number): number => (m[head | NEXT] === 0 ? head : m[head | TAIL]);

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
  if (at !== 0 && f[at >> 1] === key) join(m, run, at);
  else m[run | LINK] = at;
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
        join(m, run, newer);
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

/** Appends the run `newer` to `older`, which takes its place in the list. */
function join(m: Int32Array, older: number, newer: number): void {
  m[tailOf(m, older) | NEXT] = newer;
  m[older | TAIL] = tailOf(m, newer);
  m[older | LINK] = m[newer | LINK];
}
