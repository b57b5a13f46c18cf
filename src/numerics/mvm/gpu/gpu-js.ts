/** The one place that knows gpu.js: starts it in a mode, runs kernels given as text, and says what really ran. */
import { EXIT, TrexError, unknownName } from '../../../base/errors.ts';

/** Modes of gpu.js that compute as the reference does. */
export const GPU_MODES = ['webgpu', 'webgl2', 'headlessgl', 'webasm', 'cpu'] as const;
/** A mode of gpu.js. */
export type GpuMode = (typeof GPU_MODES)[number];

/** Every GL device has textures of this width. */
const TEXTURE_WIDTH = 4096;

/** Numbers with the size of their innermost dimension first. */
export interface GpuArray {
  readonly values: Float32Array;
  readonly size: readonly number[];
}

export interface GpuKernelText {
  /** A function in the subset of JavaScript that gpu.js compiles. */
  readonly source: string;
  /** [x, y, z]. */
  readonly output: readonly [number, number, number];
  /** Arrays that stay on the device: `this.constants.<name>`. */
  readonly constants: Readonly<Record<string, GpuArray>>;
  readonly loopIterations: number;
}

export interface GpuKernel {
  /** The results [z][y][x]. */
  run(...args: (GpuArray | number)[]): Promise<Float32Array[][]>;
  destroy(): void;
}

export interface Gpu {
  readonly mode: GpuMode;
  readonly device: string;
  kernel(text: GpuKernelText): GpuKernel;
  destroy(): Promise<void>;
}

type GpuJs = typeof import('gpu.js');

/** Starts gpu.js in `mode`, or in the best one there is for `auto`. Throws a `TrexError` where the mode is not there. */
export async function startGpu(mode: GpuMode | 'auto', threads = 1): Promise<Gpu> {
  if (mode !== 'auto' && !GPU_MODES.includes(mode))
    throw unknownName('gpu mode', mode, [...GPU_MODES, 'auto']);
  const loaded: GpuJs & { readonly default?: GpuJs } = await import('gpu.js');
  // A bundler for browsers has a script of CommonJS whole, as the default.
  const js = loaded.GPU === undefined && loaded.default !== undefined ? loaded.default : loaded;
  const tried: readonly GpuMode[] = mode === 'auto' ? GPU_MODES : [mode];
  for (const candidate of tried) {
    const host = await probe(js, candidate, mode === 'auto');
    if (host !== undefined) return openGpu(js, candidate, host, threads);
  }
  throw new TrexError(`gpu.js cannot run in mode ${mode} here: ${NEEDS[mode as GpuMode]}`, EXIT.missing);
}

const NEEDS: Readonly<Record<GpuMode, string>> = {
  webgpu: 'it needs a WebGPU adapter (in Node the package webgpu)',
  webgl2: 'it needs a browser with WebGL 2',
  headlessgl: 'it needs the package gl and a display',
  webasm: 'it needs WebAssembly with SIMD',
  cpu: 'it needs nothing, so this is a fault of the installation',
};

/** A host that can run a mode: what it is, and what undoes the preparation. */
interface Host {
  readonly device: string;
  close(): Promise<void>;
}

async function probe({ GPU }: GpuJs, mode: GpuMode, realOnly: boolean): Promise<Host | undefined> {
  const plain: Host = { device: 'cpu', close: async () => {} };
  if (mode === 'cpu') return plain;
  if (mode === 'webasm') return GPU.isWebAssemblySupported ? plain : undefined;
  if (mode === 'headlessgl')
    return GPU.isHeadlessGLSupported ? { ...plain, device: 'headless-gl' } : undefined;
  if (mode === 'webgl2') return GPU.isWebGL2Supported ? { ...plain, device: 'webgl2' } : undefined;
  return probeWebGpu(realOnly);
}

interface WebGpuAdapter {
  readonly info?: { readonly vendor?: string; readonly architecture?: string; readonly description?: string };
}
interface WebGpuNavigator {
  readonly gpu?: { requestAdapter(): Promise<WebGpuAdapter | null> };
}

/** The browser's adapter, or in Node that of the optional package; `realOnly` leaves out adapters that run on the CPU. */
async function probeWebGpu(realOnly: boolean): Promise<Host | undefined> {
  const close = await provideNavigator();
  if (close === undefined) return undefined;
  const { navigator } = globalThis as unknown as { navigator: WebGpuNavigator };
  const adapter = await navigator.gpu!.requestAdapter().catch(() => null);
  const { vendor = '', architecture = '', description = '' } = adapter?.info ?? {};
  const device = [vendor, architecture, description].filter(word => word !== '').join(' ') || 'webgpu';
  if (adapter !== null && !(realOnly && /swiftshader|llvmpipe|lavapipe/i.test(device)))
    return { device, close };
  await close();
  return undefined;
}

/** By a name that no bundler sees: the package is not there for everybody, and has no types here. */
const optionalPackage = (name: string): Promise<unknown> => import(name).catch(() => undefined);

/** Makes sure that `navigator.gpu` is there; in Node a live one keeps the process from ending, so `close` takes it away. */
async function provideNavigator(): Promise<(() => Promise<void>) | undefined> {
  const scope = globalThis as unknown as { navigator?: WebGpuNavigator };
  if (scope.navigator?.gpu !== undefined) return async () => {};
  const dawn = (await optionalPackage('webgpu')) as
    | { create?: (flags: string[]) => object; globals?: object }
    | undefined;
  if (dawn?.create === undefined) return undefined;
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.assign(globalThis, dawn.globals);
  const value = { gpu: dawn.create([]) };
  Object.defineProperty(globalThis, 'navigator', { value, configurable: true, writable: true });
  return async () => {
    if (before === undefined) delete scope.navigator;
    else Object.defineProperty(globalThis, 'navigator', before);
  };
}

function openGpu(js: GpuJs, mode: GpuMode, host: Host, threads: number): Gpu {
  const gpu = new js.GPU({ mode: mode as 'cpu' });
  const input = ({ values, size }: GpuArray): object =>
    new js.Input(values as unknown as number[], size as [number]);
  return {
    mode,
    device: host.device,
    kernel({ source, output, constants, loopIterations }) {
      const shared = threads > 1 && mode === 'webasm';
      const kernel = gpu.createKernel(source, {
        output: foldable(output, mode),
        constants: Object.fromEntries(Object.entries(constants).map(([name, array]) => [name, input(array)])),
        precision: 'single',
        tactic: 'precision',
        ...(shared && { asyncMode: true, poolSize: threads }),
      });
      kernel.setLoopMaxIterations(loopIterations);
      const call = kernel as unknown as (...args: unknown[]) => unknown;
      return {
        async run(...args) {
          const words = args.map(arg => (typeof arg === 'number' ? arg : input(arg)));
          const result = (await call(...words)) as Float32Array[][];
          // A lost context gives zeros, and no error.
          if (kernel.kernel.context?.isContextLost?.() === true)
            throw new TrexError(`mode ${mode} of gpu.js: the context of the GPU is lost`, EXIT.missing);
          const reason = kernel.fallbackReason ?? kernel.kernel.fallbackReason;
          if (reason) throw new TrexError(`gpu.js fell back from mode ${mode}: ${reason}`, EXIT.missing);
          return result.slice(0, output[2]);
        },
        destroy: () => kernel.destroy(),
      };
    },
    async destroy() {
      await gpu.destroy();
      if (mode === 'webgpu') {
        const { WebGPUContext } = js as unknown as { WebGPUContext?: { destroy?(): unknown } };
        await WebGPUContext?.destroy?.();
      }
      await host.close();
    },
  };
}

/** GL keeps a result of one layer in a texture of its shape, which must not be too wide; two layers it folds to a square. */
function foldable([x, y, z]: GpuKernelText['output'], mode: GpuMode): number[] {
  const gl = mode === 'webgl2' || mode === 'headlessgl';
  return gl && z === 1 && x > TEXTURE_WIDTH ? [x, y, 2] : [x, y, z];
}
