/** WebAssembly modules over one imported memory (core specification 2.0, binary format): assembled, compiled, put on a memory. */
import { MAX_PAGES, type WasmFunction, type WasmMemory, type WasmModule, wasmEngine } from './engine.ts';
import type { FunctionBuilder } from './function-builder.ts';
import { unsigned } from './leb128.ts';

export interface ExportedFunction {
  /** Absent for a function that only others call. */
  readonly name?: string;
  readonly build: FunctionBuilder;
}

/** The bytes of a module that imports `env.memory`, `shared` between threads or not, and exports its functions. */
export function assembleModule(
  functions: readonly ExportedFunction[],
  shared: boolean,
): Uint8Array<ArrayBuffer> {
  const memory = [...text('env'), ...text('memory'), 2, shared ? 3 : 1, 0, ...unsigned(MAX_PAGES)];
  const exports = functions.flatMap(({ name }, index) =>
    name === undefined ? [] : [[...text(name), 0, ...unsigned(index)]],
  );
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(functions.map(({ build }) => build.type()))),
    ...section(2, vector([memory])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(exports)),
    ...section(10, vector(functions.map(({ build }) => build.bytes()))),
  ]);
}

/** Undefined where the host has no WebAssembly with SIMD. */
export function compileModule(
  functions: readonly ExportedFunction[],
  shared: boolean,
): WasmModule | undefined {
  const engine = wasmEngine();
  const bytes = assembleModule(functions, shared);
  return engine?.validate(bytes) ? new engine.Module(bytes) : undefined;
}

/** The functions of a module on a memory; `Exports` says which the module has. */
export const instantiate = <Exports extends Readonly<Record<keyof Exports, WasmFunction>>>(
  module: WasmModule,
  memory: WasmMemory,
): Exports => new (wasmEngine()!.Instance)(module, { env: { memory } }).exports as unknown as Exports;

const section = (id: number, content: number[]): number[] => [id, ...unsigned(content.length), ...content];
const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];
const text = (word: string): number[] => vector([...word].map(letter => [letter.charCodeAt(0)]));
