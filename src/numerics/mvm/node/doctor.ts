/** What runs on this machine: each back end and GPU mode computes a small noisy matrix, and is held against the reference. */
import { streamKey } from '../../../base/random.ts';
import type { NoiseModel } from '../../../tech/noise-model.ts';
import type { MvmBackend } from '../backend.ts';
import { GPU_MODES, type GpuMode } from '../gpu/gpu-js.ts';
import { program } from '../program.ts';
import { referenceBackend } from '../reference.ts';
import type { MvmSpec } from '../spec.ts';
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

const SPEC: MvmSpec = {
  rows: 24,
  cols: 6,
  arrayRows: 16,
  cellBits: 2,
  weightBits: 4,
  inputBits: 4,
  signedInput: false,
  encoding: 'offset',
  adc: { bits: 5, levelsPerLsb: 'full-scale' },
  strip: 16,
};
const NOISE: NoiseModel = {
  write: { kind: 'multiplicative', sigma: 0.2 },
  read: { kind: 'multiplicative', sigma: 0.1, when: 'read' },
};
const TOKENS = 3;

/** Opens all of them, one after another. */
export async function checkBackends(): Promise<BackendCheck[]> {
  const expected = await sums(referenceBackend());
  const plain = { gpuMode: undefined, threads: undefined };
  const checks = [await check('wasm', { ...plain, backend: 'wasm' }, expected)];
  for (const mode of GPU_MODES) {
    const one = await check(`gpu ${mode}`, { ...plain, backend: 'gpu', gpuMode: mode }, expected);
    checks.push(one.works ? one : { ...one, add: ADD[mode] });
  }
  return [{ name: 'reference', works: true, detail: backendText(referenceBackend()), add: null }, ...checks];
}

async function check(
  name: string,
  options: Parameters<typeof openBackend>[0],
  expected: Int32Array,
): Promise<BackendCheck> {
  let backend: MvmBackend | undefined;
  try {
    backend = await openBackend(options);
    const found = await sums(backend);
    const works = found.every((value, i) => value === expected[i]);
    const detail = `${backendText(backend)}${works ? '' : ': other bits than the reference'}`;
    return { name, works, detail, add: null };
  } catch (error) {
    return { name, works: false, detail: (error as Error).message, add: null };
  } finally {
    await backend?.dispose();
  }
}

/** The slice sums of the small matrix. */
async function sums(backend: MvmBackend): Promise<Int32Array> {
  const weights = Array.from({ length: SPEC.rows * SPEC.cols }, (_, i) => ((5 * i) % 16) - 8);
  const x = Uint8Array.from({ length: TOKENS * SPEC.rows }, (_, i) => (7 * i) % 16);
  const handle = await backend.load(program(weights, SPEC, NOISE, streamKey(1, 'program')));
  const out = new Int32Array(handle.plan.slices * TOKENS * SPEC.cols);
  await backend.run({ handle, x, tokens: TOKENS, key: streamKey(1, 'read') }, out);
  handle.dispose();
  return out;
}
