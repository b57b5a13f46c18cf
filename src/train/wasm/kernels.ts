/** All kernels of training in one module, and what a thread gets when it puts them on the shared memory. */
import { EXIT, TrexError } from '../../base/errors.ts';
import { type WasmMemory, type WasmModule, wasmEngine } from '../../numerics/mvm/wasm/engine.ts';
import { elementwiseKernels } from './elementwise.ts';
import { gemmKernel } from './gemm.ts';
import { moduleBytes } from './module.ts';
import { noiseKernels } from './noise.ts';
import { optimizerKernels } from './optimizer.ts';
import { packKernel, packTransposedKernel } from './pack.ts';
import { rowKernels } from './rows.ts';

/** The most that 32-bit addresses reach. */
export const MAX_PAGES = 65536;

const NAMES = [
  ...['gemm', 'gemmColumns', 'pack', 'packTransposed'],
  ...['gelu', 'geluBackward', 'geluTanh', 'geluTanhBackward', 'relu', 'reluBackward', 'tanh', 'tanhBackward'],
  ...['addScaled', 'scale', 'quantize', 'straightThrough'],
  ...['layerNorm', 'layerNormBackward', 'softmax', 'softmaxBackward', 'columnSums'],
  ...['sumParts', 'squares', 'adamw'],
  ...['normals', 'columnPeaks', 'programWeights', 'addNoise', 'writeCells'],
] as const;

/** Functions by name; each file in this folder says what its arguments are. */
export type Kernels = Readonly<Record<(typeof NAMES)[number], (...args: number[]) => void>>;

/** @throws TrexError where there is no WebAssembly with SIMD. */
export function compileKernels(shared: boolean): WasmModule {
  const engine = wasmEngine();
  const bytes = moduleBytes(
    {
      gemm: gemmKernel('rows'),
      gemmColumns: gemmKernel('columns'),
      pack: packKernel(),
      packTransposed: packTransposedKernel(),
      ...elementwiseKernels(),
      ...rowKernels(),
      ...optimizerKernels(),
      ...noiseKernels(),
    },
    shared,
    MAX_PAGES,
  );
  if (engine === undefined || !engine.validate(bytes))
    throw new TrexError('training needs WebAssembly with SIMD', EXIT.missing);
  return new engine.Module(bytes);
}

/** The kernels of a module on a memory. */
export const kernelsOn = (module: WasmModule, memory: WasmMemory): Kernels =>
  new (wasmEngine()!.Instance)(module, { env: { memory } }).exports as unknown as Kernels;
