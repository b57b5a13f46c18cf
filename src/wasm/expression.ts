/** The same functions as formulas: an expression or a statement is the bytes of its instructions, so that they are composed like values. */
import { type Code, FunctionBuilder, type ValueType } from './function-builder.ts';
import { signed, unsigned } from './leb128.ts';
import { ACCESS, LANE_ACCESS, PLAIN, simd } from './opcodes.ts';

export type { Code } from './function-builder.ts';

/** A local variable of a kernel. */
export interface Local {
  readonly get: Code;
  readonly set: (value: Code) => Code;
  /** Adds a constant or an expression to an i32. */
  readonly step: (by: number | Code) => Code;
}

/** A function whose parameters and locals are `Local`s; its body is what is emitted. */
export class KernelBuilder extends FunctionBuilder {
  /** `count` addresses or counters as parameters. */
  args(count: number): Local[] {
    return this.#params('i32', count);
  }

  /** `count` floats as parameters. */
  scalars(count: number): Local[] {
    return this.#params('f32', count);
  }

  /** `count` addresses or counters as locals. */
  ints(count: number): Local[] {
    return this.locals('i32', count).map(local);
  }

  /** `count` vectors as locals. */
  vectors(count: number): Local[] {
    return this.locals('v128', count).map(local);
  }

  #params(type: ValueType, count: number): Local[] {
    return Array.from({ length: count }, () => local(this.param(type)));
  }
}

function local(index: number): Local {
  const get = [0x20, ...unsigned(index)];
  const set = (value: Code): Code => [...value, 0x21, ...unsigned(index)];
  const step = (by: number | Code): Code => set(iAdd(get, typeof by === 'number' ? int(by) : by));
  return { get, set, step };
}

// Control.
/** Statements one after another. */
export const block = (...codes: readonly Code[]): Code => codes.flat();

/** Runs `body` as often as `counter` says, which comes down to zero. */
export const times = (counter: Local, ...body: readonly Code[]): Code => [
  ...[0x02, 0x40, ...counter.get, 0x45, 0x0d, 0, 0x03, 0x40],
  ...body.flat(),
  ...counter.step(-1),
  ...[...counter.get, 0x0d, 0, 0x0b, 0x0b],
];

/** Runs `body` while `condition` (an i32) is not zero. */
export const whileTrue = (condition: Code, ...body: readonly Code[]): Code => [
  ...[0x02, 0x40, 0x03, 0x40, ...condition, 0x45, 0x0d, 1],
  ...body.flat(),
  ...[0x0c, 0, 0x0b, 0x0b],
];

export const when = (condition: Code, then: Code, otherwise: Code = []): Code => [
  ...[...condition, 0x04, 0x40],
  ...then,
  ...(otherwise.length > 0 ? [0x05, ...otherwise] : []),
  0x0b,
];

export const select = (condition: Code, then: Code, otherwise: Code): Code =>
  [then, otherwise, condition, [0x1b]].flat();

const unary =
  (name: keyof typeof PLAIN) =>
  (a: Code): Code => [...a, ...PLAIN[name]];
const binary =
  (name: keyof typeof PLAIN) =>
  (a: Code, b: Code): Code => [...a, ...b, ...PLAIN[name]];
/** By a constant. */
const shift =
  (name: keyof typeof PLAIN) =>
  (a: Code, by: number): Code => [...a, ...int(by), ...PLAIN[name]];

// Integers.
export const int = (value: number): Code => [0x41, ...signed(value)];
export const iAdd = binary('i32_add');
export const iSub = binary('i32_sub');
export const iMul = binary('i32_mul');
export const iAnd = binary('i32_and');
export const iShl = shift('i32_shl');
export const iShr = shift('i32_shr_u');
export const isLess = binary('i32_less');
export const isMore = binary('i32_more');

// Memory: an address, an offset in bytes that costs nothing.
const access = (name: keyof typeof ACCESS, offset: number): Code => [
  ...[...ACCESS[name].code, ACCESS[name].align],
  ...unsigned(offset),
];
const laneAccess = (name: keyof typeof LANE_ACCESS, offset: number, lane: number): Code => [
  ...[...LANE_ACCESS[name].code, LANE_ACCESS[name].align],
  ...[...unsigned(offset), lane],
];
export const load = (at: Code, offset = 0): Code => [...at, ...access('v128_load', offset)];
/** One float, or two int16, in all lanes. */
export const loadAll = (at: Code, offset = 0): Code => [...at, ...access('v128_load32_splat', offset)];
/** One float in lane 0, zeros above. */
export const loadOne = (at: Code, offset = 0): Code => [...at, ...access('v128_load32', offset)];
export const store = (at: Code, value: Code, offset = 0): Code => [
  ...at,
  ...value,
  ...access('v128_store', offset),
];
/** Lane 0 alone. */
export const storeOne = (at: Code, value: Code, offset = 0): Code => [
  ...at,
  ...value,
  ...laneAccess('v128_store_lane', offset, 0),
];
/** `vector` with one lane from memory. */
export const loadLane = (at: Code, vector: Code, lane: number): Code => [
  ...at,
  ...vector,
  ...laneAccess('v128_load_lane', 0, lane),
];

// Vectors of four floats.
/** A float constant in all lanes. */
export const all = (value: number): Code => constant(new Float32Array(4).fill(value));
export const splat = unary('f32_splat');
export const add = binary('f32_add');
export const sub = binary('f32_sub');
export const mul = binary('f32_mul');
export const div = binary('f32_div');
export const sqrt = unary('f32_sqrt');
export const abs = unary('f32_abs');
export const neg = unary('f32_neg');
/** As a < b ? a : b, the machine's own instruction. */
export const min = (a: Code, b: Code): Code => binary('f32_pmin')(b, a);
export const max = (a: Code, b: Code): Code => binary('f32_pmax')(b, a);
/** To whole numbers, ties to even. */
export const nearest = unary('f32_nearest');
export const less = binary('f32_less');
export const toInts = unary('i32_from_f32');
export const toFloats = unary('f32_from_i32');

// Bits, and vectors of four int32.
export const bitAnd = binary('and');
/** Lanes of `a` where `mask` is set, of `b` elsewhere. */
export const choose = (mask: Code, a: Code, b: Code): Code => [...a, ...b, ...mask, ...PLAIN.select];
export const lanes = (...values: readonly number[]): Code => constant(Int32Array.from(values));
export const allInts = (value: number): Code => lanes(value, value, value, value);
export const splatInt = unary('i32_splat');
export const intAdd = binary('add');
export const intMul = binary('mul');
/** Sums of the products of int16 pairs. */
export const dot = binary('dot');
export const intShl = shift('shl');
export const intShr = shift('shr_u');
export const laneInt = (a: Code, lane: number): Code => [...a, ...simd(0x1b), lane];

/** Lanes 0 to 3 of `a`, 4 to 7 of `b`. */
export const shuffle = (a: Code, b: Code, ...from: readonly number[]): Code => [
  ...a,
  ...b,
  ...[...simd(0x0d), ...from.flatMap(lane => [0, 1, 2, 3].map(byte => 4 * lane + byte))],
];

/** The four lanes of `vector` combined, in all lanes. */
export function across(vector: Local, combine: (a: Code, b: Code) => Code): Code {
  const swap = (...from: number[]): Code => shuffle(vector.get, vector.get, ...from);
  return block(
    vector.set(combine(vector.get, swap(2, 3, 0, 1))),
    vector.set(combine(vector.get, swap(1, 0, 3, 2))),
  );
}

const constant = (values: Int32Array | Float32Array): Code => [
  ...simd(0x0c),
  ...new Uint8Array(values.buffer),
];
