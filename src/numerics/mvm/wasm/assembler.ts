/** A small WebAssembly assembler: functions with SIMD over one imported memory (WebAssembly core 2.0, binary format). */
import { ACCESS, PLAIN, simd, unsigned } from './opcodes.ts';

export type ValueType = 'i32' | 'v128';
const TYPE_CODE: Readonly<Record<ValueType, number>> = { i32: 0x7f, v128: 0x7b };
const END = 0x0b;
const VOID = 0x40;

/** The code of one function; operands go on the stack first, as in the text format. */
export class FunctionBuilder {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly #locals: ValueType[] = [];
  readonly #code: number[] = [];

  constructor(params: readonly ValueType[], results: readonly ValueType[] = []) {
    this.params = params;
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

  get(...locals: number[]): this {
    for (const local of locals) this.#code.push(0x20, ...unsigned(local));
    return this;
  }

  set(local: number): this {
    this.#code.push(0x21, ...unsigned(local));
    return this;
  }

  tee(local: number): this {
    this.#code.push(0x22, ...unsigned(local));
    return this;
  }

  i32(value: number): this {
    this.#code.push(0x41, ...signed(value));
    return this;
  }

  /** A constant of four int32 lanes. */
  lanes(...values: number[]): this {
    const bytes = new Uint8Array(Int32Array.from(values).buffer);
    this.#code.push(0xfd, 0x0c, ...bytes);
    return this;
  }

  op(...names: (keyof typeof PLAIN)[]): this {
    for (const name of names) this.#code.push(...PLAIN[name]);
    return this;
  }

  /** A load or store at the address on the stack plus `offset`. */
  at(name: keyof typeof ACCESS, offset = 0): this {
    const { code, align } = ACCESS[name];
    this.#code.push(...code, align, ...unsigned(offset));
    return this;
  }

  /** Lanes 2 and 3 of a vector, as lanes 0 and 1. */
  upperHalf(of: number): this {
    return this.get(of, of).shuffle([8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]);
  }

  /** Bytes 0 to 15 of the first vector on the stack and 16 to 31 of the second, as listed. */
  shuffle(bytes: readonly number[]): this {
    this.#code.push(...simd(0x0d), ...bytes);
    return this;
  }

  /** A constant of two float64 lanes. */
  doubles(value: number): this {
    this.#code.push(...simd(0x0c), ...new Uint8Array(Float64Array.of(value, value).buffer));
    return this;
  }

  /** Replaces a lane of the vector on the stack by the int32 in memory. */
  loadLane(lane: number, offset = 0): this {
    this.#code.push(...simd(0x56), 2, ...unsigned(offset), lane);
    return this;
  }

  /** The same for a lane of 64 bits. */
  loadLane64(lane: number, offset = 0): this {
    this.#code.push(...simd(0x57), 3, ...unsigned(offset), lane);
    return this;
  }

  extractLane(lane: number): this {
    this.#code.push(...simd(0x1b), lane);
    return this;
  }

  call(index: number): this {
    this.#code.push(0x10, ...unsigned(index));
    return this;
  }

  /** Runs `body` at least once, and again while the counter, which it leaves alone, has not come down to zero. */
  countDown(counter: number, body: () => void): this {
    this.#code.push(0x03, VOID);
    body();
    this.get(counter).i32(1).op('i32_sub').tee(counter);
    this.#code.push(0x0d, 0, END);
    return this;
  }

  /** A block that `leaveIfZero` can leave. */
  block(body: () => void): this {
    this.#code.push(0x02, VOID);
    body();
    this.#code.push(END);
    return this;
  }

  /** Leaves the innermost block if a local is zero. */
  leaveIfZero(local: number): this {
    this.get(local).op('i32_eqz');
    this.#code.push(0x0d, 0);
    return this;
  }

  /** The function as the code section wants it. */
  bytes(): number[] {
    const locals = this.#locals.flatMap(type => [1, TYPE_CODE[type]]);
    const body = [...unsigned(this.#locals.length), ...locals, ...this.#code, END];
    return [...unsigned(body.length), ...body];
  }
}

export interface ExportedFunction {
  /** Absent for a function that only others call. */
  readonly name?: string;
  readonly build: FunctionBuilder;
}

/** A module that imports `env.memory` and exports its functions. */
export function assembleModule(
  functions: readonly ExportedFunction[],
  shared: boolean,
  maxPages: number,
): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ build }) => [
    0x60,
    ...vector(build.params.map(type => [TYPE_CODE[type]])),
    ...vector(build.results.map(type => [TYPE_CODE[type]])),
  ]);
  const memory = [...text('env'), ...text('memory'), 0x02, shared ? 0x03 : 0x01, 0, ...unsigned(maxPages)];
  const exports = functions.flatMap(({ name }, index) =>
    name === undefined ? [] : [[...text(name), 0x00, ...unsigned(index)]],
  );
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(2, vector([memory])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(exports)),
    ...section(10, vector(functions.map(({ build }) => build.bytes()))),
  ]);
}

const section = (id: number, content: number[]): number[] => [id, ...unsigned(content.length), ...content];
const vector = (items: number[][]): number[] => [...unsigned(items.length), ...items.flat()];
const text = (word: string): number[] => vector([...word].map(letter => [letter.charCodeAt(0)]));

/** LEB128 of a signed number. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    if (rest >= -64 && rest < 64) return [...bytes, rest & 127];
    bytes.push((rest & 127) | 128);
  }
}
