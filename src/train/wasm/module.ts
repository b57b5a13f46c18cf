/** A WebAssembly module of kernels over one imported memory (WebAssembly core 2.0, binary format). */
import { type Kernel, unsigned, type ValueType } from './code.ts';

const TYPE_CODE: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };
const END = 0x0b;

/** The bytes of a module that imports `env.memory` and exports every kernel by its name. */
export function moduleBytes(
  kernels: Readonly<Record<string, Kernel>>,
  shared: boolean,
  maxPages: number,
): Uint8Array<ArrayBuffer> {
  const functions = Object.values(kernels);
  const types = functions.map(({ params }) => [0x60, ...vector(params.map(t => [TYPE_CODE[t]])), 0]);
  const memory = [...text('env'), ...text('memory'), 2, shared ? 3 : 1, 0, ...unsigned(maxPages)];
  const exports = Object.keys(kernels).map((name, i) => [...text(name), 0, ...unsigned(i)]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(2, vector([memory])),
    ...section(3, vector(functions.map((_, i) => unsigned(i)))),
    ...section(7, vector(exports)),
    ...section(10, vector(functions.map(functionBytes))),
  ]);
}

function functionBytes({ locals, body }: Kernel): number[] {
  const declared = locals.flatMap(type => [1, TYPE_CODE[type]]);
  const code = [...unsigned(locals.length), ...declared, ...body, END];
  return [...unsigned(code.length), ...code];
}

const section = (id: number, content: number[]): number[] => [id, ...unsigned(content.length), ...content];
const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];
const text = (word: string): number[] => vector([...word].map(letter => [letter.charCodeAt(0)]));
