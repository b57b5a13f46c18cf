/** What runs on this machine: each back end and GPU mode computes a small noisy matrix, and is held against the reference. */
import type { MvmBackend } from '../backend.ts';
import { GPU_MODES, type GpuMode } from '../gpu/gpu-js.ts';
import { knowsAnswer } from '../known-answer.ts';
import { referenceBackend } from '../reference.ts';
import { backendText, openBackend } from './open-backend.ts';

/** One back end, or one mode of GPU.js. */
export interface BackendCheck {
  /** "wasm", "gpu webgpu". */
  readonly name: string;
  /** It ran, and gave the bits of the reference. */
  readonly works: boolean;
  /** What ran, or why nothing did. */
  readonly detail: string;
  /** How to have what is not here; null where there is nothing to add. */
  readonly add: string | null;
}

/** What GPU.js uses where it is installed; the rest of it comes with the package. */
const ADD: Readonly<Record<GpuMode, string | null>> = {
  webgpu: 'npm install webgpu@0.4.0; needs Vulkan, Metal or D3D 12',
  webgl2: 'import trex-sim in a browser',
  headlessgl: 'npm install gl (it compiles); needs an X display',
  webasm: null,
  cpu: null,
};

/** Opens all of them, one after another. */
export async function checkBackends(): Promise<BackendCheck[]> {
  const plain = { gpuMode: undefined, threads: undefined };
  const checks = [await check('wasm', { ...plain, backend: 'wasm' })];
  for (const mode of GPU_MODES) {
    const one = await check(`gpu ${mode}`, { ...plain, backend: 'gpu', gpuMode: mode });
    checks.push(one.works ? one : { ...one, add: ADD[mode] });
  }
  return [{ name: 'reference', works: true, detail: backendText(referenceBackend()), add: null }, ...checks];
}

async function check(name: string, options: Parameters<typeof openBackend>[0]): Promise<BackendCheck> {
  let backend: MvmBackend | undefined;
  try {
    backend = await openBackend(options);
    const works = await knowsAnswer(backend);
    const detail = `${backendText(backend)}${works ? '' : ': other bits than the reference'}`;
    return { name, works, detail, add: null };
  } catch (error) {
    return { name, works: false, detail: (error as Error).message, add: null };
  } finally {
    await backend?.dispose();
  }
}
