/** Emits the counter generator (`hashCounter`) on four counters at a time, and the draws with it. */
import { FunctionBuilder } from '../../../wasm/function-builder.ts';

const ROUNDS = 7;
const MASK = [4095, 4095, 4095, 4095] as const;
const LANES = [0, 1, 2, 3];

/** A place for the halves of four counters; `t` is scratch. */
export interface HashLocals {
  readonly left: number;
  readonly right: number;
  readonly t: number;
}

/**
 * Hashes the four counters in `left` of each place: leaves the 12-bit halves in `left` and `right`. `keys` is the address
 * of seven int32. Several places are worked on side by side, because a round has to wait for the one before.
 */
export function emitHash(f: FunctionBuilder, places: readonly HashLocals[], keys: number, key: number): void {
  const masked = (from: number, to: number): void => {
    f.get(from)
      .lanes(...MASK)
      .op('and')
      .set(to);
  };
  for (const { left, right } of places) {
    masked(left, right);
    f.get(left).i32(12).op('shr_u').set(left);
  }
  let halves = places.map(({ left, right, t }) => ({ l: left, r: right, t }));
  for (let round = 0; round < ROUNDS; round++) {
    f.get(keys)
      .at('v128_load32_splat', 4 * round)
      .set(key);
    for (const { l, t } of halves) {
      f.get(l, key)
        .op('add')
        .lanes(...MASK)
        .op('and')
        .set(t);
    }
    // t t + t < 2^24, the square as a dot product of int16 pairs whose upper halves are zero. The halves themselves are
    // cut to 12 bits when they are used: until then they stay far below 2^31.
    for (const { r, t } of halves) {
      f.get(t, t).op('dot').get(t).op('add').i32(6).op('shr_u').get(r).op('add').set(r);
    }
    halves = halves.map(({ l, r, t }) => ({ l: r, r: l, t }));
  }
  // An odd number of rounds leaves the halves exchanged.
  for (const { left, right, t } of places) {
    masked(left, t);
    masked(right, left);
    f.get(t).set(right);
  }
}

/** draw(counter, keys, table) -> 16 normal integers in four vectors, for counters from `counter` on; `table` holds int32. */
export function drawKernel(): FunctionBuilder {
  const f = new FunctionBuilder(['i32', 'i32', 'i32'], ['v128', 'v128', 'v128', 'v128']);
  const [counter, keys, table] = f.params.keys();
  const places = LANES.map(() => ({ left: f.local('v128'), right: f.local('v128'), t: f.local('v128') }));
  const [key, base, a, b] = f.locals('v128', 4);
  for (const [i, { left }] of places.entries()) emitCounters(f, counter, i, left);
  emitHash(f, places, keys, key);
  f.get(table).op('i32_splat').set(base);
  for (const { left, right } of places) {
    for (const half of [left, right]) f.get(half).i32(2).op('shl').get(base).op('add').set(half);
    emitGather(f, left, a);
    emitGather(f, right, b);
    f.get(a, b).op('add');
  }
  return f;
}

/** The counters of the `i`-th four of 16 columns. */
export function emitCounters(f: FunctionBuilder, counter: number, i: number, to: number): void {
  f.get(counter)
    .op('i32_splat')
    .lanes(...lanesFrom(4 * i))
    .op('add')
    .set(to);
}

const lanesFrom = (first: number): [number, number, number, number] => [
  first,
  first + 1,
  first + 2,
  first + 3,
];

/** uniform(counters, keys) -> four 24-bit integers. */
export function uniformKernel(): FunctionBuilder {
  const f = new FunctionBuilder(['v128', 'i32'], ['v128']);
  const [left, keys] = f.params.keys();
  const [right, t, key] = f.locals('v128', 3);
  emitHash(f, [{ left, right, t }], keys, key);
  return f.get(left).i32(12).op('shl').get(right).op('or');
}

/** Loads the int32 at the four addresses in `from` into the lanes of `to`. */
export function emitGather(f: FunctionBuilder, from: number, to: number): void {
  for (const lane of LANES) f.get(from).extractLane(lane).get(to).loadLane(lane).set(to);
}
