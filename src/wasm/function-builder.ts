/** Writes one WebAssembly function instruction by instruction (core specification 2.0, binary format): operands go on the stack first, as in the text format. */
import { signed, unsigned } from './leb128.ts';
import { ACCESS, LANE_ACCESS, PLAIN, simd } from './opcodes.ts';

export type ValueType = 'i32' | 'f32' | 'v128';
/** Instructions as bytes. */
export type Code = readonly number[];

const TYPE_CODE: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };
const END = 0x0b;
const VOID = 0x40;

export class FunctionBuilder {
  readonly params: ValueType[];
  readonly results: readonly ValueType[];
  readonly #locals: ValueType[] = [];
  readonly #code: number[] = [];

  constructor(params: readonly ValueType[] = [], results: readonly ValueType[] = []) {
    this.params = [...params];
    this.results = results;
  }

  /** A new local variable; parameters come first. */
  local(type: ValueType): number {
    return this.params.length + this.#locals.push(type) - 1;
  }

  /** `count` new locals. */
  locals(type: ValueType, count: number): number[] {
    return Array.from({ length: count }, () => this.local(type));
  }

  /** One more parameter, as long as there are no locals. */
  protected param(type: ValueType): number {
    if (this.#locals.length > 0) throw new Error('parameters come before locals');
    return this.params.push(type) - 1;
  }

  /** Instructions that were written elsewhere. */
  emit(...codes: readonly Code[]): this {
    for (const code of codes) for (const byte of code) this.#code.push(byte);
    return this;
  }

  get(...locals: number[]): this {
    for (const local of locals) this.emit([0x20], unsigned(local));
    return this;
  }

  set(local: number): this {
    return this.emit([0x21], unsigned(local));
  }

  tee(local: number): this {
    return this.emit([0x22], unsigned(local));
  }

  i32(value: number): this {
    return this.emit([0x41], signed(value));
  }

  /** Moves a pointer or counter on by a constant. */
  advance(local: number, by: number): this {
    return this.get(local).i32(by).op('i32_add').set(local);
  }

  /** A constant of four int32 lanes. */
  lanes(...values: number[]): this {
    return this.#constant(Int32Array.from(values));
  }

  /** A constant of two float64 lanes. */
  doubles(value: number): this {
    return this.#constant(Float64Array.of(value, value));
  }

  op(...names: (keyof typeof PLAIN)[]): this {
    for (const name of names) this.emit(PLAIN[name]);
    return this;
  }

  /** A load or store at the address on the stack plus `offset`. */
  at(name: keyof typeof ACCESS, offset = 0): this {
    const { code, align } = ACCESS[name];
    return this.emit(code, [align], unsigned(offset));
  }

  /** Lanes 2 and 3 of a vector, as lanes 0 and 1. */
  upperHalf(of: number): this {
    return this.get(of, of).shuffle([8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]);
  }

  /** Lanes 0 and 1 of the two vectors on the stack. */
  lowerHalves(): this {
    return this.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);
  }

  /** Bytes 0 to 15 of the first vector on the stack and 16 to 31 of the second, as listed. */
  shuffle(bytes: readonly number[]): this {
    return this.emit(simd(0x0d), bytes);
  }

  /** Replaces a lane of the vector on the stack by the int32 in memory. */
  loadLane(lane: number, offset = 0): this {
    return this.#atLane('v128_load_lane', lane, offset);
  }

  /** The same for a lane of 64 bits. */
  loadLane64(lane: number, offset = 0): this {
    return this.#atLane('v128_load_lane64', lane, offset);
  }

  extractLane(lane: number): this {
    return this.emit(simd(0x1b), [lane]);
  }

  call(index: number): this {
    return this.emit([0x10], unsigned(index));
  }

  /** Runs `body` at least once, and again while the counter, which it leaves alone, has not come down to zero. */
  countDown(counter: number, body: () => void): this {
    this.emit([0x03, VOID]);
    body();
    return this.get(counter).i32(1).op('i32_sub').tee(counter).emit([0x0d, 0, END]);
  }

  /** A block that `leaveIfZero` can leave. */
  block(body: () => void): this {
    this.emit([0x02, VOID]);
    body();
    return this.emit([END]);
  }

  /** Leaves the innermost block if a local is zero. */
  leaveIfZero(local: number): this {
    return this.get(local).op('i32_eqz').emit([0x0d, 0]);
  }

  /** The function as the type section wants it. */
  type(): number[] {
    const list = (types: readonly ValueType[]): number[] => [
      ...unsigned(types.length),
      ...types.map(type => TYPE_CODE[type]),
    ];
    return [0x60, ...list(this.params), ...list(this.results)];
  }

  /** The function as the code section wants it. */
  bytes(): number[] {
    const locals = this.#locals.flatMap(type => [1, TYPE_CODE[type]]);
    const body = [...unsigned(this.#locals.length), ...locals, ...this.#code, END];
    return [...unsigned(body.length), ...body];
  }

  #constant(values: Int32Array | Float64Array): this {
    return this.emit(simd(0x0c), [...new Uint8Array(values.buffer)]);
  }

  #atLane(name: keyof typeof LANE_ACCESS, lane: number, offset: number): this {
    const { code, align } = LANE_ACCESS[name];
    return this.emit(code, [align], unsigned(offset), [lane]);
  }
}
