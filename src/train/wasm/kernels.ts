/** All kernels of training in one module, and what a thread gets when it puts them on the shared memory. */
import { EXIT, TrexError } from '../../base/errors.ts';
import type { WasmFunction, WasmModule } from '../../wasm/engine.ts';
import { compileModule } from '../../wasm/module.ts';
import { elementwiseKernels } from './elementwise.ts';
import { gemmKernel } from './gemm.ts';
import { noiseKernels } from './noise.ts';
import { optimizerKernels } from './optimizer.ts';
import { packKernel, packTransposedKernel } from './pack.ts';
import { rowKernels } from './rows.ts';

const trainingKernels = () => ({
  gemm: gemmKernel('rows'),
  gemmColumns: gemmKernel('columns'),
  pack: packKernel(),
  packTransposed: packTransposedKernel(),
  ...elementwiseKernels(),
  ...rowKernels(),
  ...optimizerKernels(),
  ...noiseKernels(),
});

/** Functions by name; each file in this folder says what its arguments are. */
export type Kernels = Readonly<Record<keyof ReturnType<typeof trainingKernels>, WasmFunction>>;

/** Vectors of four that hold `count` floats. */
export const vectorsOf = (count: number): number => Math.ceil(count / 4);

/** @throws TrexError where there is no WebAssembly with SIMD. */
export function compileKernels(shared: boolean): WasmModule {
  const functions = Object.entries(trainingKernels()).map(([name, build]) => ({ name, build }));
  const module = compileModule(functions, shared);
  if (module === undefined) throw new TrexError('training needs WebAssembly with SIMD', EXIT.missing);
  return module;
}
