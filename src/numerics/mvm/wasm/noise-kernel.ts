/** Emits the counter generator (`hashCounter`) on four counters at a time, and the draw of normal numbers with it. */
import { FunctionBuilder } from './assembler.ts';

const ROUNDS = 7;
const MASK = [4095, 4095, 4095, 4095] as const;

/** Hashes the four counters in `left`: leaves the 12-bit halves in `left` and `right`. `keys` is the address of seven int32. */
export function emitHash(f: FunctionBuilder, left: number, right: number, t: number, keys: number): void {
  f.get(left);
  f.lanes(...MASK)
    .op('and')
    .set(right);
  f.get(left).i32(12).op('shr_u').set(left);
  let [l, r] = [left, right];
  for (let round = 0; round < ROUNDS; round++) {
    f.get(l, keys)
      .at('v128_load32_splat', 4 * round)
      .op('add');
    f.lanes(...MASK)
      .op('and')
      .set(t);
    // t t + t < 2^24, the square as a dot product of int16 pairs whose upper halves are zero.
    f.get(t, t).op('dot').get(t).op('add').i32(6).op('shr_u').get(r).op('add');
    f.lanes(...MASK)
      .op('and')
      .set(r);
    [l, r] = [r, l];
  }
  // An odd number of rounds leaves the halves exchanged.
  f.get(left).set(t).get(right).set(left).get(t).set(right);
}

/** draw(counters, keys, table) -> four normal integers, one hash each. */
export function drawKernel(): FunctionBuilder {
  const f = new FunctionBuilder(['v128', 'i32', 'i32'], ['v128']);
  const [left, keys, table] = [0, 1, 2];
  const [right, t, a, b] = f.locals('v128', 4);
  emitHash(f, left, right, t, keys);
  for (const [from, to] of [
    [left, a],
    [right, b],
  ]) {
    f.get(from).i32(2).op('shl').get(table).op('i32_splat', 'add').set(from);
    for (let lane = 0; lane < 4; lane++) {
      f.get(from).extractLane(lane).get(to).loadLane(lane).set(to);
    }
  }
  f.get(a, b).op('add');
  return f;
}
