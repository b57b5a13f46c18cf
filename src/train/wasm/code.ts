/** WebAssembly code as values: an expression or a statement is its bytes, so that kernels are composed like formulas (WebAssembly core 2.0, binary format; 128-bit SIMD). */

export type Code = readonly number[];
export type ValueType = 'i32' | 'f32' | 'v128';

/** A local variable of a kernel. */
export interface Local {
  readonly get: Code;
  readonly set: (value: Code) => Code;
  /** Adds a constant or an expression to an i32. */
  readonly step: (by: number | Code) => Code;
}

/** One function: parameters first, then locals, then `body`. */
export class Kernel {
  readonly params: ValueType[] = [];
  readonly locals: ValueType[] = [];
  body: Code = [];

  param(type: ValueType = 'i32'): Local {
    if (this.locals.length > 0) throw new Error('parameters come before locals');
    this.params.push(type);
    return local(this.params.length - 1);
  }

  local(type: ValueType = 'i32'): Local {
    this.locals.push(type);
    return local(this.params.length + this.locals.length - 1);
  }

  /** `count` addresses or counters as parameters. */
  ints(count: number): Local[] {
    return Array.from({ length: count }, () => this.param());
  }

  /** `count` vectors as locals. */
  vectors(count: number): Local[] {
    return Array.from({ length: count }, () => this.local('v128'));
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

export const select = (condition: Code, then: Code, otherwise: Code): Code => [
  ...then,
  ...otherwise,
  ...condition,
  0x1b,
];

// Integers.
export const int = (value: number): Code => [0x41, ...signed(value)];
export const iAdd = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
export const iSub = (a: Code, b: Code): Code => [...a, ...b, 0x6b];
export const iMul = (a: Code, b: Code): Code => [...a, ...b, 0x6c];
export const iAnd = (a: Code, b: Code): Code => [...a, ...b, 0x71];
export const iShl = (a: Code, by: number): Code => [...a, ...int(by), 0x74];
export const iShr = (a: Code, by: number): Code => [...a, ...int(by), 0x76];
export const isZero = (a: Code): Code => [...a, 0x45];
export const isLess = (a: Code, b: Code): Code => [...a, ...b, 0x48];
export const isMore = (a: Code, b: Code): Code => [...a, ...b, 0x4a];

// Memory: an address, an offset in bytes that costs nothing.
const access = (op: number, offset: number): Code => [0xfd, ...unsigned(op), 2, ...unsigned(offset)];
export const load = (at: Code, offset = 0): Code => [...at, ...access(0x00, offset)];
/** One float in all lanes. */
export const loadAll = (at: Code, offset = 0): Code => [...at, ...access(0x09, offset)];
/** One float in lane 0, zeros above. */
export const loadOne = (at: Code, offset = 0): Code => [...at, ...access(0x5c, offset)];
export const loadInt = (at: Code, offset = 0): Code => [...at, 0x28, 2, ...unsigned(offset)];
export const store = (at: Code, value: Code, offset = 0): Code => [...at, ...value, ...access(0x0b, offset)];
/** Lane 0 alone. */
export const storeOne = (at: Code, value: Code, offset = 0): Code => [
  ...at,
  ...value,
  ...access(0x5a, offset),
  0,
];
/** `vector` with one lane from memory. */
export const loadLane = (at: Code, vector: Code, lane: number): Code => [
  ...at,
  ...vector,
  ...access(0x56, 0),
  lane,
];

// Vectors of four floats.
const simd =
  (op: number) =>
  (...operands: readonly Code[]): Code => [...operands.flat(), 0xfd, ...unsigned(op)];
/** A float constant in all lanes. */
export const all = (value: number): Code => constant(new Uint8Array(new Float32Array(4).fill(value).buffer));
export const splat = simd(0x13);
export const add = simd(0xe4);
export const sub = simd(0xe5);
export const mul = simd(0xe6);
export const div = simd(0xe7);
export const sqrt = simd(0xe3);
export const abs = simd(0xe0);
export const neg = simd(0xe1);
/** As a < b ? a : b, the machine's own instruction. */
export const min = (a: Code, b: Code): Code => simd(0xea)(b, a);
export const max = (a: Code, b: Code): Code => simd(0xeb)(b, a);
/** To whole numbers, ties to even. */
export const nearest = simd(0x6a);
export const less = simd(0x43);
export const toInts = simd(0xf8);
export const toFloats = simd(0xfa);

// Bits, and vectors of four int32.
export const bitAnd = simd(0x4e);
export const bitOr = simd(0x50);
/** Lanes of `a` where `mask` is set, of `b` elsewhere. */
export const choose = (mask: Code, a: Code, b: Code): Code => simd(0x52)(a, b, mask);
export const lanes = (...values: readonly number[]): Code =>
  constant(new Uint8Array(Int32Array.from(values).buffer));
export const allInts = (value: number): Code => lanes(value, value, value, value);
export const splatInt = simd(0x11);
export const intAdd = simd(0xae);
export const intMul = simd(0xb5);
export const intShl = (a: Code, by: number): Code => simd(0xab)(a, int(by));
export const intShr = (a: Code, by: number): Code => simd(0xad)(a, int(by));
export const laneInt = (a: Code, lane: number): Code => [...a, 0xfd, 0x1b, lane];

/** Lanes 0 to 3 of `a`, 4 to 7 of `b`. */
export const shuffle = (a: Code, b: Code, ...from: readonly number[]): Code => [
  ...a,
  ...b,
  ...[0xfd, 0x0d, ...from.flatMap(lane => [0, 1, 2, 3].map(byte => 4 * lane + byte))],
];

/** The four lanes of `vector` combined, in all lanes. */
export function across(vector: Local, combine: (a: Code, b: Code) => Code): Code {
  const swap = (...from: number[]): Code => shuffle(vector.get, vector.get, ...from);
  return block(
    vector.set(combine(vector.get, swap(2, 3, 0, 1))),
    vector.set(combine(vector.get, swap(1, 0, 3, 2))),
  );
}

const constant = (bytes: Uint8Array): Code => [0xfd, 0x0c, ...bytes];

/** LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 128);
  }
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    if (rest >= -64 && rest < 64) return [...bytes, rest & 127];
    bytes.push((rest & 127) | 128);
  }
}
