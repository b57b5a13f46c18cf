/** The back end on gpu.js: GPUs and browsers, and its CPU modes as an independent second implementation. */

import { TrexError } from '../../../base/errors.ts';
import { log2 } from '../../../base/math.ts';
import type { StreamKey } from '../../../base/random.ts';
import type { NoiseModel } from '../../../tech/noise-model.ts';
import { planCells, planEffects } from '../arrays.ts';
import {
  checkRun,
  countRun,
  type MvmBackend,
  type MvmHandle,
  type MvmInput,
  type MvmRun,
} from '../backend.ts';
import { cellLevels } from '../levels.ts';
import { cellPlan } from '../merge.ts';
import { finishProgram } from '../program.ts';
import { matrixBytes, type ProgrammedMatrix } from '../programmed-matrix.ts';
import { readKeys, tokensPerGroup } from '../read-keys.ts';
import { EXACT_FLOAT32_LIMIT, type MvmPlan, type MvmSpec, planMvm } from '../spec.ts';
import { type Gpu, type GpuArray, type GpuKernel, type GpuMode, startGpu } from './gpu-js.ts';
import { mvmKernel } from './mvm-kernel.ts';
import { programKernel, stepKeys } from './program-kernel.ts';

/** Tokens of one kernel call: bounds the inputs, which are a float per plane. */
const CALL_TOKENS = 256;

export interface GpuBackend extends MvmBackend {
  /** `program` on the device: the same cells, bit for bit. Refuses what takes an exponential, by its name. */
  program(
    weights: ArrayLike<number>,
    spec: MvmSpec,
    noise: NoiseModel,
    key: StreamKey,
  ): Promise<ProgrammedMatrix>;
}

interface GpuMatrix extends MvmHandle {
  /** The kernel for calls of so many tokens. */
  kernel(tokens: number): GpuKernel;
}

/** `threads` only counts in mode webasm. Throws a `TrexError` (exit 4) where a mode that was asked for is not there. */
export async function gpuBackend(
  options: { readonly mode?: GpuMode | 'auto'; readonly threads?: number } = {},
): Promise<GpuBackend> {
  const { mode = 'auto', threads = 1 } = options;
  const gpu = await startGpu(mode, threads);
  return {
    name: 'gpu',
    info: { mode: gpu.mode, threads: gpu.mode === 'webasm' ? threads : 1, device: gpu.device },
    load: async matrix => loadMatrix(gpu, matrix),
    async run(run, out, stats) {
      const { handle, x, tokens } = run;
      checkRun(handle.plan, x, tokens, out);
      await runTokens(handle as GpuMatrix, run, out);
      countRun(handle.plan, tokens, stats);
    },
    program: (weights, spec, noise, key) => programOn(gpu, weights, spec, noise, key),
    dispose: () => gpu.destroy(),
  };
}

function loadMatrix(gpu: Gpu, matrix: ProgrammedMatrix): GpuMatrix {
  const { maxCode, blocks, spec, planeSpan, maxDigit, sumLimit } = matrix.plan;
  const squares = matrix.noise.kind === 'active' ? spec.arrayRows * maxDigit ** 2 : 0;
  if (sumLimit > EXACT_FLOAT32_LIMIT || squares >= EXACT_FLOAT32_LIMIT)
    throw new TrexError(
      `column sums of ${spec.arrayRows} rows with inputs of ${log2(maxDigit + 1)} bits a step overflow float32: fewer on the gpu back end`,
    );
  const largest = maxCode * planeSpan * blocks;
  if (largest >= EXACT_FLOAT32_LIMIT) {
    const rows = Math.floor((EXACT_FLOAT32_LIMIT - 1) / (maxCode * planeSpan)) * spec.arrayRows;
    throw new TrexError(
      `slice sums of ${spec.rows} rows overflow float32: at most ${rows} rows on the gpu back end`,
    );
  }
  const kernels = new Map<number, GpuKernel>();
  return {
    plan: matrix.plan,
    ideal: matrix.ideal !== undefined,
    bytes: matrixBytes(matrix),
    kernel(tokens) {
      const kernel = kernels.get(tokens) ?? gpu.kernel(mvmKernel(matrix, tokens));
      kernels.set(tokens, kernel);
      return kernel;
    },
    dispose() {
      for (const kernel of kernels.values()) kernel.destroy();
      kernels.clear();
    },
  };
}

async function runTokens(handle: GpuMatrix, { x, tokens, key }: MvmRun, out: Int32Array): Promise<void> {
  const { plan } = handle;
  const groupSize = tokensPerGroup(plan);
  for (let first = 0; first < tokens; ) {
    const group = Math.floor(first / groupSize);
    const last = Math.min(tokens, first + CALL_TOKENS, (group + 1) * groupSize);
    const keys = Float32Array.from(readKeys(plan, key, group));
    const bits = inputLevels(plan, x, first, last - first);
    const sums = await handle
      .kernel(last - first)
      .run(bits, { values: keys, size: [keys.length] }, first % groupSize);
    sums.forEach((slice, s) => {
      slice.forEach((row, token) => {
        out.set(row, (s * tokens + first + token) * plan.spec.cols);
      });
    });
    first = last;
  }
}

/** Levels of the planes, bits as 0 and 1, [token][block * arrayRows + row][plane]. */
function inputLevels(
  { spec, blocks, planes }: MvmPlan,
  x: MvmInput,
  first: number,
  tokens: number,
): GpuArray {
  const { rows, arrayRows } = spec;
  const width = blocks * arrayRows * planes.length;
  const values = new Float32Array(tokens * width);
  for (let token = 0; token < tokens; token++) {
    for (let row = 0; row < rows; row++) {
      const input = x[(first + token) * rows + row];
      const at = token * width + row * planes.length;
      for (const [plane, { shift, bits }] of planes.entries())
        values[at + plane] = (input >> shift) & (2 ** bits - 1);
    }
  }
  return { values, size: [width, tokens] };
}

async function programOn(
  gpu: Gpu,
  weights: ArrayLike<number>,
  spec: MvmSpec,
  noise: NoiseModel,
  key: StreamKey,
): Promise<ProgrammedMatrix> {
  const plan = planMvm(spec);
  const programmed = cellPlan(plan);
  const effects = planEffects(plan, noise);
  const cells = planCells(programmed, effects);
  const kernel = gpu.kernel(programKernel(cells, programmed));
  const { cols, arrayRows } = spec;
  const levels = {
    values: Float32Array.from(cellLevels(weights, programmed)),
    size: [cols, arrayRows, programmed.blocks * programmed.slices],
  };
  const arrays = await kernel.run(levels, stepKeys(programmed, cells, key));
  kernel.destroy();
  const g = new Int32Array(levels.values.length);
  arrays.forEach((array, a) => {
    array.forEach((row, r) => {
      g.set(row, (a * arrayRows + r) * cols);
    });
  });
  return finishProgram({ weights, plan, effects, cells, key }, g);
}
